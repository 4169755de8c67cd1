package dev.migrate.side;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DismissalTest {
    @Test
    void longest_isTaken() {
        Dismissal longest = new Dismissal("w".repeat(200), "y".repeat(2_000), Instant.EPOCH);
        assertThat(longest.who()).hasSize(200);
        assertThat(longest.why()).hasSize(2_000);
    }

    @Test
    void longerThanThat_isRefusedWithTheOptionTheRuleAndTheValue() {
        assertThatThrownBy(() -> new Dismissal("w".repeat(201), "y", Instant.EPOCH))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("who of a dismissal must have at most 200 characters, but had 201");
        assertThatThrownBy(() -> new Dismissal("w", "y".repeat(2_001), Instant.EPOCH))
                .hasMessageContaining("why of a dismissal must have at most 2000 characters, but had 2001");
    }

    @Test
    void blank_isRefused() {
        assertThatThrownBy(() -> new Dismissal("  ", "y", Instant.EPOCH)).hasMessageContaining("who of a dismissal");
        assertThatThrownBy(() -> new Dismissal("w", "\t", Instant.EPOCH)).hasMessageContaining("why of a dismissal");
    }
}
