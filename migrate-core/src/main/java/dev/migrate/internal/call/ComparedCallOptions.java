package dev.migrate.internal.call;

import dev.migrate.Call;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.internal.option.Bounds;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The options of a {@link ComparedCall}, checked as they are set. Not thread-safe. */
public final class ComparedCallOptions<I extends @Nullable Object, O extends @Nullable Object> {
    /** Told of answers that differ. */
    @FunctionalInterface
    public interface Disagreement<I extends @Nullable Object, O extends @Nullable Object> {
        /** The sides disagree. */
        void on(I input, Answer<O> legacy, Answer<O> target);
    }

    /** Knows of writes that one side has and the other may not have yet. */
    public interface Movement<I extends @Nullable Object> {
        /** Whether what the call reads is owed by either side to the other. */
        boolean isOwed(I input) throws Exception;

        /** The same as far as this node knows, without asking a side: true where in doubt. */
        boolean mayBeOwed(I input);
    }

    final Migration migration;
    final Call<? super I, ? extends O> legacy;
    String subject;
    int partsPerMillion = Position.BUCKETS;
    Duration timeout = Duration.ofSeconds(1);
    BiPredicate<? super O, ? super O> comparator = Objects::deepEquals;
    Disagreement<I, O> disagreement = (input, left, right) -> {};

    @Nullable Movement<? super I> movement;

    int concurrentFallbacks = 64;
    private @Nullable Call<? super I, ? extends O> target;
    private @Nullable Function<? super I, ? extends @Nullable Object> key;
    private boolean isKeyless;
    private List<Class<? extends Throwable>> business = List.of();

    /** Options with the defaults. */
    public ComparedCallOptions(Migration migration, Call<? super I, ? extends O> legacy) {
        this.migration = migration;
        this.subject = migration.name();
        this.legacy = Objects.requireNonNull(legacy, "legacy");
    }

    private ComparedCallOptions(ComparedCallOptions<I, O> same) {
        this.migration = same.migration;
        this.legacy = same.legacy;
        this.subject = same.subject;
        this.partsPerMillion = same.partsPerMillion;
        this.timeout = same.timeout;
        this.comparator = same.comparator;
        this.disagreement = same.disagreement;
        this.movement = same.movement;
        this.concurrentFallbacks = same.concurrentFallbacks;
        this.target = same.target;
        this.key = same.key;
        this.isKeyless = same.isKeyless;
        this.business = same.business;
    }

    /** The target side. */
    public void target(Call<? super I, ? extends O> side) {
        target = side;
    }

    /** The name in events and messages. */
    public void named(String name) {
        subject = name;
    }

    /** What decides the stage, and whether a call is in the sample. */
    public void key(Function<? super I, ? extends @Nullable Object> by) {
        key = by;
    }

    /** The calls concern no key, and stay on the earlier stage until all keys have moved on. */
    public void keyless() {
        isKeyless = true;
    }

    /** The share of calls that are compared. */
    public void percent(double percent) {
        partsPerMillion = Position.partsPerMillion(percent);
    }

    /** How long the shadow may take. */
    public void timeout(Duration limit) {
        timeout = Bounds.positive(
                "timeout of '" + subject + "'",
                limit,
                "give a longer time: it bounds only the shadow, never the caller");
    }

    /** Whether two answers, legacy's first, neither of them null, are equal. */
    public void comparator(BiPredicate<? super O, ? super O> equal) {
        comparator = equal;
    }

    /** Told of answers that differ, on a thread of the migration's. */
    public void onDisagreement(Disagreement<I, O> listener) {
        disagreement = listener;
    }

    /** There are writes too: a difference is looked at again, and legacy does not answer while it may lack one. */
    public void moving(Movement<? super I> knows) {
        movement = knows;
    }

    /** Exceptions that are answers. */
    public void business(List<Class<? extends Throwable>> thrown) {
        business = List.copyOf(thrown);
    }

    /** How many calls may fall back to legacy at a time. */
    public void concurrentFallbacks(int calls) {
        concurrentFallbacks = Bounds.positive("concurrentFallbacks of '" + subject + "'", calls);
    }

    CallStage<I> stages() {
        return isKeyless ? CallStage.keyless(migration, subject) : CallStage.of(migration, subject, key);
    }

    boolean isBusiness(Throwable failure) {
        for (Class<? extends Throwable> type : business) {
            if (type.isInstance(failure)) {
                return true;
            }
        }
        return false;
    }

    /** Makes the call, or says what is missing. */
    public ComparedCall<I, O> build() {
        if (target == null) {
            throw new MigrationException("target of '" + subject + "' in migration '" + migration.name()
                    + "' is missing; give it with target(..)");
        }
        return new ComparedCall<>(new ComparedCallOptions<>(this), target);
    }
}
