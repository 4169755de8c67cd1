package dev.migrate.benchmarks.fallback;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.Fallback;
import dev.migrate.Migration;
import dev.migrate.Stage;
import dev.migrate.benchmarks.measure.Claim;
import dev.migrate.benchmarks.measure.Group;
import dev.migrate.benchmarks.measure.Quantity;
import dev.migrate.benchmarks.measure.Reference;
import dev.migrate.fallback.LegacyFallback;
import dev.migrate.store.InMemoryMigrationStore;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A call that does nothing, through a breaker: one that succeeds, and one that an open breaker rejects and legacy answers. */
public class FallbackBenchmark {
    private static final int WINDOW = 100;
    private static final String CHARGE = "charge";
    private static final String RECEIPT = "receipt";
    private static final Duration FOR_EVER = Duration.ofDays(1);

    /** For JMH. */
    public FallbackBenchmark() {}

    /** What is run and claimed. */
    public static Group group() {
        return new Group(
                "fallback",
                FallbackBenchmark.class,
                List.of(
                        "success",
                        "resilience4jSuccess",
                        "resilience4jTimeWindowSuccess",
                        "resilience4jBareSuccess",
                        "failsafeSuccess",
                        "failsafeBareSuccess",
                        "rejected",
                        "resilience4jRejected",
                        "failsafeRejected"),
                List.of(
                        Claim.atMost(
                                "fallback.success/resilience4j",
                                "success",
                                Quantity.TIME,
                                1.25,
                                Reference.benchmark("resilience4jSuccess")),
                        Claim.atMost("fallback.rejected/limit", "rejected", Quantity.TIME, 1, Reference.limit(250)),
                        Claim.atMost(
                                "fallback.success/failsafe",
                                "success",
                                Quantity.TIME,
                                1,
                                Reference.benchmark("failsafeSuccess")),
                        Claim.atMost(
                                "fallback.rejected/failsafe",
                                "rejected",
                                Quantity.TIME,
                                1,
                                Reference.benchmark("failsafeRejected"))));
    }

    /** Ours. */
    public abstract static class Ours {
        private final Migration migration =
                Migration.named("payments").store(new InMemoryMigrationStore()).build();
        private final LegacyFallback<String, String> payments;

        Ours(boolean isTargetUp) {
            for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.SHADOW, Stage.LIVE)) {
                migration.moveTo(stage, "benchmark");
            }
            payments = LegacyFallback.of(migration)
                    .legacy((String charge) -> RECEIPT)
                    .target(charge -> {
                        if (!isTargetUp) {
                            throw new ConnectException("down");
                        }
                        return RECEIPT;
                    })
                    .notSent(ConnectException.class)
                    .window(WINDOW)
                    .retryTargetAfter(FOR_EVER)
                    .build();
            for (int i = 0; i < WINDOW; i++) {
                payments.call(CHARGE);
            }
            if (payments.isTargetShunned() == isTargetUp) {
                throw new IllegalStateException("the breaker should be open exactly where the target is down");
            }
        }

        String call() {
            return payments.call(CHARGE);
        }

        /** Ends the migration's threads. */
        @TearDown
        public void close() {
            migration.close();
        }
    }

    /** Ours, with a target that answers. */
    @State(Scope.Benchmark)
    public static class OursUp extends Ours {
        /** For JMH. */
        public OursUp() {
            super(true);
        }
    }

    /** Ours, with a breaker that is open. */
    @State(Scope.Benchmark)
    public static class OursDown extends Ours {
        /** For JMH. */
        public OursDown() {
            super(false);
        }
    }

    /** Resilience4j. */
    @State(Scope.Benchmark)
    public static class Resilience4j {
        private final CircuitBreaker counting = breaker(SlidingWindowType.COUNT_BASED);
        private final CircuitBreaker timing = breaker(SlidingWindowType.TIME_BASED);
        private final CircuitBreaker open = breaker(SlidingWindowType.COUNT_BASED);

        /** For JMH. */
        public Resilience4j() {
            open.transitionToOpenState();
        }

        private static CircuitBreaker breaker(SlidingWindowType window) {
            return CircuitBreaker.of(
                    "payments",
                    CircuitBreakerConfig.custom()
                            .slidingWindowType(window)
                            .slidingWindowSize(WINDOW)
                            .waitDurationInOpenState(FOR_EVER)
                            .build());
        }
    }

    /** Failsafe. */
    @State(Scope.Benchmark)
    public static class FailsafePeer {
        private final dev.failsafe.CircuitBreaker<String> closed = breaker();
        private final dev.failsafe.CircuitBreaker<String> open = breaker();
        private final FailsafeExecutor<String> up = Failsafe.with(Fallback.of(RECEIPT), closed);
        private final FailsafeExecutor<String> down = Failsafe.with(Fallback.of(RECEIPT), open);

        /** For JMH. */
        public FailsafePeer() {
            open.open();
        }

        private static dev.failsafe.CircuitBreaker<String> breaker() {
            return dev.failsafe.CircuitBreaker.<String>builder()
                    .withFailureThreshold(WINDOW / 2, WINDOW)
                    .withDelay(FOR_EVER)
                    .build();
        }
    }

    /** Ours. */
    @Benchmark
    public String success(OursUp ours) {
        return ours.call();
    }

    /** Ours. */
    @Benchmark
    public String rejected(OursDown ours) {
        return ours.call();
    }

    /** Resilience4j with a count window, as its documentation shows it. */
    @Benchmark
    public String resilience4jSuccess(Resilience4j peer) throws Exception {
        return peer.counting.executeCallable(() -> RECEIPT);
    }

    /** Resilience4j with a time window. */
    @Benchmark
    public String resilience4jTimeWindowSuccess(Resilience4j peer) throws Exception {
        return peer.timing.executeCallable(() -> RECEIPT);
    }

    /** Resilience4j by hand, without taking the time. */
    @Benchmark
    public String resilience4jBareSuccess(Resilience4j peer) {
        if (!peer.counting.tryAcquirePermission()) {
            throw new IllegalStateException("open");
        }
        peer.counting.onSuccess(0, TimeUnit.NANOSECONDS);
        return RECEIPT;
    }

    /** Resilience4j, with the exception that says so caught. */
    @Benchmark
    public String resilience4jRejected(Resilience4j peer) throws Exception {
        try {
            return peer.open.executeCallable(() -> RECEIPT);
        } catch (CallNotPermittedException open) {
            return CHARGE;
        }
    }

    /** Failsafe with breaker and fallback. */
    @Benchmark
    public String failsafeSuccess(FailsafePeer peer) {
        return peer.up.get(() -> RECEIPT);
    }

    /** Failsafe by hand. */
    @Benchmark
    public String failsafeBareSuccess(FailsafePeer peer) {
        if (!peer.closed.tryAcquirePermit()) {
            throw new IllegalStateException("open");
        }
        peer.closed.recordSuccess();
        return RECEIPT;
    }

    /** Failsafe with breaker and fallback. */
    @Benchmark
    public String failsafeRejected(FailsafePeer peer) {
        return peer.down.get(() -> RECEIPT);
    }
}
