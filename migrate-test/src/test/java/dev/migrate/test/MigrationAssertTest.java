package dev.migrate.test;

import static dev.migrate.test.MigrationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.store.InMemoryMigrationStore;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MigrationAssertTest {
    private final Migration orders = Migration.named("orders")
            .store(new InMemoryMigrationStore())
            .operator(() -> "ada")
            .build();

    @AfterEach
    void close() {
        orders.close();
    }

    @Test
    void whatHolds_passes() {
        orders.moveTo(Stage.DUAL_WRITE, "schema is live");
        orders.raiseEpoch("restored");
        orders.moveTo(Stage.SHADOW, "backfilled");
        orders.moveTo(Stage.SHADOW.plusPercent(99.9), "clean");
        assertThat(orders)
                .standsAt(Stage.SHADOW.plusPercent(99.9))
                .wasLastMovedBy("ada", "clean")
                .hasAuditEntry(Position.of(Stage.DUAL_WRITE), "ada", "schema is live")
                .hasWalked(
                        Position.START,
                        Position.of(Stage.DUAL_WRITE),
                        Position.of(Stage.SHADOW),
                        Stage.SHADOW.plusPercent(99.9))
                .hasKeyOn("key", Stage.LIVE)
                .isAuthoritativeFor("key", Side.TARGET)
                .refusesStepTo(Stage.TARGET_ONLY, "go by LIVE first")
                .standsAt(Stage.SHADOW.plusPercent(99.9));
    }

    @Test
    void whatDoesNotHold_failsAndSaysWhatIs() {
        fails(() -> assertThat(null).standsAt(Stage.LIVE), "not to be null");
        fails(() -> assertThat(orders).standsAt(Stage.LIVE), "to stand at LIVE", "stands at LEGACY_ONLY");
        fails(() -> assertThat(orders).hasKeyOn("key", Stage.LIVE), "bucket", "LEGACY_ONLY");
        fails(() -> assertThat(orders).isAuthoritativeFor("key", Side.TARGET), "TARGET", "it is LEGACY");
        fails(() -> assertThat(orders).wasLastMovedBy("bob", "migration created"), "bob", "who=ada");
        fails(() -> assertThat(orders).wasLastMovedBy("ada", "x"), "'x'", "migration created");
        fails(() -> assertThat(orders).hasAuditEntry(Position.START, "ada", "x"), "'x'", "migration created");
        fails(() -> assertThat(orders).hasAuditEntry(Position.START, "bob", "migration created"), "bob");
        fails(
                () -> assertThat(orders).hasAuditEntry(Position.of(Stage.LIVE), "ada", "migration created"),
                "to LIVE by 'ada'");
        fails(() -> assertThat(orders).hasWalked(), "[]", "[LEGACY_ONLY]");
        fails(() -> assertThat(orders).refusesStepTo(Stage.LIVE, "rubbish"), "rubbish", "go by DUAL_WRITE first");
        fails(() -> assertThat(orders).refusesStepTo(Stage.DUAL_WRITE, ""), "but it went there");
    }

    private static void fails(ThrowingCallable assertion, String... inMessage) {
        assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContainingAll(inMessage);
    }
}
