package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Traffic;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the guards of a rollout are told of the router's calls: how many of a side, how long each took, and which of them failed. */
class MeasuredCallsTest {
    private static final class OutOfStock extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final RouterFixture fixture =
            new RouterFixture(options -> options.business(OutOfStock.class)).at(Stage.SHADOW);
    private Traffic.Watch watch;

    @BeforeEach
    void begin() {
        watch = fixture.migration.traffic().watch();
    }

    @AfterEach
    void close() {
        watch.close();
        fixture.close();
    }

    private void idle() {
        await().until(() -> fixture.migration.threads().isIdle());
    }

    private void assertMeasured(Side side, int calls, int failures) {
        assertThat(watch.sample(side).calls()).as("calls of %s", side).isEqualTo(calls);
        assertThat(watch.sample(side).failures()).as("failures of %s", side).isEqualTo(failures);
    }

    private static MapRecords.Hook failing(String call, Exception failure) {
        return (what, key) -> {
            if (what.equals(call)) {
                throw failure;
            }
        };
    }

    @Test
    void write_isACallOfTheAuthority_andItsCopyOneOfTheShadow() {
        fixture.router.write(item(1, "a"));
        idle();
        assertMeasured(Side.LEGACY, 1, 0);
        assertMeasured(Side.TARGET, 1, 0);
    }

    @Test
    void failureOfTheAuthority_isCounted() {
        fixture.legacy.before = failing("write", new IOException("row locked"));
        assertThatThrownBy(() -> fixture.router.write(item(1, "a"))).isInstanceOf(Exception.class);
        idle();
        assertMeasured(Side.LEGACY, 1, 1);
    }

    @Test
    void answerOfTheDomain_isNoFailure() {
        fixture.legacy.before = failing("write", new OutOfStock());
        assertThatThrownBy(() -> fixture.router.write(item(1, "a"))).isInstanceOf(Exception.class);
        idle();
        assertMeasured(Side.LEGACY, 1, 0);
    }

    @Test
    void copyThatFails_isAFailureOfTheShadow() {
        fixture.target.before = failing("write", new IOException("target down"));
        fixture.router.write(item(1, "a"));
        idle();
        assertMeasured(Side.LEGACY, 1, 0);
        assertMeasured(Side.TARGET, 1, 1);
    }

    @Test
    void comparedRead_isACallOfEachSide() {
        fixture.target.before = failing("read", new IOException("target down"));
        fixture.router.read(1L);
        idle();
        assertMeasured(Side.LEGACY, 1, 0);
        assertMeasured(Side.TARGET, 1, 1);
    }

    @Test
    void measuredRead_isAnsweredAsAnyOther() {
        fixture.legacy.rows.put(1L, item(1, "a"));
        assertThat(fixture.router.read(1L)).hasValue(item(1, "a"));
        idle();
        assertMeasured(Side.LEGACY, 1, 0);
    }

    @Test
    void readThatFails_isCounted() {
        fixture.legacy.before = failing("read", new IOException("legacy down"));
        assertThatThrownBy(() -> fixture.router.read(1L)).isInstanceOf(Exception.class);
        assertMeasured(Side.LEGACY, 1, 1);
    }

    @Test
    void calls_areMeasuredFromTheirBeginning() {
        long begun = System.nanoTime();
        fixture.router.write(item(1, "a"));
        fixture.router.read(1L);
        idle();
        Duration longest = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(2);
        for (Side side : Side.values()) {
            assertThat(watch.sample(side).calls()).isEqualTo(2);
            assertThat(watch.sample(side).slowerThan(longest))
                    .as("no call of %s took longer than all", side)
                    .isZero();
        }
    }

    @Test
    void withoutAWatch_nothingIsMeasured() {
        watch.close();
        fixture.router.write(item(1, "a"));
        fixture.router.read(1L);
        idle();
        watch = fixture.migration.traffic().watch();
        assertMeasured(Side.LEGACY, 0, 0);
        assertMeasured(Side.TARGET, 0, 0);
    }
}
