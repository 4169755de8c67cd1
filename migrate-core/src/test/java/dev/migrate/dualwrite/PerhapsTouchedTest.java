package dev.migrate.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationScope;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys that calls past the router may yet write: announced where the side takes it, and waited with where it does not at the moment. */
@Timeout(60)
class PerhapsTouchedTest {
    private final Map<Side, SideBooks> books = new ConcurrentHashMap<>();
    private final RouterFixture fixture = new RouterFixture(
            RouterFixture.keeping((made, side) -> books.computeIfAbsent(side, unused -> made)),
            UnaryOperator.identity());

    @AfterEach
    void close() {
        fixture.close();
    }

    private void legacyIs(Role role) {
        SideBooks legacy = books.get(Side.LEGACY);
        assertThat(legacy.assign(
                        SegmentRange.ALL, role, true, legacy.roles().get(0).epoch() + 1))
                .isTrue();
    }

    @Test
    void whereNothingIsCopied_nothingIsAnnounced() {
        fixture.router.perhapsTouched(List.of(1L));
        assertThat(fixture.router.debt().isNone()).isTrue();
    }

    @Test
    void duringAHandover_itWaitsForItsEnd() throws Exception {
        fixture.at(Stage.DUAL_WRITE);
        legacyIs(Role.FENCED);
        FutureTask<Boolean> touched = new FutureTask<>(() -> {
            fixture.router.perhapsTouched(List.of(1L));
            return true;
        });
        Thread thread = new Thread(touched);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING || touched.isDone());
        assertThat(touched.isDone()).isFalse();
        assertThat(fixture.router.debt().intents()).isZero();
        legacyIs(Role.AUTHORITY);
        assertThat(touched.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(fixture.router.debt().intents()).isEqualTo(1);
    }

    @Test
    void inAScope_itDoesNotWait() {
        fixture.at(Stage.DUAL_WRITE);
        legacyIs(Role.FENCED);
        try (MigrationScope scope = fixture.migration.begin()) {
            assertThatThrownBy(() -> fixture.router.perhapsTouched(List.of(1L)))
                    .isInstanceOf(RefusedWriteException.class)
                    .hasMessageContaining("the side is FENCED");
            assertThat(scope).isNotNull();
        }
    }
}
