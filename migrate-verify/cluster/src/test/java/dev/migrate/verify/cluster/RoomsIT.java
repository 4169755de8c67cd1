package dev.migrate.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A short run with constraints, cascades and triggers; {@code migrate-verify/cluster/run --workload constraints} is the long one. */
class RoomsIT {
    static final List<DatabaseServer> SERVERS = DatabaseServer.all();
    static final Options SHORT = Options.standard()
            .of(Workload.CONSTRAINTS)
            .withLength(Duration.ofSeconds(20), 1)
            .withLoad(60, 6, 25);

    @TempDir
    Path directory;

    @ParameterizedTest
    @FieldSource("SERVERS")
    void bothSidesAreEqualAndNothingIsParked_whenNodesAreKilledAndStopped(DatabaseServer server) throws Exception {
        RoomReport report = ClusterRun.rooms(SHORT.on(server.product()), directory);
        String shown = String.join("\n", report.lines());
        assertThat(report.ran().kills()).isGreaterThanOrEqualTo(3);
        assertThat(report.ran().stops()).isPositive();
        assertThat(report.ran().walks()).isPositive();
        assertThat(report.swaps()).as(shown).isGreaterThan(50);
        assertThat(report.cascaded()).as(shown).isGreaterThan(20);
        assertThat(report.deletedInBulk()).as(shown).isGreaterThan(10);
        assertThat(report.madeWay()).as(shown).isPositive();
        assertThat(report.verdict().unequal()).as(shown).isEmpty();
        assertThat(report.isClean()).as(shown).isTrue();
    }
}
