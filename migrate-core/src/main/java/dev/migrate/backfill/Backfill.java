package dev.migrate.backfill;

import dev.migrate.Gate;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.Step;
import dev.migrate.StepParticipant;
import dev.migrate.internal.Waiting;
import dev.migrate.internal.option.Bounds;
import dev.migrate.internal.option.Required;
import dev.migrate.internal.pace.Orders;
import dev.migrate.internal.write.Cover;
import dev.migrate.table.Chunks;
import dev.migrate.table.Mapping;
import dev.migrate.table.TableSide;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies the rows that a legacy table had before the migration began into the target table, while the application goes on.
 *
 * <p>Nothing is locked. The table is cut into chunks of keys; a chunk's rows and the note that it is copied commit together, so a
 * backfill that was cut off goes on exactly where it stood when {@link #run} is called again, on this node or on another. Rows
 * that the target has already, or has already seen deleted, are left alone; keys that are written meanwhile are handed to the
 * journal once more, after the chunk. Only for keys whose authoritative side is legacy, and only while their writes are copied: from
 * {@code DUAL_WRITE} to {@code SHADOW}. While a backfill of this process is not done, authority does not move to the target.
 *
 * <pre>{@code
 * BackfillReport copied = Backfill.of(orders).legacy(table).target(targetTable).build().run();
 * }</pre>
 *
 * <p>A row that the mapping or the target refuses ends the backfill, unless {@link Builder#reviewRefused} has it be left out and reviewed.
 *
 * <p>Thread-safe; it works on the thread that calls {@link #run}.
 */
public final class Backfill {
    final Migration migration;
    final TableSide legacy;
    final TableSide target;
    final Mapping mapping;
    final int chunkRows;
    final @Nullable Duration chunkTime;
    final int attempts;
    final Duration lease;
    final List<Gate> gates;
    final List<Throttle> throttles;
    final Duration staleAfter;
    final Orders orders;
    final int mostRefused;
    final Consumer<Point> probe;
    final Consumer<Duration> pause;

    /** The points between any two steps of a backfill, at which a test may cut it off. */
    enum Point {
        BEGUN,
        PLANNED,
        CLAIMED,
        WRITTEN,
        COPIED,
        LOOKED_INTO_JOURNAL,
        OWED,
        REVIEWED,
        DONE
    }

    private Backfill(Builder options, TableSide legacy, TableSide target) {
        this.migration = options.migration;
        this.legacy = legacy;
        this.target = target;
        this.mapping = options.mapping;
        this.chunkRows = options.chunkRows;
        this.chunkTime = options.chunkTime;
        this.attempts = options.attempts;
        this.lease = options.lease;
        this.gates = List.copyOf(options.gates);
        this.throttles = List.copyOf(options.throttles);
        this.staleAfter = options.staleAfter;
        this.orders = new Orders(migration, target.records(), why -> new BackfillInterruptedException(this + why));
        this.mostRefused = options.mostRefused;
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
     * @throws MigrationException where the migration does not stand between {@code DUAL_WRITE} and {@code SHADOW}, where the tables
     *     do not correspond, where a gate is closed, or where a row does not fit the target and may not be left out: the message names the row's
     *     key. Rows that were left out by an earlier run are tried again first
     * @throws BackfillInterruptedException where the thread is interrupted, or the backfill is cancelled
     */
    public BackfillReport run() throws Exception {
        return new BackfillRun(this, "run-" + UUID.randomUUID()).go();
    }

    /**
     * Begins as {@link #run} does, and plans all chunks at once, for {@link #copy}: in threads, on other nodes, or as tasks of a cluster. When they
     * have run, {@link #run} copies what was left and ends the backfill.
     *
     * <pre>{@code
     * List<PlannedChunk> chunks = backfill.plan();
     * // each on any node, with its own backfill
     * PlannedChunk.Result result = backfillOfThisNode.copy(chunk);
     * // when all have returned
     * BackfillReport report = backfill.run();
     * }</pre>
     *
     * <p>A backfill cannot be sent to another machine; planned chunks can. With Apache Spark, {@code parallelize(chunks)} and have {@code mapPartitions}
     * take a backfill that the executor's JVM builds once, in a static field. Let no more tasks run at once than the databases have connections to
     * give: each takes one of legacy and up to two of the target. Turn speculation off: it does no harm, but a second task only finds the chunk held.
     *
     * @return the chunks that are not done, those of an earlier plan or run included; none where the table was empty
     * @throws MigrationException as {@link #run}
     */
    public List<PlannedChunk> plan() throws Exception {
        return new BackfillRun(this, "plan-" + UUID.randomUUID()).planAll();
    }

    /**
     * Copies one chunk, exactly once however often this is called, also by several nodes at the same time: it is claimed first, under a lease, and
     * whoever was overtaken commits nothing. Gives way before as {@link #run} does; does not tell of progress as an event, but of waiting.
     *
     * @param chunk of {@link #plan}, on this node or another
     * @return what was done; a chunk that was {@code HELD} is copied by its holder, by a later call, or by {@link #run}
     * @throws MigrationException as {@link #run}; where the chunk is of other records or of before the migration left {@code LEGACY_ONLY} the last
     *     time; and where another worker took the chunk over, because the lease ran out meanwhile
     * @throws BackfillInterruptedException where the thread is interrupted, or the backfill is cancelled
     */
    public PlannedChunk.Result copy(PlannedChunk chunk) throws Exception {
        return new BackfillRun(this, "copy-" + UUID.randomUUID()).copy(chunk);
    }

    /** From the first chunk to the last, no process moves authority that does not look for the rest. */
    String part() {
        String ofTable = "backfill of '" + target.name() + "'";
        String records = target.records();
        return records.equals(Records.DEFAULT_NAME) ? ofTable : ofTable + ", records '" + records + "'";
    }

    /**
     * Has every node wait before its next chunk of this backfill, also where it is run only later; {@link #run} waits with it. An order in the
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
     * Has {@link #run} end on every node before its next chunk, with a {@link BackfillInterruptedException}, and refuse to begin, until {@link
     * #resume}. What is copied stays; the backfill is not done, and so still keeps authority from moving.
     *
     * @param why for the audit trail and for whoever calls {@code run}; not blank
     */
    public void cancel(String why) {
        orders.cancel(why);
    }

    /** A gate that is open when every chunk is done, whoever did it, and each row that was left out is settled. */
    public Gate done() {
        return () -> unfinished().map(what -> "the backfill of '" + target.name() + "' is not done: " + what);
    }

    private Optional<String> unfinished() {
        Chunks chunks = chunks();
        return BackfillRun.unfinished(chunks).or(() -> new Refusals(this, chunks).unsettled());
    }

    Chunks chunks() {
        return target.chunks(migration.name(), Cover.generation(migration));
    }

    /** Keeps authority from moving to the target before all rows are there. */
    private final class HoldsAuthority implements StepParticipant {
        @Override
        public Optional<String> part() {
            return Optional.of(Backfill.this.part());
        }

        @Override
        public List<String> blockers(Position from, Position to) {
            Step step = new Step(from, to, 1, Duration.ofSeconds(1));
            if (!step.handsOver() || step.giver() != Side.LEGACY) {
                return List.of();
            }
            return unfinished()
                    .map(what -> "the backfill of '" + target.name() + "' is not done: " + what + "; run it first")
                    .map(List::of)
                    .orElse(List.of());
        }

        @Override
        public void prepare(Step step) {}

        @Override
        public void complete(Step step) {}

        @Override
        public void abandon(Step step) {}
    }

    @Override
    public String toString() {
        return "Backfill[" + migration.name() + ": " + legacy.name() + " to " + target.name() + "]";
    }

    /** Describes a backfill; not thread-safe. */
    public static final class Builder {
        private final Migration migration;
        private @Nullable TableSide legacy;
        private @Nullable TableSide target;
        private Mapping mapping = Mapping.byName();
        private int chunkRows = 5_000;
        private @Nullable Duration chunkTime;
        private int attempts = 3;
        private Duration lease = Duration.ofSeconds(10);
        private final List<Gate> gates = new ArrayList<>();
        private final List<Throttle> throttles = new ArrayList<>();
        private Duration staleAfter = Duration.ofSeconds(10);
        private int mostRefused;
        private Consumer<Point> probe = point -> {};
        private Consumer<Duration> pause = length -> Waiting.pause(length.toNanos());

        private Builder(Migration migration) {
            this.migration = migration;
        }

        /** The table to copy from; required. */
        public Builder legacy(TableSide legacy) {
            this.legacy = legacy;
            return this;
        }

        /** The table to copy to; required. Its database keeps the state of the backfill. */
        public Builder target(TableSide target) {
            this.target = target;
            return this;
        }

        /** How the columns correspond. Default: by their names. */
        public Builder mapping(Mapping mapping) {
            this.mapping = mapping;
            return this;
        }

        /** How many rows a chunk has, and so how many commit together: 1 to 100,000. Default: 5,000. */
        public Builder chunkRows(int chunkRows) {
            this.chunkRows = Bounds.between("chunkRows", chunkRows, 100_000);
            return this;
        }

        /**
         * How long a chunk is to take; positive. The number of its rows then begins with {@code chunkRows} and follows the time that chunks take
         * on this node, between 100 and 100,000: up by half at most and only after ten chunks, down to a tenth at once where one takes five
         * times as long. A chunk that the target fails to take repeatedly, as by timeouts or locks, is halved. Default: none; all chunks
         * have {@code chunkRows} rows.
         */
        public Builder chunkTime(Duration aim) {
            this.chunkTime = Bounds.positive("chunkTime", aim);
            return this;
        }

        /** How often a chunk is tried before the backfill gives up: 1 to 100. Default: 3. */
        public Builder attempts(int attempts) {
            this.attempts = Bounds.between("attempts", attempts, 100);
            return this;
        }

        /** How long another node leaves a chunk alone whose worker has gone silent; positive. Default: ten seconds. */
        public Builder lease(Duration lease) {
            this.lease = Bounds.positive("lease", lease);
            return this;
        }

        /**
         * What must be open before the first row is copied, such as {@code preflight.clean()}. It is asked when {@link Backfill#run} begins the backfill,
         * and not when one that was begun is resumed. Several are asked in turn. Default: nothing.
         */
        public Builder gate(Gate gate) {
            this.gates.add(gate);
            return this;
        }

        /** What the backfill gives way to before each chunk, besides the debt of the router. Several are all asked. Default: nothing. */
        public Builder throttle(Throttle throttle) {
            this.throttles.add(throttle);
            return this;
        }

        /** From which age on the signal of a throttle counts as none; positive. Default: ten seconds. */
        public Builder staleAfter(Duration age) {
            this.staleAfter = Bounds.positive("staleAfter", age);
            return this;
        }

        /**
         * Has the backfill leave out rows that the mapping or the target refuses at the last of its {@link #attempts}, and go on. Each is counted, kept in the target's database with
         * the chunk, and put into the queue of {@code Reconciliation#reviews} with the rule that refuses it. The backfill is not done, and
         * authority does not move to the target, until each is settled:
         *
         * <ul>
         *   <li>a later {@link Backfill#run}, after the row, the table or the mapping was mended, copies it; or
         *   <li>a write through the router brings it, or legacy loses it; or
         *   <li>somebody accepts that it is not in the target ({@code ReviewQueue#accept}), or decides for legacy and has that carried out.
         * </ul>
         *
         * Default: none; the first such row ends the backfill. A row that the target keeps under another key than it was given ends it in any case.
         *
         * @param most how many may be left out, of all nodes' runs together: 1 to 100,000; one more ends the backfill
         */
        public Builder reviewRefused(int most) {
            this.mostRefused = Bounds.between("reviewRefused", most, 100_000);
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
         * Makes the backfill; nothing is read yet.
         *
         * @throws MigrationException where a table is missing, or rows are to be reviewed and the store keeps no reviews
         */
        public Backfill build() {
            Required required = new Required("the backfill", migration.name(), "table");
            if (mostRefused > 0) {
                Refusals.requireReviews(migration);
            }
            Backfill backfill = new Backfill(this, required.given("legacy", legacy), required.given("target", target));
            migration.attach(backfill.new HoldsAuthority());
            return backfill;
        }
    }
}
