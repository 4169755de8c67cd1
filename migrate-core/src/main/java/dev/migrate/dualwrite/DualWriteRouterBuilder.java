package dev.migrate.dualwrite;

import dev.migrate.KeyCodec;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Outcome;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.VersionedRecords;
import dev.migrate.internal.call.Outcomes;
import dev.migrate.internal.option.Bounds;
import dev.migrate.internal.write.KeyedWrites;
import dev.migrate.internal.write.OpenCalls;
import dev.migrate.internal.write.SideOfWrites;
import dev.migrate.internal.write.TwoSides;
import dev.migrate.side.BookKeeper;
import dev.migrate.side.BookedRecords;
import dev.migrate.side.DebtLimits;
import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.SideBooks;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Describes a {@link DualWriteRouter}; not thread-safe. */
public final class DualWriteRouterBuilder<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger(DualWriteRouter.class);
    final Migration migration;
    private final Records<K, V> legacy;
    private @Nullable Records<K, V> target;
    private @Nullable Function<? super V, ? extends @Nullable K> key;
    String records = Records.DEFAULT_NAME;

    @Nullable UnaryOperator<V> newKey;

    BiPredicate<? super V, ? super V> areEqual = Objects::equals;
    boolean fallsBack = true;
    final Outcomes outcomes = new Outcomes();
    private @Nullable KeyCodec<K> codec;
    private @Nullable Function<? super K, ?> partition;
    private int parkAfter = 20;
    private Duration repairEvery = Duration.ofSeconds(1);
    private Duration longestWait = Duration.ofSeconds(10);
    private Duration callsEndWithin = Duration.ofMinutes(1);
    private DebtLimits debtLimits = DebtLimits.defaults();
    private @Nullable UnaryOperator<V> makeWay;

    DualWriteRouterBuilder(Migration migration, Records<K, V> legacy) {
        this.migration = migration;
        this.legacy = legacy;
    }

    /** The records of the target side; required. */
    public DualWriteRouterBuilder<K, V> target(Records<K, V> target) {
        this.target = target;
        return this;
    }

    /** The key of a value; required. Null from it means that the value has none yet. */
    public DualWriteRouterBuilder<K, V> key(Function<? super V, ? extends @Nullable K> key) {
        this.key = key;
        return this;
    }

    /** Gives a value that has no key yet its key, before it is routed. Default: such a value is refused. */
    public DualWriteRouterBuilder<K, V> newKey(UnaryOperator<V> newKey) {
        this.newKey = newKey;
        return this;
    }

    /** The name of this kind of records, where a migration has several: 1 to 90 letters, digits, dots, dashes, underscores. Default: {@link Records#DEFAULT_NAME}. */
    public DualWriteRouterBuilder<K, V> records(String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,90}")) {
            throw refused(
                    "records must be 1 to 90 letters, digits, dots, dashes and underscores, but was '" + name + "'");
        }
        this.records = name;
        return this;
    }

    /** The canonical text of keys that are not strings, longs, ints, UUIDs or lists of these. */
    public DualWriteRouterBuilder<K, V> keyCodec(KeyCodec<K> codec) {
        this.codec = codec;
        return this;
    }

    /** What of a key decides its bucket, so that an aggregate moves together. Default: the whole key. */
    public DualWriteRouterBuilder<K, V> partition(Function<? super K, ?> partition) {
        this.partition = partition;
        return this;
    }

    /** When two values are taken for equal in compared reads. Default: {@link Objects#equals}. */
    public DualWriteRouterBuilder<K, V> comparing(BiPredicate<? super V, ? super V> areEqual) {
        this.areEqual = areEqual;
        return this;
    }

    /** Whether legacy answers a read on LIVE that the target has failed. Default: yes. */
    public DualWriteRouterBuilder<K, V> liveReadsFallBack(boolean fallsBack) {
        this.fallsBack = fallsBack;
        return this;
    }

    /**
     * What the records throw as an answer of the domain, subclasses included: the guards of a rollout do not count it as a failure, and the
     * call is over. Default: none.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final DualWriteRouterBuilder<K, V> business(Class<? extends Throwable>... thrown) {
        return declare("business", Outcome.BUSINESS, thrown);
    }

    /**
     * What the records throw, subclasses included, where the call has never left or the side says that it did nothing: the call is over. Matters
     * to sides that cannot share a transaction; after any other failure of theirs a handover of the key waits {@link #callsEndWithin}.
     * Default: none.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final DualWriteRouterBuilder<K, V> nothingDone(Class<? extends Throwable>... thrown) {
        return declare("nothingDone", Outcome.REJECTED, thrown);
    }

    private DualWriteRouterBuilder<K, V> declare(String option, Outcome outcome, Class<? extends Throwable>[] thrown) {
        for (Class<? extends Throwable> each : thrown) {
            outcomes.declare(option, outcome, each);
        }
        return this;
    }

    /**
     * After how long a write has surely taken effect, or never will, whatever became of its caller; positive. For sides that cannot share a
     * transaction: longer than their own time limits together, repetitions included, and than the clocks of two nodes may differ. A write that
     * takes longer is not acknowledged, and one that failed and comes later still is found by reconciliation alone. Default: one minute.
     */
    public DualWriteRouterBuilder<K, V> callsEndWithin(Duration limit) {
        this.callsEndWithin = Bounds.positive(named("callsEndWithin"), limit);
        return this;
    }

    /** After how many failed attempts a key is parked, at least 1. Default: 20, which with the pauses between is about a quarter of an hour. */
    public DualWriteRouterBuilder<K, V> parkAfter(int attempts) {
        this.parkAfter = Bounds.positive(named("parkAfter"), attempts);
        return this;
    }

    /** How often the worker looks for what is owed; positive. Default: one second. */
    public DualWriteRouterBuilder<K, V> repairEvery(Duration pause) {
        this.repairEvery = Bounds.positive(named("repairEvery"), pause);
        return this;
    }

    /** How long a write waits for a handover before it is refused; positive. Default: ten seconds. */
    public DualWriteRouterBuilder<K, V> longestWait(Duration wait) {
        this.longestWait = Bounds.positive(named("longestWait"), wait);
        return this;
    }

    /** From which debt on what gives way to it. Default: {@link DebtLimits#defaults}; no write is ever held up by it. */
    public DualWriteRouterBuilder<K, V> debtLimits(DebtLimits limits) {
        this.debtLimits = limits;
        return this;
    }

    /**
     * How a value makes way where several keys have exchanged values that must be unique, or refer to each other in a circle: the same
     * value without these, such as a user under a name and an address that nobody has, or without the reference. It is written to the
     * shadow within the one transaction in which all of these keys are copied, and nobody else sees it. Both sides must be
     * able to share a transaction, as JDBC records are. It must fit the columns and checks of both sides.
     *
     * <p>Without it keys are still copied together in whatever order the shadow takes them; only where there is none they are parked.
     * Default: none.
     */
    public DualWriteRouterBuilder<K, V> makeWay(UnaryOperator<V> makeWay) {
        this.makeWay = makeWay;
        return this;
    }

    private String named(String option) {
        return "router of migration '" + migration.name() + "': " + option;
    }

    private MigrationException refused(String reason) {
        return new MigrationException(named(reason));
    }

    Function<? super V, ? extends @Nullable K> requiredKey() {
        if (key == null) {
            throw refused("key is missing; say how a value gives its key with key(..)");
        }
        return key;
    }

    /**
     * Makes the router, brings the sides' roles in line with the migration's position, and starts its worker.
     *
     * @throws MigrationException where the target or the key is missing, or a side cannot be reached
     */
    public DualWriteRouter<K, V> build() {
        Records<K, V> to = target;
        if (to == null) {
            throw refused("target is missing; give the target side's records with target(..)");
        }
        requiredKey();
        TwoSides<Records<K, V>> both = new TwoSides<>(legacy, to);
        TwoSides<SideOfWrites> sides = new TwoSides<>(side(legacy, Side.LEGACY), side(to, Side.TARGET));
        Guarantee guarantee = guarantee(sides, both);
        KeyedWrites<K> writes = new KeyedWrites<>(new KeyedWrites.Options<>(
                migration,
                records,
                sides,
                new RecordCopying<>(both, makeWay),
                codec,
                partition,
                parkAfter,
                repairEvery,
                longestWait,
                new OpenCalls(callsEndWithin, outcomes.copy()),
                debtLimits));
        announce(guarantee);
        return new DualWriteRouter<>(this, both, writes, guarantee);
    }

    private SideOfWrites side(Records<K, V> of, Side side) {
        if (of instanceof BookedRecords<K, V> booked) {
            return new SideOfWrites(booked.books(migration.name(), records, side), true);
        }
        SideBooks books = migration.store() instanceof BookKeeper keeper
                ? keeper.books(migration.name(), records, side)
                : new InMemorySideBooks(migration.time());
        return new SideOfWrites(books, false);
    }

    private static <K, V> Guarantee guarantee(TwoSides<SideOfWrites> sides, TwoSides<Records<K, V>> records) {
        if (!sides.legacy().books().isDurable() || !sides.target().books().isDurable()) {
            return Guarantee.UNTIL_RESTART;
        }
        Guarantee legacy = guarantee(sides.legacy(), records.legacy());
        Guarantee target = guarantee(sides.target(), records.target());
        return legacy.compareTo(target) > 0 ? legacy : target; // the weaker comes later
    }

    private static Guarantee guarantee(SideOfWrites side, Records<?, ?> records) {
        if (side.commitsWithRecords()) {
            return Guarantee.EXACT;
        }
        return records instanceof VersionedRecords ? Guarantee.VERSIONED : Guarantee.DURABLE;
    }

    private void announce(Guarantee guarantee) {
        if (guarantee != Guarantee.UNTIL_RESTART) {
            LOG.info("migration '{}', records '{}': {}", migration.name(), records, guarantee.description());
        } else if (migration.current().stage() == Stage.LEGACY_ONLY) {
            LOG.warn(
                    "migration '{}', records '{}': {}; use a JdbcMigrationStore to keep them",
                    migration.name(),
                    records,
                    guarantee.description());
        } else {
            LOG.warn(
                    "migration '{}', records '{}' starts at {}: {}; what was owed when the last process ended is lost, reconcile before the"
                            + " next step",
                    migration.name(),
                    records,
                    migration.current(),
                    guarantee.description());
        }
    }
}
