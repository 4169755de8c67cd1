package dev.migrate.reconcile;

import dev.migrate.Gate;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.internal.Waiting;
import dev.migrate.internal.option.Bounds;
import dev.migrate.internal.option.Required;
import dev.migrate.internal.option.SameKeys;
import dev.migrate.internal.write.Cover;
import dev.migrate.table.Mapping;
import dev.migrate.table.TableSide;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares a legacy table with its target, row by row and field by field, while both are written.
 *
 * <p>A difference at first sight is only a suspicion: it is looked at again until the journal has nothing on its way for the key,
 * and neither side changes while it is read. Values are compared by their meaning, in Java, and are never logged. Nothing is
 * changed; {@link ReconciliationReport#plan} says what a repair would do.
 *
 * <p>Where both databases can compute the same signature of a range of rows, equal ranges are cleared by it and not read
 * ({@link Builder#signatures}); a difference is always found by reading the rows.
 *
 * <pre>{@code
 * ReconciliationReport report = Reconciliation.of(orders).legacy(table).target(targetTable).build().run();
 * report.plan(RepairPolicy.AUTHORITATIVE_WINS).apply("INC-7");
 * }</pre>
 *
 * <p>Thread-safe; it works on the thread that calls {@link #run}, beside which a thread of its own reads ahead in legacy
 * until {@link #run} returns, and holds a bounded number of rows.
 */
public final class Reconciliation {
    private final Migration migration;
    private final TableSide legacy;
    private final TableSide target;
    private final Mapping mapping;
    private final int pageRows;
    private final int mostDifferences;
    private final int looks;
    private final Duration between;
    private final Consumer<Duration> pause;
    private final boolean signatures;
    private volatile @Nullable ReconciliationReport latest;

    private Reconciliation(Builder options, TableSide legacy, TableSide target) {
        this.migration = options.migration;
        this.legacy = legacy;
        this.target = target;
        this.mapping = options.mapping;
        this.pageRows = options.pageRows;
        this.mostDifferences = options.mostDifferences;
        this.looks = options.looks;
        this.between = options.between;
        this.pause = options.pause;
        this.signatures = options.signatures;
    }

    /** Begins to describe a reconciliation. */
    public static Builder of(Migration migration) {
        return new Builder(migration);
    }

    /**
     * Compares all rows, and returns when every difference is confirmed, cleared, or found to be still on its way.
     *
     * @throws MigrationException where the tables do not correspond; the message says in what
     */
    public ReconciliationReport run() throws Exception {
        long begun = migration.nanoTime();
        Instant beganAt = migration.time().instant().truncatedTo(ChronoUnit.MICROS);
        Comparing comparing = comparing();
        Cover cover = new Cover(migration, legacy.records());
        OptionalLong proves = cover.beginProof(comparing.books(Side.LEGACY), comparing.books(Side.TARGET), pause);
        long expected = legacy.about();
        FullPass pass = new FullPass(
                comparing,
                pageRows,
                mostDifferences,
                (compared, cleared) -> publish(compared, cleared, expected, 0, false));
        pass.run(signatures);
        SecondLook look = secondLook(comparing);
        look.at(pass.suspects());
        String id = UUID.randomUUID().toString();
        Duration took = Duration.ofNanos(migration.nanoTime() - begun);
        boolean isKept = comparing.keeper().isPresent();
        ReconciliationReport report = new ReconciliationReport(comparing, isKept ? id : null, pass, look, took);
        if (isKept) {
            Kept kept = new Kept(comparing);
            kept.pass(id, beganAt, took, report);
            kept.closeWhatIsEqual();
        }
        latest = report;
        if (report.isClean()) {
            proves.ifPresent(cover::proved);
        }
        publish(
                pass.compared(),
                pass.cleared(),
                pass.compared(),
                report.confirmed().size() + report.notLookedAtAgain(),
                true);
        return report;
    }

    /**
     * Compares rows of both sides that are chosen at random, each with its counterpart on the other side, and says how many of all rows
     * differ at most, with what confidence. The sample grows until it is shown that fewer differ than the goal says, or that as many or
     * more do, or up to the goal's limit. Reads all keys of both sides once, and the rows of the sample alone.
     *
     * <p>For tables whose full comparison takes too long to be made often. It proves nothing that {@link #clean} or a handover relies on,
     * and no event tells of it: its numbers are those of a sample. The number of rows that differ must not change during the run, other
     * than by copies that are owed. The confidence is that of one run: whoever repeats what was left open, until a run proves it, has given
     * it as many chances to be wrong. Raise {@link SampleGoal#mostRows} instead.
     *
     * <pre>{@code
     * SampleReport report = reconciliation.sample(SampleGoal.fewerThan(percent(0.01)).confidence(percent(99)));
     * }</pre>
     *
     * @param goal what is to be shown
     * @return what was shown, on this thread; never without a verdict
     * @throws MigrationException where the tables do not correspond, or where the goal's limit is too low for these tables; the message
     *     says what it would have to be
     */
    public SampleReport sample(SampleGoal goal) throws Exception {
        long begun = migration.nanoTime();
        Comparing comparing = comparing();
        long seed = goal.seed().orElseGet(() -> new SecureRandom().nextLong());
        SampledPass pass = new SampledPass(comparing, pageRows, mostDifferences, () -> secondLook(comparing));
        pass.run(goal, seed);
        return new SampleReport(pass, seed, Duration.ofNanos(migration.nanoTime() - begun));
    }

    /**
     * What people are to decide of these tables; see {@link RepairPolicy#MANUAL}.
     *
     * @throws MigrationException where the store is no {@link ReconciliationKeeper}
     */
    public ReviewQueue reviews() {
        return comparing().reviews();
    }

    /**
     * What a repair would do by the decisions that people have made, and that are yet to be carried out: both rows of each are looked at again,
     * and where what differs is another thing by now, the review is opened again when the plan is applied.
     *
     * @throws MigrationException where the store is no {@link ReconciliationKeeper}
     */
    public RepairPlan planDecided() throws Exception {
        Comparing comparing = comparing();
        SecondLook look = secondLook(comparing);
        look.at(comparing.reviews().list(Review.State.DECIDED, mostDifferences).stream()
                .map(comparing::keyOf)
                .toList());
        return new Planning(comparing, RepairRules.of(RepairPolicy.MANUAL)).of(look.confirmed(), null);
    }

    /**
     * What the latest passes over these tables have found, newest first, of all nodes.
     *
     * @param passes how many at most; at least 1
     * @throws MigrationException where the store is no {@link ReconciliationKeeper}
     */
    public List<Pass> history(int passes) {
        return comparing().passes().latest(Bounds.between("passes", passes, 100_000));
    }

    /**
     * A gate that is open once any node has made a clean pass over these tables; unlike {@link #clean}, it is known after a restart, and later
     * passes do not close it.
     */
    public Gate firstCleanPass() {
        return () -> comparing().passes().firstClean().isPresent()
                ? Optional.empty()
                : Optional.of("no pass over '" + target.name()
                        + "' has been clean yet; repair what differs and run the reconciliation again");
    }

    /**
     * Forgets what repairs have written before a moment, on both sides: the rows as they were, which hold values. It cannot be undone any more.
     *
     * @return how many rows were forgotten
     */
    public int forgetRepairs(Instant before) {
        Comparing comparing = comparing();
        return comparing.books(Side.LEGACY).repairs().forget(before)
                + comparing.books(Side.TARGET).repairs().forget(before);
    }

    /**
     * Puts back the rows that a repair has written, as they were before it: each that is still as the repair has left it. It is kept as a run of
     * its own, which cannot be undone; repair the rows again instead.
     *
     * <p>A row of the authoritative side is put back by a write as any other, which is copied to the shadow. A row of the shadow comes to differ
     * from the authoritative one again; its key stays among the dismissed keys of the authoritative side, where it bars a handover until a write or a
     * repair has brought the two together.
     *
     * @param run what {@link RepairReport#run} has said
     * @param why a reason: 1 to 2,000 characters, without values of rows, because it is kept and logged
     * @return a line for each row of the run, the last one first
     * @throws MigrationException where the run is not known, or is one that has undone another
     */
    public RepairReport undo(String run, String why) throws Exception {
        return new RepairUndo(comparing()).undo(run, why, row -> true);
    }

    /**
     * Puts back one row that a repair has written, as {@link #undo(String, String)} does.
     *
     * @param key the canonical key, as in {@link RepairReport.Line}
     */
    public RepairReport undo(String run, String key, String why) throws Exception {
        return new RepairUndo(comparing()).undo(run, why, row -> row.key().equals(key));
    }

    private Comparing comparing() {
        migration.refresh();
        SameKeys.require(legacy, target);
        return new Comparing(migration, legacy, target, mapping.bind(legacy.shape(), target.shape()));
    }

    private SecondLook secondLook(Comparing comparing) {
        return new SecondLook(comparing, looks, between, pause);
    }

    private void publish(long rows, long cleared, long expected, long differences, boolean isDone) {
        migration.publish(new MigrationEvent.ReconciliationProgress(
                migration.name(), target.name(), rows, cleared, Math.max(rows, expected), differences, isDone));
    }

    /** A gate that is open when the latest run of this reconciliation was clean; see {@link ReconciliationReport#isClean}. */
    public Gate clean() {
        return () -> {
            ReconciliationReport report = latest;
            if (report == null) {
                return Optional.of("the reconciliation of '" + target.name() + "' has not been run; run it first");
            }
            return report.isClean()
                    ? Optional.empty()
                    : Optional.of("the latest reconciliation of '" + target.name() + "' was not clean: " + report
                            + "; repair what differs and run it again");
        };
    }

    @Override
    public String toString() {
        return "Reconciliation[" + migration.name() + ": " + legacy.name() + " and " + target.name() + "]";
    }

    /** Describes a reconciliation; not thread-safe. */
    public static final class Builder {
        private final Migration migration;
        private @Nullable TableSide legacy;
        private @Nullable TableSide target;
        private Mapping mapping = Mapping.byName();
        private int pageRows = 5_000;
        private int mostDifferences = 10_000;
        private int looks = 5;
        private Duration between = Duration.ofMillis(500);
        private boolean signatures = true;
        private Consumer<Duration> pause = length -> Waiting.pause(length.toNanos());

        private Builder(Migration migration) {
            this.migration = migration;
        }

        /** Legacy's table; required. */
        public Builder legacy(TableSide legacy) {
            this.legacy = legacy;
            return this;
        }

        /** The target's table; required. */
        public Builder target(TableSide target) {
            this.target = target;
            return this;
        }

        /** How the columns correspond; the mapping that the backfill was given. Default: by their names. */
        public Builder mapping(Mapping mapping) {
            this.mapping = mapping;
            return this;
        }

        /** How many rows are read at a time: 1 to 100,000; twice as many are held. Default: 5,000. */
        public Builder pageRows(int pageRows) {
            this.pageRows = Bounds.between("pageRows", pageRows, 100_000);
            return this;
        }

        /** How many differences are looked at again and can be repaired by one run: 1 to 1,000,000; more are counted. Default: 10,000. */
        public Builder mostDifferences(int mostDifferences) {
            this.mostDifferences = Bounds.between("mostDifferences", mostDifferences, 1_000_000);
            return this;
        }

        /**
         * How often a difference is looked at again before it is left as in flight.
         *
         * @param looks 1 to 1,000; default: 5
         * @param pause between two looks, not negative; default: half a second
         */
        public Builder looks(int looks, Duration pause) {
            this.looks = Bounds.between("looks", looks, 1_000);
            this.between = Bounds.notNegative("pause", pause);
            return this;
        }

        /**
         * Whether ranges of rows may be compared by signatures that both databases compute, so that rows are read only where those
         * differ. Used between two PostgreSQL databases of version 14 or newer whose keys order alike, where no column is derived,
         * every mapped column has the same type with the same length or precision on both sides, of those whose equality the
         * signature stands for, and both servers answer a set of probes alike; otherwise every row is read, and a line of the
         * debug log says why. Turn it off to have every row read by this process all the same. Default: true.
         */
        public Builder signatures(boolean signatures) {
            this.signatures = signatures;
            return this;
        }

        Builder pause(Consumer<Duration> pause) {
            this.pause = pause;
            return this;
        }

        /**
         * Makes the reconciliation; nothing is read yet.
         *
         * @throws MigrationException where a table is missing
         */
        public Reconciliation build() {
            Required required = new Required("the reconciliation", migration.name(), "table");
            return new Reconciliation(this, required.given("legacy", legacy), required.given("target", target));
        }
    }
}
