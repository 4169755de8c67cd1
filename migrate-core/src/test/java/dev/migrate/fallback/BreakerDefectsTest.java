package dev.migrate.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.migrate.Call;
import dev.migrate.MigrationEvent.BreakerChanged;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.internal.call.Ladder;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The defects of breakers in use, each by its tag; the tenth is where the health of an application is. */
class BreakerDefectsTest {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final Duration WAITED = WAIT.plusMillis(1);

    static final class CardDeclined extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final Ladder ladder = Ladder.at(Stage.LIVE);
    private final AtomicInteger targetCalls = new AtomicInteger();
    private volatile Call<String, String> behaviour = input -> "target";

    @AfterEach
    void close() {
        ladder.close();
    }

    private LegacyFallbackBuilder<String, String> options() {
        Call<String, String> legacy = input -> "legacy";
        return LegacyFallback.of(ladder.migration())
                .legacy(legacy)
                .target(input -> {
                    targetCalls.incrementAndGet();
                    return behaviour.call(input);
                })
                .notSent(ConnectException.class)
                .business(CardDeclined.class)
                .window(4)
                .minimumCalls(4)
                .probes(2)
                .openAtFailurePercent(50)
                .retryTargetAfter(WAIT);
    }

    private static Call<String, String> throwing(Throwable failure) {
        return input -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        };
    }

    private void open(LegacyFallback<String, String> fallback) {
        Call<String, String> before = behaviour;
        behaviour = throwing(new ConnectException());
        for (int i = 0; i < 4; i++) {
            fallback.call("");
        }
        assertThat(fallback.isTargetShunned()).isTrue();
        behaviour = before;
    }

    @Test
    void b1_anErrorOfAProbeGivesItsPermitBack() {
        var fallback = options().build();
        for (int round = 0; round < 3; round++) {
            if (!fallback.isTargetShunned()) {
                open(fallback);
            }
            ladder.pass(WAITED);
            behaviour = throwing(new LinkageError());
            for (int probe = 0; probe < 2; probe++) {
                assertThatThrownBy(() -> fallback.call("")).isInstanceOf(LinkageError.class);
            }
            assertThat(fallback.<RuntimeException>call("")).isEqualTo("legacy");
        }
        behaviour = input -> "target";
        ladder.pass(WAITED);
        assertThat(fallback.<RuntimeException>call("")).isEqualTo("target");
        assertThat(fallback.<RuntimeException>call("")).isEqualTo("target");
        assertThat(fallback.isTargetShunned()).isFalse();
    }

    @Test
    void b2_errorsCountAsFailures() {
        var fallback = options().build();
        behaviour = throwing(new LinkageError());
        for (int i = 0; i < 4; i++) {
            assertThat(catchThrowable(() -> fallback.call(""))).isInstanceOf(LinkageError.class);
        }
        assertThat(fallback.isTargetShunned()).isTrue();
    }

    @Test
    void b3_openingThrowsNothingOfItsOwnAndTheBreakerGoesOn() {
        var fallback = options().build();
        open(fallback);
        ladder.pass(WAITED);
        fallback.call("");
        fallback.call("");
        assertThat(fallback.isTargetShunned()).isFalse();
        open(fallback);
        assertThat(ladder.events(BreakerChanged.class))
                .extracting(BreakerChanged::isOpen)
                .containsExactly(true, false, true);
    }

    @Test
    void b4_callsFromBeforeTheOpeningDoNotCloseTheBreakerWhileItProbes() throws Exception {
        var fallback = options().build();
        CountDownLatch entered = new CountDownLatch(8);
        CountDownLatch release = new CountDownLatch(1);
        behaviour = input -> {
            if (input.equals("slow")) {
                entered.countDown();
                release.await();
            }
            return "target";
        };
        List<CompletableFuture<String>> stale = callsOnOwnThreads(fallback, 8);
        entered.await();
        open(fallback);
        ladder.pass(WAITED);
        fallback.call("the first probe");
        release.countDown();
        for (CompletableFuture<String> call : stale) {
            assertThat(call.get()).isEqualTo("target");
        }
        assertThat(fallback.isTargetShunned()).isTrue();
        fallback.call("the second probe");
        assertThat(fallback.isTargetShunned()).isFalse();
    }

    @Test
    void b4_staleIgnoredFailuresMakeNoNewPermits() throws Exception {
        var fallback = options().build();
        CountDownLatch entered = new CountDownLatch(8);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch probing = new CountDownLatch(2);
        CountDownLatch probed = new CountDownLatch(1);
        behaviour = input -> {
            if (input.equals("slow")) {
                entered.countDown();
                release.await();
                throw new InterruptedException();
            }
            if (input.equals("probe")) {
                probing.countDown();
                probed.await();
            }
            return "target";
        };
        List<CompletableFuture<String>> stale = callsOnOwnThreads(fallback, 8);
        entered.await();
        open(fallback);
        ladder.pass(WAITED);
        List<CompletableFuture<String>> probes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            probes.add(CompletableFuture.supplyAsync(() -> fallback.call("probe"), BreakerDefectsTest::start));
        }
        probing.await();
        release.countDown();
        for (CompletableFuture<String> call : stale) {
            assertThat(catchThrowable(call::join)).isInstanceOf(CompletionException.class);
        }
        int before = targetCalls.get();
        for (int i = 0; i < 50; i++) {
            assertThat(fallback.<RuntimeException>call("")).isEqualTo("legacy");
        }
        assertThat(targetCalls).hasValue(before);
        probed.countDown();
        for (CompletableFuture<String> probe : probes) {
            assertThat(probe.get()).isEqualTo("target");
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    private static List<CompletableFuture<String>> callsOnOwnThreads(
            LegacyFallback<String, String> fallback, int calls) {
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            all.add(CompletableFuture.supplyAsync(() -> fallback.call("slow"), BreakerDefectsTest::start));
        }
        return all;
    }

    @Test
    void b5_probesThatHangKeepOthersOutOnlyForAWhile() throws Exception {
        var fallback = options().build();
        CountDownLatch entered = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        open(fallback);
        ladder.pass(WAITED);
        behaviour = input -> {
            if (input.equals("slow")) {
                entered.countDown();
                release.await();
            }
            return "target";
        };
        List<CompletableFuture<String>> hung = callsOnOwnThreads(fallback, 2);
        entered.await();
        assertThat(fallback.<RuntimeException>call("")).isEqualTo("legacy");
        ladder.pass(WAITED);
        assertThat(fallback.<RuntimeException>call("")).isEqualTo("legacy");
        ladder.pass(WAITED);
        assertThat(fallback.<RuntimeException>call("")).isEqualTo("target");
        assertThat(fallback.<RuntimeException>call("")).isEqualTo("target");
        assertThat(fallback.isTargetShunned()).isFalse();
        release.countDown();
        for (CompletableFuture<String> call : hung) {
            assertThat(call.get()).isEqualTo("target");
        }
    }

    @Test
    void b6_thereIsNoTimeoutThatWouldLeaveAWriteRunning() {
        var fallback = options().build();
        Thread caller = Thread.currentThread();
        behaviour = input -> {
            ladder.pass(Duration.ofHours(1));
            return Thread.currentThread() == caller ? "on the caller's thread" : "elsewhere";
        };
        assertThat(fallback.<RuntimeException>call("")).isEqualTo("on the caller's thread");
    }

    @Test
    void b7_aRefusedCallCarriesNoStackTraceAndAFallbackBuildsNoException() throws Exception {
        var open = options().concurrentFallbacks(1).build();
        open(open);
        assertThat(open.<RuntimeException>call("")).isEqualTo("legacy");
        assertThat(ladder.events(dev.migrate.MigrationEvent.FellBack.class))
                .last()
                .satisfies(event -> assertThat(event.cause()).isNull());

        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Call<String, String> legacy = input -> {
            entered.countDown();
            release.await();
            return "legacy";
        };
        LegacyFallback<String, String> full = LegacyFallback.of(ladder.migration())
                .legacy(legacy)
                .target(throwing(new LinkageError()))
                .window(1)
                .minimumCalls(1)
                .concurrentFallbacks(1)
                .build();
        assertThat(catchThrowable(() -> full.call(""))).isInstanceOf(LinkageError.class);
        CompletableFuture<String> holding =
                CompletableFuture.supplyAsync(() -> full.call(""), BreakerDefectsTest::start);
        entered.await();
        Throwable refused = catchThrowable(() -> full.call(""));
        assertThat(refused).isInstanceOf(FallbackRefusedException.class);
        assertThat(refused.getStackTrace()).isEmpty();
        release.countDown();
        holding.get();
    }

    @Test
    void b8_businessExceptionsNeitherFallBackNorOpen() {
        var fallback = options().idempotent().build();
        behaviour = throwing(new CardDeclined());
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> fallback.call("")).isInstanceOf(CardDeclined.class);
        }
        assertThat(fallback.isTargetShunned()).isFalse();
    }

    @Test
    void b8_businessExceptionsOfProbesClose() {
        var fallback = options().build();
        open(fallback);
        ladder.pass(WAITED);
        behaviour = throwing(new CardDeclined());
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> fallback.call("")).isInstanceOf(CardDeclined.class);
        }
        assertThat(fallback.isTargetShunned()).isFalse();
    }

    /** Breakers of single keys are never evicted: here one breaker, which knows no key, stands for the target. */
    @Test
    void b9_thereIsNoBreakerPerKey() {
        var fallback = options().build();
        behaviour = throwing(new ConnectException());
        for (String key : List.of("one", "two", "three", "four")) {
            assertThat(fallback.<RuntimeException>call(key)).isEqualTo("legacy");
        }
        assertThat(fallback.isTargetShunned()).isTrue();
        int called = targetCalls.get();
        assertThat(fallback.<RuntimeException>call("five")).isEqualTo("legacy");
        assertThat(targetCalls).hasValue(called);
    }

    @Test
    void b11_aListenerThatFailsHarmsNobody() {
        ladder.migration().addListener(event -> {
            throw new LinkageError("listener");
        });
        var fallback = options().build();
        open(fallback);
        assertThat(fallback.<RuntimeException>call("")).isEqualTo("legacy");
        assertThat(ladder.events(BreakerChanged.class)).singleElement().satisfies(event -> {
            assertThat(event.side()).isEqualTo(Side.TARGET);
            assertThat(event.isOpen()).isTrue();
        });
    }
}
