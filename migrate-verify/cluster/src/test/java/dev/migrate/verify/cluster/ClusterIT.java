package dev.migrate.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A short run on a real database; {@code migrate-verify/cluster/run} is the long one. */
class ClusterIT {
    static final List<DatabaseServer> SERVERS = DatabaseServer.all();
    static final Options SHORT =
            Options.standard().withLength(Duration.ofSeconds(25), 1).withLoad(2_000, 4, 60);

    @TempDir
    Path directory;

    @ParameterizedTest
    @FieldSource("SERVERS")
    void noAcknowledgedWriteIsLost_whenNodesAreKilledAndStopped(DatabaseServer server) throws Exception {
        ClusterReport report = ClusterRun.items(SHORT.on(server.product()), directory);
        assertThat(report.ran().kills()).isGreaterThanOrEqualTo(3);
        assertThat(report.ran().killsInside()).isPositive();
        assertThat(report.ran().stops()).isPositive();
        assertThat(report.ran().walks()).isPositive();
        assertThat(report.acknowledgedWrites()).isGreaterThan(500);
        assertThat(report.verdict().lost()).as("lost").isEmpty();
        assertThat(report.verdict().lostOnShadow()).as("lost on the target").isEmpty();
        assertThat(report.verdict().diverged()).as("diverged").isEmpty();
        assertThat(report.verdict().violations()).as("not linearizable").isEmpty();
        assertThat(report.isClean()).as(String.join("\n", report.lines())).isTrue();
    }
}
