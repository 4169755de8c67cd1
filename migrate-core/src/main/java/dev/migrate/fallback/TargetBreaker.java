package dev.migrate.fallback;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.Side;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A Resilience4j breaker in front of the target, used so that every permit comes back once and to the period it was taken in.
 *
 * <p>A period is the breaker's life between two closings or half-openings; the breaker has one object of metrics for each, whose
 * identity names it. What ends in a later period than it began in is not recorded: an answer from before the opening says nothing
 * about the probes (B4). The two steps of that check are not atomic: a call that ends within nanoseconds of a half-opening may
 * still be counted as a probe, which is why there are several of them.
 *
 * <p>Nothing is subscribed to the breaker, because each event would be built with a time of the system's; whether it opened is
 * looked at after a failure instead. It runs by the migration's ticker, so that a wall clock that is set back does not keep it open.
 */
@SuppressWarnings("ReferenceEquality") // a period is named by an identity
final class TargetBreaker {
    private record Probing(Object period, long since) {}

    private final Migration migration;
    private final String subject;
    private final CircuitBreaker breaker;
    private final long patience;
    private final AtomicBoolean toldOpen = new AtomicBoolean();
    private final AtomicReference<@Nullable Probing> probing = new AtomicReference<>();

    TargetBreaker(Migration migration, String subject, Limits limits) {
        this.migration = migration;
        this.subject = subject;
        this.patience = limits.retryTargetAfter().toNanos();
        this.breaker = CircuitBreaker.of(
                migration.name() + "/" + subject,
                CircuitBreakerConfig.custom()
                        .slidingWindowType(SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(limits.window())
                        .minimumNumberOfCalls(limits.minimumCalls())
                        .failureRateThreshold((float) limits.openAtFailurePercent())
                        .waitDurationInOpenState(limits.retryTargetAfter())
                        .permittedNumberOfCallsInHalfOpenState(limits.probes())
                        .clock(new Ticker(migration::nanoTime))
                        .build());
    }

    /** When the breaker opens and how it closes again. */
    record Limits(double openAtFailurePercent, int window, int minimumCalls, Duration retryTargetAfter, int probes) {}

    /** The period in which the target may be called, which the caller gives back with the result; null where it may not. */
    @Nullable Object tryAcquire() {
        if (breaker.tryAcquirePermission()) {
            return breaker.getMetrics();
        }
        openAgainIfProbesHang();
        return null;
    }

    void succeeded(Object period) {
        if (breaker.getMetrics() == period) {
            breaker.onSuccess(0, TimeUnit.NANOSECONDS);
            if (toldOpen.get()) {
                tellIfChanged();
            }
        }
    }

    void failed(Object period, Throwable failure) {
        if (breaker.getMetrics() == period) {
            breaker.onError(0, TimeUnit.NANOSECONDS, failure);
            tellIfChanged();
        }
    }

    /** The call ended in a way that says nothing about the target. */
    void released(Object period) {
        if (breaker.getMetrics() == period) {
            breaker.releasePermission();
        }
    }

    boolean isOpen() {
        return breaker.getState() != State.CLOSED;
    }

    /** Probes that do not end would keep everybody else out for ever (B5): after as long a wait as for the first ones, others go. */
    private void openAgainIfProbesHang() {
        if (breaker.getState() != State.HALF_OPEN) {
            return;
        }
        Object period = breaker.getMetrics();
        long now = migration.nanoTime();
        Probing seen = probing.get();
        if (seen == null || seen.period() != period) {
            probing.compareAndSet(seen, new Probing(period, now));
        } else if (now - seen.since() >= patience && probing.compareAndSet(seen, null)) {
            breaker.transitionToOpenState();
        }
    }

    private void tellIfChanged() {
        boolean isOpen = isOpen();
        if (toldOpen.compareAndSet(!isOpen, isOpen)) {
            migration.publish(new MigrationEvent.BreakerChanged(migration.name(), subject, Side.TARGET, isOpen));
        }
    }

    /** The migration's monotonic ticker in the form that the breaker takes; its instants mean nothing but their distance. */
    private static final class Ticker extends Clock {
        private final LongSupplier nanoTime;
        private final long origin;

        Ticker(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
            this.origin = nanoTime.getAsLong();
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(nanoTime.getAsLong() - origin);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
