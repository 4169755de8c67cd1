package dev.migrate.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final Progress progress = Progress.standing(
                    Progress.Phase.WATCHING, "SHADOW", Instant.EPOCH, "LEGACY_ONLY", "begun")
            .turning(
                    Progress.Phase.TURNING,
                    "SHADOW + 5 %",
                    "node",
                    Instant.EPOCH.plusSeconds(5),
                    "why = this\nwhat=and that");

    @Test
    void readsBackWhatItWrites() {
        assertThat(Progress.parse(progress.format())).isEqualTo(progress);
    }

    @Test
    void linesOfALaterVersionArePassedOver() {
        assertThat(Progress.parse("mood=fine\n" + progress.format())).isEqualTo(progress);
    }

    @Test
    void whatIsNoProgressIsRefused() {
        assertThatThrownBy(() -> Progress.parse("25 %"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("was it written by a later version? '25 %'");
        assertThatThrownBy(() -> Progress.parse("phase=SLEEPING\nwhat=")).isInstanceOf(MigrationException.class);
    }
}
