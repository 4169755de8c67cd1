package dev.migrate.reconcile;

import dev.migrate.Gate;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Setting;
import dev.migrate.Side;
import dev.migrate.internal.Waiting;
import dev.migrate.internal.option.Bounds;
import dev.migrate.internal.option.Looks;
import dev.migrate.internal.option.Required;
import dev.migrate.reconcile.RollbackReport.Verdict;
import dev.migrate.side.SideBooks;
import dev.migrate.table.Mapping;
import dev.migrate.table.TableSide;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes points to which legacy's rows can be held after a way back: take one before a stage, and check it when the migration has come back.
 *
 * <p>A check shows that each row is as it was at the point, by digests, or, where something was written since, that it is what the target
 * holds, by comparing them. It never takes one for the other, and says what it could not know: {@link RollbackReport}. Which keys were
 * written since, ledgers and journals say to the epoch of the sides' roles; {@link Migration#raiseEpoch} right before a point makes that
 * exact, and without it more rows are compared with the target than need be. What is written on {@code LEGACY_ONLY} is in no journal.
 *
 * <pre>{@code
 * RollbackPoints points = RollbackPoints.of(orders).legacy(table).target(targetTable)
 *         .schema(() -> DatabaseSchema.of(legacyDb).fingerprint()).build();
 * points.take("before LIVE", "release 7");
 * orders.turnBackTo(Position.of(Stage.DUAL_WRITE), "INC-7");
 * RollbackReport report = points.check("before LIVE");
 * }</pre>
 *
 * <p>Taking and checking read all of legacy's rows in one statement, which are streamed; a check reads the target's keys too where anything was
 * written. Thread-safe; it works on the calling thread and owns nothing. Points are kept in the migration's store, for all nodes.
 */
public final class RollbackPoints {
    private final Migration migration;
    private final TableSide legacy;
    private final TableSide target;
    private final Mapping mapping;
    private final @Nullable Supplier<String> schema;
    private final int parts;
    private final int pageRows;
    private final int mostKeys;
    private final Looks looks;
    private final Consumer<Duration> pause;
    private final Map<String, RollbackReport> latest = new ConcurrentHashMap<>();

    private RollbackPoints(Builder options, TableSide legacy, TableSide target) {
        this.migration = options.migration;
        this.legacy = legacy;
        this.target = target;
        this.mapping = options.mapping;
        this.schema = options.schema;
        this.parts = options.parts;
        this.pageRows = options.pageRows;
        this.mostKeys = options.mostKeys;
        this.looks = options.looks;
        this.pause = options.pause;
    }

    /** Begins to describe them. */
    public static Builder of(Migration migration) {
        return new Builder(migration);
    }

    /**
     * Takes a point of legacy's rows as they are at the moment at which they begin to be read.
     *
     * @param name 1 to 60 characters, none of them a slash; of no other point of these records
     * @param why for the audit trail; not blank
     * @throws MigrationException where the name is taken, or the migration was moved meanwhile: take it again under another name
     */
    public RollbackPoint take(String name, String why) throws Exception {
        if (name.isBlank() || name.length() > 60 || name.indexOf('/') >= 0) {
            throw new MigrationException(
                    "the name of a rollback point must be 1 to 60 characters without a slash, but was '" + name + "'");
        }
        if (stored(name).isPresent()) {
            throw new MigrationException("there is a rollback point '" + name + "' of " + legacy.records()
                    + " in migration '" + migration.name() + "' already; give this one another name");
        }
        Migration.View view = migration.refresh();
        RollbackPoint point = new RollbackPoint(
                name,
                migration.time().instant(),
                view.position(),
                view.epoch(),
                earliest(),
                fingerprint(),
                PartDigests.read(legacy, parts));
        if (migration.refresh().epoch() != view.epoch()) {
            throw new MigrationException("migration '" + migration.name() + "' was moved while rollback point '" + name
                    + "' was taken; take it again");
        }
        migration
                .store()
                .change(Setting.Kind.ROLLBACK_POINT, setting(name), 0, point.format(), migration.operator(), why);
        return point;
    }

    /** The earliest epoch that a later write can have: that of the sides' roles, which are raised and never lowered. */
    private long earliest() {
        long earliest = Long.MAX_VALUE;
        for (Side side : Side.values()) {
            for (SideBooks.SegmentRole role :
                    table(side).books(migration.name(), side).roles()) {
                earliest = Math.min(earliest, role.epoch());
            }
        }
        return earliest == Long.MAX_VALUE ? 0 : earliest;
    }

    private TableSide table(Side side) {
        return side == Side.LEGACY ? legacy : target;
    }

    private String fingerprint() {
        return schema == null ? "" : schema.get();
    }

    /** The points that were taken of these records, by their names. */
    public List<RollbackPoint> list() {
        String prefix = setting("");
        return migration.store().list(Setting.Kind.ROLLBACK_POINT).stream()
                .filter(stored -> stored.name().startsWith(prefix))
                .map(stored -> RollbackPoint.parse(stored.name().substring(prefix.length()), stored.value()))
                .toList();
    }

    /**
     * Checks that legacy holds what it must hold: what it held at a point, and what was written since.
     *
     * @throws MigrationException where there is no such point, or the tables do not correspond
     */
    public RollbackReport check(String name) throws Exception {
        RollbackPoint point = stored(name)
                .map(stored -> RollbackPoint.parse(name, stored.value()))
                .orElseThrow(() -> new MigrationException("there is no rollback point '" + name + "' of "
                        + legacy.records() + " in migration '" + migration.name() + "'; there are "
                        + list().stream().map(RollbackPoint::name).toList()));
        migration.refresh();
        Comparing comparing = new Comparing(migration, legacy, target, mapping.bind(legacy.shape(), target.shape()));
        SecondLook look = new SecondLook(comparing, looks, pause);
        RollbackReport report = new RollbackCheck(comparing, point, look, pageRows, mostKeys)
                .run(point.schema().isEmpty() ? "" : fingerprint());
        latest.put(name, report);
        return report;
    }

    /** A gate that is open where a point of this name was taken: before the stage that it is for. */
    public Gate taken(String name) {
        return () -> stored(name).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "rollback point '" + name + "' of " + legacy.records() + " was not taken; take(..) it first");
    }

    /** A gate that is open where the latest check of a point, in this process, was {@link Verdict#PROVED}. */
    public Gate proved(String name) {
        return () -> {
            RollbackReport report = latest.get(name);
            if (report == null) {
                return Optional.of("rollback point '" + name + "' of " + legacy.records()
                        + " was not checked in this process; check(..) it first");
            }
            return report.verdict() == Verdict.PROVED
                    ? Optional.empty()
                    : Optional.of(
                            "legacy is not shown to hold what it must since rollback point '" + name + "': " + report);
        };
    }

    private Optional<Setting> stored(String name) {
        return migration.store().find(Setting.Kind.ROLLBACK_POINT, setting(name));
    }

    private String setting(String name) {
        return migration.name() + "/" + legacy.records() + "/" + name;
    }

    @Override
    public String toString() {
        return "RollbackPoints[" + migration.name() + ": " + legacy.name() + "]";
    }

    /** Describes rollback points; not thread-safe. */
    public static final class Builder {
        private final Migration migration;
        private @Nullable TableSide legacy;
        private @Nullable TableSide target;
        private Mapping mapping = Mapping.byName();
        private @Nullable Supplier<String> schema;
        private int parts = 1_024;
        private int pageRows = 5_000;
        private int mostKeys = 10_000;
        private Looks looks = Looks.DEFAULT;
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

        /** Gives the fingerprint of legacy's schema, such as {@code DatabaseSchema.fingerprint()}. Default: the schema is not looked at. */
        public Builder schema(Supplier<String> fingerprint) {
            this.schema = fingerprint;
            return this;
        }

        /**
         * Into how many parts the keys are divided, by their hash, 1 to 1,500: the fewer rows in a part, the fewer are compared with
         * the target because another in it was written. Default: 1,024.
         */
        public Builder parts(int parts) {
            this.parts = Bounds.between("parts", parts, 1_500);
            return this;
        }

        /** How many rows are held at a time: 1 to 100,000. Default: 5,000. */
        public Builder pageRows(int pageRows) {
            this.pageRows = Bounds.between("pageRows", pageRows, 100_000);
            return this;
        }

        /** How many rows that differ from the target's are looked at again and named: 1 to 1,000,000. Default: 10,000. */
        public Builder mostKeys(int mostKeys) {
            this.mostKeys = Bounds.between("mostKeys", mostKeys, 1_000_000);
            return this;
        }

        /**
         * How often a difference is looked at again before it is left as on its way.
         *
         * @param looks 1 to 1,000; default: 5
         * @param pause between two looks, not negative; default: half a second
         */
        public Builder looks(int looks, Duration pause) {
            this.looks = new Looks(looks, pause);
            return this;
        }

        Builder pause(Consumer<Duration> pause) {
            this.pause = pause;
            return this;
        }

        /**
         * Makes them; nothing is read yet.
         *
         * @throws MigrationException where a table is missing
         */
        public RollbackPoints build() {
            Required required = new Required("the rollback points", migration.name(), "table");
            return new RollbackPoints(this, required.given("legacy", legacy), required.given("target", target));
        }
    }
}
