package dev.migrate.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short run with a journal that is lost: what shows that a clean run means something. */
class ForgetfulJournalIT {
    @TempDir
    Path directory;

    @Test
    void aJournalThatDiesWithTheProcess_isCaught() throws Exception {
        ClusterReport report = ClusterRun.items(ClusterIT.SHORT.without(Lacking.JOURNAL), directory);
        assertThat(report.ran().kills()).isPositive();
        assertThat(report.verdict().diverged()).as("diverged").isNotEmpty();
        List<String> shown = report.lines();
        assertThat(report.isClean()).as(String.join("\n", shown)).isFalse();
    }
}
