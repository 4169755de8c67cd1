package dev.migrate.fallback;

import dev.migrate.Call;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationException;
import dev.migrate.Outcome;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.internal.call.CallStage;
import dev.migrate.internal.call.Outcomes;
import dev.migrate.internal.call.Thrown;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A call that the target answers behind a breaker, and legacy where the target certainly did not do it.
 *
 * <p>For calls that have an effect, such as a payment, and for calls that have none. While the migration, or the key's share of
 * it, stands at LEGACY_ONLY, DUAL_WRITE or SHADOW, legacy is called and nothing else; on LIVE the target, with the fallback; from
 * RAMP_DOWN on the target alone, without breaker or fallback, because that is what the stage tries out. To compare both sides'
 * answers use {@code ParallelRun}.
 *
 * <p>It falls back only where nothing was done: the breaker is open, or the target threw what was declared {@code notSent} or
 * {@code rejected}. A call declared {@code idempotent} falls back on everything but a business answer and the caller's own
 * interruption. Everything else reaches the caller as it was thrown; so does what legacy throws during a fallback. A failed attempt
 * is recorded in the breaker once, and is the cause in the event {@code FellBack}.
 *
 * <pre>{@code
 * LegacyFallback<Charge, Receipt> payments = LegacyFallback.of(paymentMove)
 *     .legacy(legacyGateway::charge).target(targetGateway::charge)
 *     .notSent(ConnectException.class).business(CardDeclined.class)
 *     .openAtFailurePercent(20).retryTargetAfter(Duration.ofSeconds(30)).build();
 * Receipt receipt = payments.call(charge);
 * }</pre>
 *
 * <p>Everything runs on the caller's thread; there is no time-out, because one that leaves a write running helps nobody: give the
 * target's client one. Thread-safe.
 *
 * @param <I> the argument
 * @param <O> the answer
 */
public final class LegacyFallback<I extends @Nullable Object, O extends @Nullable Object> {
    private final Migration migration;
    private final String subject;
    private final Call<? super I, ? extends O> legacy;
    private final Call<? super I, ? extends O> target;
    private final CallStage<I> stages;
    private final Outcomes outcomes;
    private final TargetBreaker breaker;
    private final Semaphore fallbacks;
    private final boolean isIdempotent;
    private final long fallBackWithin;

    LegacyFallback(LegacyFallbackBuilder<I, O> options, Call<? super I, ? extends O> target) {
        this.migration = options.migration;
        this.subject = options.subject;
        this.legacy = options.legacy;
        this.target = target;
        this.stages = CallStage.of(migration, subject, options.key);
        this.outcomes = options.outcomes.copy();
        this.breaker = new TargetBreaker(migration, subject, options.limits());
        this.fallbacks = new Semaphore(options.concurrentFallbacks);
        this.isIdempotent = options.isIdempotent;
        this.fallBackWithin = options.fallBackWithin == null ? Long.MAX_VALUE : options.fallBackWithin.toNanos();
    }

    /** Begins to describe a fallback. */
    public static Start of(Migration migration) {
        return new Start(migration);
    }

    /**
     * Makes the call.
     *
     * @param <X> a checked exception of the sides that the caller wants to catch: {@code payments.<CardDeclined>call(charge)};
     *     without it the compiler asks for no {@code catch}, and the same exceptions come
     * @throws X what the side threw, as it was thrown
     * @throws FallbackRefusedException where the breaker is open and no fallback is free
     * @throws MigrationException where a share of the keys has moved on and there is no {@code key}
     */
    public <X extends Exception> O call(I input) throws X {
        Stage stage = stages.of(input);
        try {
            if (stage.authoritative() == Side.LEGACY) {
                return measured(Side.LEGACY, legacy, input);
            }
            return stage.comparesReads() ? targetOrLegacy(input) : measured(Side.TARGET, target, input);
        } catch (Exception failure) {
            throw Thrown.<X>as(failure);
        }
    }

    /** Whether the breaker in front of the target is open, or still trying whether it may close. */
    public boolean isTargetShunned() {
        return breaker.isOpen();
    }

    private O targetOrLegacy(I input) throws Exception {
        long begun = fallBackWithin == Long.MAX_VALUE ? 0 : migration.nanoTime();
        Object period = breaker.tryAcquire();
        if (period == null) {
            return fallBack(input, null, begun);
        }
        O answer;
        try {
            answer = measured(Side.TARGET, target, input);
        } catch (Exception | Error failure) {
            if (!isRepeatable(recorded(period, failure), failure)) {
                throw failure;
            }
            return fallBack(input, failure, begun);
        }
        breaker.succeeded(period);
        return answer;
    }

    private Outcome recorded(Object period, Throwable failure) {
        Outcome outcome = outcomes.of(failure);
        if (outcome == Outcome.BUSINESS) {
            breaker.succeeded(period);
        } else if (failure instanceof InterruptedException) {
            breaker.released(period);
        } else {
            breaker.failed(period, failure);
        }
        return outcome;
    }

    private boolean isRepeatable(Outcome outcome, Throwable failure) {
        return switch (outcome) {
            case NOT_SENT, REJECTED -> true;
            case BUSINESS -> false;
            case UNKNOWN -> isIdempotent && !(failure instanceof InterruptedException);
        };
    }

    private O fallBack(I input, @Nullable Throwable cause, long begun) throws Exception {
        boolean isInTime = fallBackWithin == Long.MAX_VALUE || migration.nanoTime() - begun < fallBackWithin;
        if (!isInTime || !fallbacks.tryAcquire()) {
            if (cause != null) {
                throw Thrown.<Exception>as(cause);
            }
            throw new FallbackRefusedException("'" + subject + "' of migration '" + migration.name()
                    + "' was called on neither side: the target's breaker is open, and "
                    + (isInTime
                            ? "legacy has all the fallbacks it may; raise concurrentFallbacks(..) if it can bear more"
                            : "fallBackWithin(..) is over"));
        }
        try {
            migration.publish(new MigrationEvent.FellBack(migration.name(), subject, Side.TARGET, cause));
            return measured(Side.LEGACY, legacy, input);
        } finally {
            fallbacks.release();
        }
    }

    private O measured(Side side, Call<? super I, ? extends O> call, I input) throws Exception {
        if (!migration.traffic().isWatched()) {
            return call.call(input);
        }
        long begun = migration.nanoTime();
        boolean isFailure = false;
        try {
            return call.call(input);
        } catch (Exception | Error failure) {
            isFailure = outcomes.of(failure) != Outcome.BUSINESS;
            throw failure;
        } finally {
            migration.traffic().record(side, migration.nanoTime() - begun, isFailure);
        }
    }

    /** The first step of the description: legacy, which settles the types. */
    public static final class Start {
        private final Migration migration;

        private Start(Migration migration) {
            this.migration = migration;
        }

        /** The legacy side. */
        public <I extends @Nullable Object, O extends @Nullable Object> LegacyFallbackBuilder<I, O> legacy(
                Call<I, O> legacy) {
            return new LegacyFallbackBuilder<>(migration, legacy);
        }
    }
}
