package dev.migrate.parallelrun;

import dev.migrate.Call;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.internal.call.ComparedCall;
import dev.migrate.internal.call.ComparedCallOptions;
import dev.migrate.internal.call.Thrown;
import java.time.Duration;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call without effects that one side answers while a sample of the calls is made on the other side too, and compared.
 *
 * <p>For searches, computations, lookups; not for anything that changes something, because it may be done on both sides. The
 * stage decides: at LEGACY_ONLY and DUAL_WRITE legacy alone is called, on SHADOW legacy answers and the target is compared, on LIVE
 * the target answers, legacy is compared, and answers where the target fails; from RAMP_DOWN on the target alone is called.
 *
 * <p>The caller pays for the authoritative call alone: the shadow's call and the comparison run on the migration's threads, with
 * the caller's MDC and registered thread-locals. Where these are full, the call is dropped from the sample and counted. A call of
 * the shadow that exceeds the time-out is interrupted and counted; while two of them do not end even so, no more are begun.
 * Each comparison is published as the event {@code ReadCompared}, without values.
 *
 * <pre>{@code
 * ParallelRun<Query, Page> search = ParallelRun.of(searchMove).legacy(solr::search).target(openSearch::search)
 *     .percent(10).timeout(Duration.ofMillis(300)).build();
 * Page page = search.call(query);
 * }</pre>
 *
 * <p>The argument is used on another thread after the call has returned, and so is the answer: they should not be changed. Nothing
 * to close: the threads are the migration's. Thread-safe.
 *
 * @param <I> the argument
 * @param <O> the answer
 */
public final class ParallelRun<I extends @Nullable Object, O extends @Nullable Object> {
    private final ComparedCall<I, O> compared;

    private ParallelRun(ComparedCall<I, O> compared) {
        this.compared = compared;
    }

    /** Begins to describe a parallel run. */
    public static Start of(Migration migration) {
        return new Start(migration);
    }

    /**
     * Makes the call.
     *
     * @param <X> a checked exception of the sides that the caller wants to catch: {@code search.<IOException>call(query)};
     *     without it the compiler asks for no {@code catch}, and the same exceptions come
     * @return the authoritative side's answer, or legacy's where the stage is LIVE and the target failed
     * @throws X what the authoritative side threw, as it was thrown
     * @throws MigrationException where a share of the keys has moved on and there is no {@code key}
     */
    public <X extends Exception> O call(I input) throws X {
        try {
            return compared.call(input);
        } catch (Exception failure) {
            throw Thrown.<X>as(failure);
        }
    }

    /** The first step of the description: legacy, which settles the types. */
    public static final class Start {
        private final Migration migration;

        private Start(Migration migration) {
            this.migration = migration;
        }

        /** The legacy side. */
        public <I extends @Nullable Object, O extends @Nullable Object> Builder<I, O> legacy(Call<I, O> legacy) {
            return new Builder<>(new ComparedCallOptions<>(migration, legacy));
        }
    }

    /**
     * The options of a parallel run. Not thread-safe.
     *
     * @param <I> the argument
     * @param <O> the answer
     */
    public static final class Builder<I extends @Nullable Object, O extends @Nullable Object> {
        private final ComparedCallOptions<I, O> options;

        private Builder(ComparedCallOptions<I, O> options) {
            this.options = options;
        }

        /** The target side; required. */
        public Builder<I, O> target(Call<? super I, ? extends O> target) {
            options.target(target);
            return this;
        }

        /** The name in events and messages, for several runs in one migration. Default: the migration's. */
        public Builder<I, O> named(String subject) {
            options.named(subject);
            return this;
        }

        /**
         * What decides the stage of a call while a share of the keys has moved on, then required; and whether a call is in the
         * sample: the same key, always or never. Without it the sample is random.
         */
        public Builder<I, O> key(Function<? super I, ? extends @Nullable Object> key) {
            options.key(key);
            return this;
        }

        /** The share of calls that are compared, 0 to 100, with at most four decimals. Default: 100. */
        public Builder<I, O> percent(double percent) {
            options.percent(percent);
            return this;
        }

        /** How long the shadow may take, from when its call begins; positive. The caller is never held. Default: one second. */
        public Builder<I, O> timeout(Duration timeout) {
            options.timeout(timeout);
            return this;
        }

        /**
         * Whether two answers, legacy's first, are equal; asked only where neither is null. What it throws is logged and counted.
         * Default: {@link java.util.Objects#deepEquals}.
         */
        public Builder<I, O> comparator(BiPredicate<? super O, ? super O> equal) {
            options.comparator(equal);
            return this;
        }

        /** Receives answers that differ, values included, on a thread of the migration's; what it throws is logged. Default: none. */
        public Builder<I, O> onMismatch(Consumer<? super Mismatch<I, O>> listener) {
            options.onDisagreement((input, legacy, target) -> listener.accept(
                    new Mismatch<>(input, legacy.value(), legacy.failure(), target.value(), target.failure())));
            return this;
        }

        /** Exceptions, subclasses included, that are answers of the domain, and no failure for a guard that watches. Default: none. */
        @SafeVarargs
        @SuppressWarnings("varargs") // only read
        public final Builder<I, O> business(Class<? extends Throwable>... thrown) {
            options.business(List.of(thrown));
            return this;
        }

        /** How many calls may fall back to legacy at a time, apart from those compared anyway; at least 1. Default: 64. */
        public Builder<I, O> concurrentFallbacks(int calls) {
            options.concurrentFallbacks(calls);
            return this;
        }

        /** Makes the parallel run. */
        public ParallelRun<I, O> build() {
            return new ParallelRun<>(options.build());
        }
    }
}
