package dev.migrate.items;

import dev.migrate.Gate;
import dev.migrate.KeyCodec;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.backfill.BackfillInterruptedException;
import dev.migrate.backfill.Throttle;
import dev.migrate.internal.Waiting;
import dev.migrate.internal.option.Bounds;
import dev.migrate.internal.option.Required;
import dev.migrate.internal.pace.Orders;
import dev.migrate.internal.write.Cover;
import dev.migrate.internal.write.KeyNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Copies the items that a legacy collection had before the migration began into the target collection, while the application goes on.
 *
 * <p>Each item is streamed, its length and SHA-256 checked from what legacy says to what the target has stored; none is ever whole in memory. An item
 * that the target has already is never overwritten. Items that are written meanwhile are handed to the journal once more, as {@link
 * dev.migrate.backfill.Backfill} does with rows. The progress is in the migration's store: a backfill that was cut off goes on with the batch at which
 * it was. Only while writes are copied and legacy is authoritative: from {@code DUAL_WRITE} to {@code SHADOW}, beside a router of the same records.
 *
 * <p>An item that fails is tried again after a pause; one that fails at every attempt is parked in the journal, and the backfill goes on. Where a side
 * cannot even be listed, no item is to blame, and the run ends with that failure.
 *
 * <pre>{@code
 * ItemBackfillReport copied = ItemBackfill.of(documents).legacy(files).target(bucket).build().run();
 * }</pre>
 *
 * <p>What cannot share a transaction with its books cannot be fenced by them: a process that is paused for longer than another needs to finish the
 * backfill may still write an item that was deleted since. It then owes the key again; where it dies before that, a reconciliation finds the item.
 *
 * <p>Thread-safe; it works on the thread that calls {@link #run}.
 */
public final class ItemBackfill {
    final Migration migration;
    final ReadableItems legacy;
    final Items target;
    final String records;
    final KeyNames<String> names;
    final int batchItems;
    final int attempts;
    final int mostParked;
    final boolean readsBack;
    final List<Throttle> throttles;
    final Duration staleAfter;
    final Orders orders;
    final Consumer<Point> probe;
    final Consumer<Duration> pause;

    /** The points between any two steps of a backfill, at which a test may cut it off. */
    enum Point {
        PLANNED,
        COPIED,
        LOOKED_INTO_JOURNAL,
        OWED,
        PARKED,
        DONE
    }

    private ItemBackfill(Builder options, ReadableItems legacy, Items target) {
        this.migration = options.migration;
        this.legacy = legacy;
        this.target = target;
        this.records = options.records;
        this.names = new KeyNames<>(migration, options.codec, options.partition);
        this.batchItems = options.batchItems;
        this.attempts = options.attempts;
        this.mostParked = options.mostParked;
        this.readsBack = options.readsBack;
        this.throttles = List.copyOf(options.throttles);
        this.staleAfter = options.staleAfter;
        this.orders = new Orders(migration, records, why -> new BackfillInterruptedException(this + why));
        this.probe = options.probe;
        this.pause = options.pause;
    }

    /** Begins to describe a backfill. */
    public static Builder of(Migration migration) {
        return new Builder(migration);
    }

    /**
     * Copies all that is not yet copied, and returns when it is done.
     *
     * @throws MigrationException where the migration does not stand between {@code DUAL_WRITE} and {@code SHADOW}, where no router has written these
     *     records, where somebody else runs the same backfill, or where more items failed than {@link Builder#mostParked} says
     * @throws BackfillInterruptedException where the thread is interrupted, or the backfill is cancelled
     */
    public ItemBackfillReport run() throws Exception {
        return new ItemBackfillRun(this).go();
    }

    /**
     * Has every node wait before its next batch of this backfill, also where it is run only later; {@link #run} waits with it. An order in the
     * store, which nodes and restarts do not end.
     *
     * @param why for the audit trail and for whoever sees it wait; not blank
     */
    public void pause(String why) {
        orders.pause(why);
    }

    /** Ends a pause, or takes back a cancellation; does nothing where there is neither. */
    public void resume(String why) {
        orders.resume(why);
    }

    /**
     * Has {@link #run} end on every node before its next batch, with a {@link BackfillInterruptedException}, and refuse to begin, until {@link
     * #resume}. What is copied stays; the backfill is not done, and so still keeps authority from moving.
     *
     * @param why for the audit trail and for whoever calls {@code run}; not blank
     */
    public void cancel(String why) {
        orders.cancel(why);
    }

    /** A gate that is open when every item was looked at, whoever ran it. Parked items are the journal's: see {@code debtBelow} of the router. */
    public Gate done() {
        return () -> unfinished().map(what -> this + " is not done: " + what);
    }

    /** What is left to do; empty where nothing is. */
    Optional<String> unfinished() {
        Optional<ItemProgress> stored = new StoredProgress(migration, records, toString()).find();
        long generation = Cover.generation(migration);
        if (stored.filter(found -> found.generation() == generation).isEmpty()) {
            return Optional.of("it was not begun");
        }
        return stored.get().state() == ItemProgress.State.DONE
                ? Optional.empty()
                : Optional.of(stored.get().counts().read() + " items are done");
    }

    /** What no process moves authority without. */
    String part() {
        return "backfill of items '" + records + "'";
    }

    @Override
    public String toString() {
        return "ItemBackfill[" + migration.name() + "/" + records + ": " + legacy.name() + " to " + target.name() + "]";
    }

    /** Describes a backfill of items; not thread-safe. */
    public static final class Builder {
        private final Migration migration;
        private @Nullable ReadableItems legacy;
        private @Nullable Items target;
        private String records = Records.DEFAULT_NAME;
        private @Nullable KeyCodec<String> codec;
        private @Nullable Function<? super String, ?> partition;
        private int batchItems = 50;
        private int attempts = 5;
        private int mostParked = 100;
        private boolean readsBack;
        private final List<Throttle> throttles = new ArrayList<>();
        private Duration staleAfter = Duration.ofSeconds(10);
        private Consumer<Point> probe = point -> {};
        private Consumer<Duration> pause = length -> Waiting.pause(length.toNanos());

        private Builder(Migration migration) {
            this.migration = migration;
        }

        /** The collection to copy from; required. */
        public Builder legacy(ReadableItems legacy) {
            this.legacy = legacy;
            return this;
        }

        /** The collection to copy to; required. */
        public Builder target(Items target) {
            this.target = target;
            return this;
        }

        /** The name of these records, as it was given to the router. Default: {@link Records#DEFAULT_NAME}. */
        public Builder records(String name) {
            this.records = name;
            return this;
        }

        /** The canonical text of the items' keys, as it was given to the router; for keys of more than 510 characters. Default: the key itself. */
        public Builder keyCodec(KeyCodec<String> codec) {
            this.codec = codec;
            return this;
        }

        /** What of a key decides its bucket, as it was given to the router. Default: the whole key. */
        public Builder partition(Function<? super String, ?> partition) {
            this.partition = partition;
            return this;
        }

        /** How many items are copied between two notes of the progress, and looked at again after a crash: 1 to 50. Default: 50. */
        public Builder batchItems(int batchItems) {
            this.batchItems = Bounds.between("batchItems", batchItems, 50);
            return this;
        }

        /** How often an item is tried before it is parked, with pauses from a fifth of a second to ten: 1 to 100. Default: 5. */
        public Builder attempts(int attempts) {
            this.attempts = Bounds.between("attempts", attempts, 100);
            return this;
        }

        /** How many items a run may park before it gives up, because the fault is not theirs: 1 to 100,000. Default: 100. */
        public Builder mostParked(int mostParked) {
            this.mostParked = Bounds.between("mostParked", mostParked, 100_000);
            return this;
        }

        /** Whether an item that was written is read again even where the target says the digest of what it has stored. Default: no. */
        public Builder readsBack(boolean readsBack) {
            this.readsBack = readsBack;
            return this;
        }

        /** What the backfill gives way to before each batch, besides the debt of the router. Several are all asked. Default: nothing. */
        public Builder throttle(Throttle throttle) {
            this.throttles.add(throttle);
            return this;
        }

        /** From which age on the signal of a throttle counts as none; positive. Default: ten seconds. */
        public Builder staleAfter(Duration age) {
            this.staleAfter = Bounds.positive("staleAfter", age);
            return this;
        }

        Builder probe(Consumer<Point> probe) {
            this.probe = probe;
            return this;
        }

        Builder pause(Consumer<Duration> pause) {
            this.pause = pause;
            return this;
        }

        /**
         * Makes the backfill; nothing is read yet. From then on this process moves no authority to the target before it is done.
         *
         * @throws MigrationException where a collection is missing
         */
        public ItemBackfill build() {
            Required required = new Required("the backfill of items", migration.name(), "collection");
            ItemBackfill backfill =
                    new ItemBackfill(this, required.given("legacy", legacy), required.given("target", target));
            migration.attach(new HeldAuthority(backfill));
            return backfill;
        }
    }
}
