package dev.migrate.fallback;

import dev.migrate.Call;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Outcome;
import dev.migrate.internal.call.Outcomes;
import dev.migrate.internal.option.Bounds;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The options of a {@link LegacyFallback}. Not thread-safe.
 *
 * @param <I> the argument
 * @param <O> the answer
 */
public final class LegacyFallbackBuilder<I extends @Nullable Object, O extends @Nullable Object> {
    final Migration migration;
    final Call<? super I, ? extends O> legacy;
    final Outcomes outcomes = new Outcomes();
    String subject;

    @Nullable Call<? super I, ? extends O> target;

    @Nullable Function<? super I, ? extends @Nullable Object> key;

    boolean isIdempotent;

    @Nullable Function<? super I, ? extends @Nullable Object> idempotencyKey;

    @Nullable Consumer<? super I> onUnknown;

    int concurrentFallbacks = 64;

    @Nullable Duration fallBackWithin;

    private double openAtFailurePercent = 50;
    private Duration retryTargetAfter = Duration.ofSeconds(30);
    private int window = 100;
    private int minimumCalls = 20;
    private int probes = 3;

    LegacyFallbackBuilder(Migration migration, Call<? super I, ? extends O> legacy) {
        this.migration = migration;
        this.subject = migration.name();
        this.legacy = Objects.requireNonNull(legacy, "legacy");
    }

    /** The target side; required. */
    public LegacyFallbackBuilder<I, O> target(Call<? super I, ? extends O> target) {
        this.target = target;
        return this;
    }

    /** The name in events and messages, for several fallbacks in one migration. Default: the migration's. */
    public LegacyFallbackBuilder<I, O> named(String subject) {
        this.subject = subject;
        return this;
    }

    /** What decides the stage of a call while a share of the keys has moved on; then required. Not null for any argument. */
    public LegacyFallbackBuilder<I, O> key(Function<? super I, ? extends @Nullable Object> key) {
        this.key = key;
        return this;
    }

    /** Exceptions, subclasses included, that prove that the call never left: fall back. Causes are not looked at. */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final LegacyFallbackBuilder<I, O> notSent(Class<? extends Throwable>... thrown) {
        return declare("notSent", Outcome.NOT_SENT, thrown);
    }

    /** Exceptions, subclasses included, with which the target says that it did nothing: fall back. */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final LegacyFallbackBuilder<I, O> rejected(Class<? extends Throwable>... thrown) {
        return declare("rejected", Outcome.REJECTED, thrown);
    }

    /** Exceptions, subclasses included, that are answers: they reach the caller, and are no failure of the target. */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final LegacyFallbackBuilder<I, O> business(Class<? extends Throwable>... thrown) {
        return declare("business", Outcome.BUSINESS, thrown);
    }

    private LegacyFallbackBuilder<I, O> declare(String option, Outcome outcome, Class<? extends Throwable>[] thrown) {
        for (Class<? extends Throwable> each : thrown) {
            outcomes.declare(option, outcome, each);
        }
        return this;
    }

    /**
     * Asked before the declared classes, for exceptions that tell by more than their class, such as a status code; null leaves it
     * to the classes. What it throws is logged, and the outcome is {@code UNKNOWN}.
     */
    public LegacyFallbackBuilder<I, O> classifiedBy(
            Function<? super Throwable, ? extends @Nullable Outcome> classifier) {
        outcomes.classifiedBy(classifier);
        return this;
    }

    /** Declares that doing it twice is doing it once: falls back on anything but a business answer. */
    public LegacyFallbackBuilder<I, O> idempotent() {
        this.isIdempotent = true;
        return this;
    }

    /**
     * What of an argument both sides recognise a repetition by, such as a number that the client gave its payment: doing it twice with the
     * same key is doing it once, on whichever sides. A call that has one falls back like an {@link #idempotent} one, with the same argument
     * and so the same key; while it runs, others with an equal key wait for what becomes of it instead of being made. Null for a call that
     * has none. Default: none.
     */
    public LegacyFallbackBuilder<I, O> idempotencyKey(Function<? super I, ? extends @Nullable Object> key) {
        this.idempotencyKey = key;
        return this;
    }

    /**
     * Told of the argument of a call that reached its caller without saying whether something was done, by time-out, reset, or half-way, before
     * the failure does. Where the call writes what a router keeps equal on both sides, let the router owe it: {@code
     * charge -> router.perhapsTouched(List.of(charge.id()))}. Runs on the caller's thread; what it throws is added to the failure as suppressed.
     * A call that ends with its process is told to nobody, and is found by reconciliation. Default: nobody is told.
     */
    public LegacyFallbackBuilder<I, O> onUnknown(Consumer<? super I> told) {
        this.onUnknown = told;
        return this;
    }

    /** The share of failed calls, above 0 and at most 100, at which the target is no longer called. Default: 50. */
    public LegacyFallbackBuilder<I, O> openAtFailurePercent(double percent) {
        if (!(percent > 0 && percent <= 100)) {
            throw new MigrationException("openAtFailurePercent must be above 0 and at most 100, but was " + percent
                    + "; 100 opens only" + " when every call fails");
        }
        this.openAtFailurePercent = percent;
        return this;
    }

    /** How many of the latest calls the share is taken of; at least 1. Default: 100. */
    public LegacyFallbackBuilder<I, O> window(int calls) {
        this.window = Bounds.positive("window", calls);
        return this;
    }

    /** How many calls must have ended before the share counts; at least 1, at most the window. Default: 20. */
    public LegacyFallbackBuilder<I, O> minimumCalls(int calls) {
        this.minimumCalls = Bounds.positive("minimumCalls", calls);
        return this;
    }

    /** How long the target is left alone; at least one millisecond. Also how long probes may take before others follow. Default: 30 seconds. */
    public LegacyFallbackBuilder<I, O> retryTargetAfter(Duration wait) {
        this.retryTargetAfter = Bounds.atLeast("retryTargetAfter", wait, Duration.ofMillis(1));
        return this;
    }

    /** How many calls try whether the target is back; at least 1. Default: 3. */
    public LegacyFallbackBuilder<I, O> probes(int calls) {
        this.probes = Bounds.positive("probes", calls);
        return this;
    }

    /** How many fallbacks may run at a time, so that a dying target does not topple legacy; at least 1. Default: 64. */
    public LegacyFallbackBuilder<I, O> concurrentFallbacks(int calls) {
        this.concurrentFallbacks = Bounds.positive("concurrentFallbacks", calls);
        return this;
    }

    /** No fallback begins later than this after the call began; positive. Set it to the caller's own time limit. Default: no limit. */
    public LegacyFallbackBuilder<I, O> fallBackWithin(Duration limit) {
        this.fallBackWithin = Bounds.positive("fallBackWithin", limit, "leave it out for no limit");
        return this;
    }

    TargetBreaker.Limits limits() {
        return new TargetBreaker.Limits(openAtFailurePercent, window, minimumCalls, retryTargetAfter, probes);
    }

    /** Makes the fallback. */
    public LegacyFallback<I, O> build() {
        if (target == null) {
            throw new MigrationException("target of '" + subject + "' in migration '" + migration.name()
                    + "' is missing; give it with target(..)");
        }
        if (minimumCalls > window) {
            throw new MigrationException("minimumCalls must be at most the window of " + window + " calls, but was "
                    + minimumCalls + "; lower it, or raise window(..)");
        }
        return new LegacyFallback<>(this, target);
    }
}
