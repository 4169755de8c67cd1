package dev.migrate.internal.call;

import dev.migrate.Call;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationEvent.Comparison;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.internal.Buckets;
import dev.migrate.internal.CanonicalKeys;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call without effects, answered by the authoritative side on the caller's thread; where the stage compares reads, a sample of
 * the calls is also made on the shadow, on the migration's threads, and the answers are compared there.
 *
 * <p>The caller hands the shadow's call over before it makes its own, and never waits for it. Each side is called at most once for
 * a call: a {@link SampledCall} is claimed by whoever runs it. On LIVE a failed target's call is answered by legacy: by the
 * sampled call if there is one, waited for or run by the caller itself, else by a call of its own, of which only so many run at a
 * time. Whatever goes wrong in sampling, comparing or telling is contained.
 */
public final class ComparedCall<I extends @Nullable Object, O extends @Nullable Object> {
    private static final Logger LOG = LoggerFactory.getLogger(ComparedCall.class);

    /** With so many calls of the shadow given up on and still running, no more are begun until one ends. */
    static final int HUNG_AT_MOST = 2;

    final Migration migration;
    final ComparedCallOptions<I, O> options;
    private final CallStage<I> stages;
    private final Call<? super I, ? extends O> target;
    private final Buckets sampling;
    private final Semaphore fallbacks;
    private final AtomicInteger hung = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();

    ComparedCall(ComparedCallOptions<I, O> options, Call<? super I, ? extends O> target) {
        this.migration = options.migration;
        this.options = options;
        this.stages = options.stages();
        this.target = target;
        this.sampling = Buckets.salted("sample:" + migration.name() + "/" + options.subject);
        this.fallbacks = new Semaphore(options.concurrentFallbacks);
    }

    /** Makes the call. */
    public O call(I input) throws Exception {
        Stage stage = stages.of(input);
        Side authoritative = stage.authoritative();
        if (!stage.comparesReads()) {
            return measured(authoritative, input);
        }
        SampledCall<I, O> sampled = isSampled(input) ? offered(stage.shadow(), input) : null;
        O answer;
        try {
            answer = measured(authoritative, input);
        } catch (Exception | Error failure) {
            if (sampled != null) {
                sampled.authoritativeEnded(Answer.threw(failure));
            }
            if (authoritative == Side.LEGACY || failure instanceof InterruptedException || isMoving(input)) {
                throw failure;
            }
            return legacyInstead(sampled, input, failure);
        }
        if (sampled != null) {
            sampled.authoritativeEnded(Answer.returned(answer));
        }
        return answer;
    }

    private boolean isSampled(I input) {
        int share = options.partsPerMillion;
        if (share == Position.BUCKETS || share == 0) {
            return share != 0;
        }
        if (!stages.isKeyed()) {
            return ThreadLocalRandom.current().nextInt(Position.BUCKETS) < share;
        }
        try {
            return sampling.of((long) migration.bucketOf(stages.keyOf(input))) < share;
        } catch (RuntimeException | Error failure) {
            LOG.warn(
                    "'{}' of migration '{}' could not sample a call by key",
                    options.subject,
                    migration.name(),
                    failure);
            return false;
        }
    }

    private @Nullable SampledCall<I, O> offered(Side shadow, I input) {
        if (isClogged()) {
            dropped();
            return null;
        }
        SampledCall<I, O> sampled = new SampledCall<>(this, shadow, input);
        return handOver(sampled) ? sampled : null;
    }

    /** Hands work to the migration's threads; false, and never a failure, where they cannot take it. */
    boolean handOver(Runnable work) {
        try {
            return migration.offerToShadow(work);
        } catch (RuntimeException | Error failure) {
            LOG.warn("'{}' of migration '{}' could not hand work over", options.subject, migration.name(), failure);
            return false;
        }
    }

    private O legacyInstead(@Nullable SampledCall<I, O> sampled, I input, Throwable failure) throws Exception {
        Answer<O> legacy = sampled == null ? fallBack(input) : sampled.inHand();
        if (legacy == null || legacy.isFailure()) {
            throw Thrown.<Exception>as(failure);
        }
        migration.publish(new MigrationEvent.FellBack(migration.name(), options.subject, Side.TARGET, failure));
        return legacy.returned();
    }

    /** Legacy may not have the latest write yet: an older answer is worse than none. */
    private boolean isMoving(I input) {
        return options.movement != null && options.movement.mayBeOwed(input);
    }

    private @Nullable Answer<O> fallBack(I input) {
        if (!fallbacks.tryAcquire()) {
            return null;
        }
        try {
            return answer(Side.LEGACY, input);
        } finally {
            fallbacks.release();
        }
    }

    /** Calls a side, whatever it does. */
    Answer<O> answer(Side side, I input) {
        try {
            return Answer.returned(measured(side, input));
        } catch (Exception | Error failure) {
            return Answer.threw(failure);
        }
    }

    private O measured(Side side, I input) throws Exception {
        Call<? super I, ? extends O> call = side == Side.LEGACY ? options.legacy : target;
        if (!migration.traffic().isWatched()) {
            return call.call(input);
        }
        long begun = migration.nanoTime();
        boolean isFailure = true;
        try {
            O answer = call.call(input);
            isFailure = false;
            return answer;
        } catch (Exception | Error failure) {
            isFailure = !options.isBusiness(failure);
            throw failure;
        } finally {
            migration.traffic().record(side, migration.nanoTime() - begun, isFailure);
        }
    }

    boolean isClogged() {
        return hung.get() >= HUNG_AT_MOST;
    }

    void givenUp() {
        hung.incrementAndGet();
        migration.threads().standIn();
    }

    void endedAfterAll() {
        hung.decrementAndGet();
        migration.threads().standDown();
    }

    void dropped() {
        dropped.increment();
        migration.publish(new MigrationEvent.ShadowWorkDropped(
                migration.name(), migration.threads().dropped() + dropped.sum()));
    }

    /** Compares, and tells; never throws. The shadow's answer is null where it did not come in time. */
    void compare(Side shadow, I input, Answer<O> authoritative, @Nullable Answer<O> answered) {
        try {
            Comparison result = answered == null
                    ? Comparison.SHADOW_TIMED_OUT
                    : lookedAtAgain(shadow, input, authoritative, compared(shadow, authoritative, answered));
            migration.publish(new MigrationEvent.ReadCompared(
                    migration.name(), options.subject, shadow.other(), keyText(input), result));
            if (answered != null && (result == Comparison.DIFFERENT || result == Comparison.SHADOW_FAILED)) {
                boolean isLegacyShadow = shadow == Side.LEGACY;
                options.disagreement.on(
                        input, isLegacyShadow ? answered : authoritative, isLegacyShadow ? authoritative : answered);
            }
        } catch (Exception | Error failure) {
            LOG.warn(
                    "comparing '{}' in migration '{}', or its onMismatch(..), failed",
                    options.subject,
                    migration.name(),
                    failure);
        }
    }

    /** What reads differ in may be on its way from one side to the other, or may have arrived between the two calls. */
    private Comparison lookedAtAgain(Side shadow, I input, Answer<O> authoritative, Comparison result)
            throws Exception {
        ComparedCallOptions.Movement<? super I> movement = options.movement;
        if (movement == null || result != Comparison.DIFFERENT) {
            return result;
        }
        if (movement.isOwed(input)) {
            return Comparison.IN_FLIGHT;
        }
        Answer<O> shadowAgain = answer(shadow, input);
        Answer<O> again = answer(shadow.other(), input);
        Comparison second = compared(shadow, again, shadowAgain);
        boolean hasMoved = compared(shadow, authoritative, again) != Comparison.EQUAL;
        return second == Comparison.DIFFERENT && (hasMoved || movement.isOwed(input)) ? Comparison.IN_FLIGHT : second;
    }

    private Comparison compared(Side shadow, Answer<O> authoritative, Answer<O> answered) {
        Throwable expected = authoritative.failure();
        Throwable failure = answered.failure();
        if (expected != null && failure != null) {
            return expected.getClass() == failure.getClass() ? Comparison.EQUAL : Comparison.DIFFERENT;
        }
        if (failure != null) {
            return Comparison.SHADOW_FAILED;
        }
        if (expected != null) {
            return Comparison.DIFFERENT;
        }
        O legacy = shadow == Side.LEGACY ? answered.value() : authoritative.value();
        O given = shadow == Side.LEGACY ? authoritative.value() : answered.value();
        if (legacy == null || given == null) {
            return legacy == null && given == null ? Comparison.EQUAL : Comparison.DIFFERENT;
        }
        try {
            return options.comparator.test(legacy, given) ? Comparison.EQUAL : Comparison.DIFFERENT;
        } catch (RuntimeException | Error broken) {
            LOG.warn("comparator(..) of '{}' in migration '{}' failed", options.subject, migration.name(), broken);
            return Comparison.COMPARATOR_FAILED;
        }
    }

    private String keyText(I input) {
        if (!stages.isKeyed()) {
            return "";
        }
        try {
            return CanonicalKeys.encode(stages.keyOf(input));
        } catch (RuntimeException | Error unknown) {
            return "";
        }
    }
}
