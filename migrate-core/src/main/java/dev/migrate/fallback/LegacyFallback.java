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
import java.util.function.Consumer;
import java.util.function.Function;
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
 * {@code rejected}. A call declared {@code idempotent}, or one that carries an {@code idempotencyKey}, falls back on everything but a
 * business answer and the caller's own interruption. Everything else reaches the caller as it was thrown; so does what legacy throws during a
 * fallback. A failed attempt is recorded in the breaker once, and is the cause in the event {@code FellBack}.
 *
 * <p>What reaches the caller without saying whether something was done is the event {@code OutcomeUnknown}; where the call writes what a
 * router keeps equal on both sides, {@code onUnknown} tells the router.
 *
 * <p>A fallback shares the caller's time: none begins later than {@code fallBackWithin} after the call began, nor after the limit that the
 * thread's {@link dev.migrate.MigrationScope} has. No more run at a time than {@code concurrentFallbacks}.
 *
 * <pre>{@code
 * LegacyFallback<Charge, Receipt> payments = LegacyFallback.of(paymentMove)
 *     .legacy(legacyGateway::charge).target(targetGateway::charge)
 *     .notSent(ConnectException.class).business(CardDeclined.class)
 *     .openAtFailurePercent(20).retryTargetAfter(Duration.ofSeconds(30)).build();
 * Receipt receipt = payments.call(charge);
 * }</pre>
 *
 * <p>Everything runs on the caller's thread, but for a call that waits for another with its idempotency key; there is no time-out, because
 * one that leaves a write running helps nobody: give the target's client one. Thread-safe.
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
    private final @Nullable Function<? super I, ? extends @Nullable Object> idempotencyKey;
    private final ConcurrentDuplicates<O> duplicates = new ConcurrentDuplicates<>();
    private final @Nullable Consumer<? super I> onUnknown;
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
        this.idempotencyKey = options.idempotencyKey;
        this.onUnknown = options.onUnknown;
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
     * @throws FallbackRefusedException where the breaker is open and no fallback is free, or the time is over
     * @throws dev.migrate.UnknownOutcomeException where another call with the same idempotency key still runs when the time is over
     * @throws MigrationException where a share of the keys has moved on and there is no {@code key}
     */
    public <X extends Exception> O call(I input) throws X {
        try {
            Object key = idempotencyKey == null ? null : idempotencyKey.apply(input);
            if (key == null) {
                return made(input, isIdempotent);
            }
            return duplicates.once(key, Math.min(fallBackWithin, migration.nanosLeft()), () -> made(input, true));
        } catch (Exception failure) {
            throw Thrown.<X>as(failure);
        }
    }

    private O made(I input, boolean mayBeRepeated) throws Exception {
        Stage stage = stages.of(input);
        if (stage.authoritative() == Side.LEGACY) {
            return answered(Side.LEGACY, legacy, input);
        }
        return stage.comparesReads() ? targetOrLegacy(input, mayBeRepeated) : answered(Side.TARGET, target, input);
    }

    /** Whether the breaker in front of the target is open, or still trying whether it may close. */
    public boolean isTargetShunned() {
        return breaker.isOpen();
    }

    private O targetOrLegacy(I input, boolean mayBeRepeated) throws Exception {
        long begun = fallBackWithin == Long.MAX_VALUE ? 0 : migration.nanoTime();
        Object period = breaker.tryAcquire();
        if (period == null) {
            return fallBack(input, null, begun);
        }
        O answer;
        try {
            answer = measured(Side.TARGET, target, input);
        } catch (Exception | Error failure) {
            if (!fallsBackOn(recorded(period, failure), failure, mayBeRepeated)) {
                tellIfUnknown(Side.TARGET, input, failure);
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

    private static boolean fallsBackOn(Outcome outcome, Throwable failure, boolean mayBeRepeated) {
        return switch (outcome) {
            case NOT_SENT, REJECTED -> true;
            case BUSINESS -> false;
            case UNKNOWN -> mayBeRepeated && !(failure instanceof InterruptedException);
        };
    }

    private O fallBack(I input, @Nullable Throwable cause, long begun) throws Exception {
        boolean isInTime = isInTime(begun);
        if (!isInTime || !fallbacks.tryAcquire()) {
            if (cause != null) {
                tellIfUnknown(Side.TARGET, input, cause);
                throw Thrown.<Exception>as(cause);
            }
            throw new FallbackRefusedException("'" + subject + "' of migration '" + migration.name()
                    + "' was called on neither side: the target's breaker is open, and "
                    + (isInTime
                            ? "legacy has all the fallbacks it may; raise concurrentFallbacks(..) if it can bear more"
                            : "the caller's time is over: fallBackWithin(..), or the limit of its scope"));
        }
        try {
            migration.publish(new MigrationEvent.FellBack(migration.name(), subject, Side.TARGET, cause));
            return answered(Side.LEGACY, legacy, input);
        } finally {
            fallbacks.release();
        }
    }

    private boolean isInTime(long begun) {
        return migration.nanosLeft() > 0
                && (fallBackWithin == Long.MAX_VALUE || migration.nanoTime() - begun < fallBackWithin);
    }

    /** A call whose failure is the caller's. */
    private O answered(Side side, Call<? super I, ? extends O> call, I input) throws Exception {
        try {
            return measured(side, call, input);
        } catch (Exception | Error failure) {
            tellIfUnknown(side, input, failure);
            throw failure;
        }
    }

    /** Of a call that may be repeated at will nobody needs to know how it has ended, unless somebody has asked. */
    private void tellIfUnknown(Side side, I input, Throwable failure) {
        if ((isIdempotent && onUnknown == null) || outcomes.of(failure) != Outcome.UNKNOWN) {
            return;
        }
        migration.publish(new MigrationEvent.OutcomeUnknown(migration.name(), subject, side, failure));
        if (onUnknown != null) {
            try {
                onUnknown.accept(input);
            } catch (RuntimeException | Error broken) {
                failure.addSuppressed(broken);
            }
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
