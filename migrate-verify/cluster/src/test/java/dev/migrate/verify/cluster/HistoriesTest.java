package dev.migrate.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.test.history.KeyOperation;
import dev.migrate.verify.cluster.Call.Kind;
import dev.migrate.verify.cluster.Call.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoriesTest {
    private static final Call READ = new Call(Kind.READ, 7, 3, "a", 10, 20, Outcome.ACKNOWLEDGED);

    private static List<Call> read(String history) {
        List<Call> calls = new ArrayList<>();
        Histories.read(history, calls);
        return calls;
    }

    @Test
    void whatAClientHasWritten_isRead(@TempDir Path directory) throws Exception {
        try (HistoryFile file = new HistoryFile(directory.resolve("node0.1-0"))) {
            file.calls(Kind.READ, 7, 3, HistoryFile.NOTHING, 10);
            file.answers(Outcome.ACKNOWLEDGED, "a", 20);
        }
        Files.writeString(directory.resolve("log"), "something else");
        assertThat(Histories.in(directory)).containsExactly(READ);
    }

    @Test
    void aCallWithoutAnAnswer_isUnknown() {
        assertThat(read("WRITE\t7\t3\ta\t10\n"))
                .containsExactly(new Call(Kind.WRITE, 7, 3, "a", 10, KeyOperation.NEVER, Outcome.UNKNOWN));
    }

    @Test
    void aLineThatWasCutOff_doesNotCount() {
        assertThat(read("READ\t7\t3\t-\t10\n=\tACKNOWLEDGED\ta\t20\nWRITE\t7\t3\tb\t2"))
                .containsExactly(READ);
        assertThat(read("WRITE\t7\t3\ta\t10\n=\tACKNOWL"))
                .extracting(Call::outcome)
                .containsExactly(Outcome.UNKNOWN);
        assertThat(read("WRITE\t7")).isEmpty();
    }
}
