package dev.migrate.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.verify.cluster.Deed.Done;
import dev.migrate.verify.cluster.Deed.Kind;
import dev.migrate.verify.cluster.Deed.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeedFileTest {
    private static List<Deed> read(String history) {
        List<Deed> deeds = new ArrayList<>();
        DeedFile.read(history, deeds);
        return deeds;
    }

    @Test
    void whatAClientHasWritten_isRead(@TempDir Path directory) throws Exception {
        try (DeedFile file = new DeedFile(directory, "node0.1-0")) {
            file.begins(Kind.BOOK, List.of());
            file.ends(Outcome.DONE, List.of(7L), new Done(1, 0, 2));
            file.begins(Kind.STAMP, List.of(7L, 8L));
            file.ends(Outcome.REFUSED, List.of(7L, 8L), Done.NOTHING);
        }
        Files.writeString(directory.resolve("log"), "something else");
        assertThat(DeedFile.read(directory))
                .containsExactly(
                        new Deed(Kind.BOOK, List.of(7L), Outcome.DONE, new Done(1, 0, 2)),
                        new Deed(Kind.STAMP, List.of(7L, 8L), Outcome.REFUSED, Done.NOTHING));
    }

    @Test
    void aDeedWithoutAnEnd_isUnknown_andConcernsWhatItWasBegunFor() {
        Deed unknown = new Deed(Kind.STAMP, List.of(7L), Outcome.UNKNOWN, Done.NOTHING);
        assertThat(read("STAMP\t7\n")).containsExactly(unknown);
        assertThat(read("STAMP\t7\n=\tDONE\t7\t1\t0")).containsExactly(unknown);
        assertThat(read("STAMP\t7")).isEmpty();
    }
}
