package dev.migrate.flag;

import static dev.migrate.Percent.percent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.MigrationEvent.Verdict;
import dev.migrate.Percent;
import dev.migrate.rollout.Guard;
import dev.migrate.rollout.Rollout;
import dev.migrate.store.InMemoryMigrationStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlagRolloutTest {
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private final InMemoryMigrationStore store = new InMemoryMigrationStore(() -> now);
    private final PercentageFlag search =
            PercentageFlag.named("new-search").store(store).build();
    private final Rollout rollout = Rollout.of(search)
            .step(percent(5))
            .step(percent(50))
            .step(percent(100))
            .guard(Guard.errorRate().notWorseThanLegacyBy(percent(1)))
            .eachFor(Duration.ofHours(1))
            .store(store)
            .time(() -> now)
            .build();

    @AfterEach
    void close() {
        rollout.close();
        search.close();
    }

    private Verdict hour(boolean targetFails) {
        now = now.plus(Duration.ofHours(1));
        for (int i = 0; i < 4_000; i++) {
            try {
                search.<String>call("customer:" + i, () -> "legacy", () -> {
                    if (targetFails) {
                        throw new IOException("target");
                    }
                    return "target";
                });
            } catch (Exception failure) {
                assertThat(failure).isInstanceOf(IOException.class);
            }
        }
        return rollout.look().verdict();
    }

    @Test
    void flagIsRolledOutToTheEnd() {
        for (int hour = 0; hour < 10 && hour(false) != Verdict.DONE; hour++) {}

        assertThat(search.current()).isEqualTo(Percent.HUNDRED);
        assertThat(rollout.status().state()).isEqualTo(Rollout.State.DONE);
    }

    @Test
    void flagThatFailsOnlyWhenAllKeysAreOnIsTurnedBack() {
        for (int hour = 0; hour < 10 && !search.current().equals(Percent.HUNDRED); hour++) {
            hour(false);
        }

        assertThat(hour(true)).isEqualTo(Verdict.ROLL_BACK);
        assertThat(search.current()).isEqualTo(percent(50));
        assertThat(search.audit(1).get(0).why()).contains("during the step before");
        for (int hour = 0; hour < 10; hour++) {
            hour(true);
        }
        assertThat(search.current()).as("back where it began").isEqualTo(Percent.ZERO);
    }
}
