package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FaultTest {
    private final AtomicInteger effects = new AtomicInteger();

    private int during(Fault fault) throws Exception {
        return fault.during(effects::incrementAndGet);
    }

    private FutureTask<Integer> started(Fault fault) {
        FutureTask<Integer> call = new FutureTask<>(() -> during(fault));
        new Thread(call).start();
        return call;
    }

    @Test
    void none_makesTheCallOnce() throws Exception {
        assertThat(during(Fault.none())).isEqualTo(1);
        assertThat(effects).hasValue(1);
    }

    @Test
    void failure_hasNoEffect_andThrowsWhatItWasGiven() {
        IOException failure = new IOException("down");
        assertThatThrownBy(() -> during(Fault.failure(() -> failure))).isSameAs(failure);
        assertThat(effects).hasValue(0);
    }

    @Test
    void error_hasNoEffect_andThrowsAnError() {
        assertThatThrownBy(() -> during(Fault.error(StackOverflowError::new))).isInstanceOf(StackOverflowError.class);
        assertThat(effects).hasValue(0);
    }

    @Test
    void lostAcknowledgement_hasItsEffect_andThrows() {
        assertThatThrownBy(() -> during(Fault.lostAcknowledgement(IOException::new)))
                .isInstanceOf(IOException.class);
        assertThat(effects).hasValue(1);
    }

    @Test
    void duplicate_hasItsEffectTwice_andAnswersTheSecond() throws Exception {
        assertThat(during(Fault.duplicate())).isEqualTo(2);
        assertThat(during(Fault.repeated(3))).isEqualTo(5);
    }

    @Test
    void repeatedLessThanOnce_isRefused() {
        assertThatThrownBy(() -> Fault.repeated(0))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("at least 1, but was 0");
    }

    @Test
    void latency_lastsUntilTheTimeIsTurned() throws Exception {
        ManualTime time = new ManualTime();
        FutureTask<Integer> call = started(Fault.latency(time, Duration.ofSeconds(30)));
        await().until(() -> time.waiting() == 1);
        time.advance(Duration.ofSeconds(29));
        assertThat(effects).hasValue(0);
        time.advance(Duration.ofSeconds(1));
        assertThat(call.get()).isEqualTo(1);
    }

    @Test
    void latency_lastsUntilTheTestLetsGo_orTheThreadIsInterrupted() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        FutureTask<Integer> call = new FutureTask<>(() -> during(Fault.latency(latch)));
        Thread thread = new Thread(call);
        thread.start();
        thread.interrupt();
        assertThatThrownBy(call::get).hasCauseInstanceOf(InterruptedException.class);
        assertThat(effects).hasValue(0);
        latch.countDown();
        assertThat(during(Fault.latency(latch))).isEqualTo(1);
    }

    @Test
    void hang_isDeafToInterrupts_untilReleased() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        FutureTask<Boolean> call = new FutureTask<>(() -> {
            during(Fault.hang(released));
            return Thread.interrupted();
        });
        Thread thread = new Thread(call);
        thread.start();
        thread.interrupt();
        await().until(() -> thread.getState() == Thread.State.WAITING && !thread.isInterrupted());
        assertThat(effects).hasValue(0);
        released.countDown();
        assertThat(call.get()).as("the interrupt is still to be seen").isTrue();
        assertThat(effects).hasValue(1);
    }
}
