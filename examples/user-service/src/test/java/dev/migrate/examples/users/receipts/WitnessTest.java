package dev.migrate.examples.users.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.examples.users.receipts.Receipt.Intent;
import dev.migrate.examples.users.receipts.Receipt.Kind;
import dev.migrate.examples.users.receipts.Receipt.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessTest {

    private static final InstantSource TIME = InstantSource.fixed(Instant.EPOCH);

    @TempDir
    Path directory;

    private Witness open() throws IOException {
        return Witness.open(directory.resolve("receipts"), user -> Effects.GONE, TIME);
    }

    @Test
    void versions_areCountedPerUser_acrossProcesses() throws IOException {
        try (Witness witness = open()) {
            assertThat(update(witness, 1).version()).isEqualTo(1);
            assertThat(update(witness, 2).version()).isEqualTo(1);
        }
        try (Witness witness = open()) {
            assertThat(update(witness, 1).version()).isEqualTo(2);
        }
    }

    @Test
    void whatWasOpenWhenTheApplicationDied_isInDoubt_untilItIsSeen() throws IOException {
        try (Witness witness = open()) {
            witness.settle(update(witness, 1), Outcome.ACKNOWLEDGED);
            update(witness, 2);
        }
        Witness.killed(directory.resolve("receipts"), TIME);
        try (Witness witness = open()) {
            assertThat(witness.histories().doubts()).isEqualTo(Map.of(2L, Set.of(Facets.USER)));
            assertThat(witness.histories().unknown()).isEqualTo(1);
            assertThat(witness.histories().acknowledged()).isEqualTo(1);

            witness.seen(2, witness.now(), Effects.of(Facets.USER, Effects.ABSENT));

            assertThat(witness.histories().doubts()).isEmpty();
        }
    }

    private static Intent update(Witness witness, long user) {
        return witness.begin(user, Kind.UPDATE, version -> Effects.of(Facets.USER, "v" + version));
    }
}
