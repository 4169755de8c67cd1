package dev.migrate.preflight;

import dev.migrate.Gate;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.internal.option.Bounds;
import dev.migrate.internal.option.Required;
import dev.migrate.table.Mapping;
import dev.migrate.table.TableSide;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads legacy's rows before a backfill copies them, and names those that the target would refuse, would change without a word, or would
 * take for one and the same.
 *
 * <p>Each row is mapped as the backfill maps it, and each value is held against the target's column: NULL, length in the target's unit,
 * characters, digits, range, time zone, spaces at the end, checks. Rows that the target's key or a unique constraint takes for one are
 * found by the target's own comparison, under its collations: the values go into temporary tables of the target, which are dropped at the
 * end. Where values are compared exactly and legacy has the same constraint, none is needed. Nothing else is written, and no row of
 * the target is looked at: a row that only the target has may still be in the way.
 *
 * <p>Legacy's rows are read once, in pieces, from the first to the key that was the last at the beginning. Use it on any stage, best before
 * {@code DUAL_WRITE}; what is written meanwhile or later is not seen, so it comes before a backfill, not instead of its errors. {@code
 * SchemaCompatibility} in {@code migrate-jdbc} looks at what might come, this at what is there.
 *
 * <p>Cost: one read of legacy, and for each unique constraint that has to be compared a temporary table of its values and keys in the
 * target, grouped once: about as much disk as an index of it, and the time to load it. Checks that legacy does not have, and types that only the
 * database understands, are tried in one more that is emptied after each piece. Memory for {@code pieceRows} rows for each of these.
 * A connection of the target is held until it ends, and one of legacy for each piece; the target's must be a session of its own, which a
 * pooler that hands out single transactions does not give.
 *
 * <pre>{@code
 * Preflight preflight = Preflight.of(orders).legacy(table).target(targetTable).build();
 * PreflightReport report = preflight.run();
 * }</pre>
 *
 * <p>Thread-safe; it works on the thread that calls {@link #run}, and owns nothing.
 */
public final class Preflight {
    final Migration migration;
    final TableSide legacy;
    final TableSide target;
    final Mapping mapping;
    final int keys;
    final int pieceRows;
    final long comparedRows;
    final @Nullable ZoneId localTimesIn;
    private volatile @Nullable PreflightReport latest;

    private Preflight(Builder options, TableSide legacy, TableSide target) {
        this.migration = options.migration;
        this.legacy = legacy;
        this.target = target;
        this.mapping = options.mapping;
        this.keys = options.keys;
        this.pieceRows = options.pieceRows;
        this.comparedRows = options.comparedRows;
        this.localTimesIn = options.localTimesIn;
    }

    /** Begins to describe a preflight. */
    public static Builder of(Migration migration) {
        return new Builder(migration);
    }

    /**
     * Looks at all rows.
     *
     * @throws MigrationException where the tables do not correspond, or the target's kind of table cannot look at rows beforehand
     * @throws InterruptedException where the thread is interrupted
     * @throws Exception where a database fails; a row that does not fit is a finding, and no exception
     */
    public PreflightReport run() throws Exception {
        PreflightReport report = new PreflightRun(this).go();
        latest = report;
        return report;
    }

    /** A gate that is open when the latest run of this preflight, in this process, was clean; see {@link PreflightReport#isClean}. */
    public Gate clean() {
        return () -> {
            PreflightReport report = latest;
            if (report == null) {
                return Optional.of("the preflight of '" + target.name() + "' has not been run; run it first");
            }
            return report.isClean()
                    ? Optional.empty()
                    : Optional.of("the latest preflight of '" + target.name()
                            + "' was not clean; mend what it names and run it again: " + report);
        };
    }

    @Override
    public String toString() {
        return "Preflight[" + migration.name() + ": " + legacy.name() + " to " + target.name() + "]";
    }

    /** Describes a preflight; not thread-safe. */
    public static final class Builder {
        private static final int MOST = 100_000;
        private final Migration migration;
        private @Nullable TableSide legacy;
        private @Nullable TableSide target;
        private Mapping mapping = Mapping.byName();
        private int keys = 10;
        private int pieceRows = 2_000;
        private long comparedRows = Long.MAX_VALUE;
        private @Nullable ZoneId localTimesIn;

        private Builder(Migration migration) {
            this.migration = migration;
        }

        /** The table that rows will be copied from; required. */
        public Builder legacy(TableSide legacy) {
            this.legacy = legacy;
            return this;
        }

        /** The table that rows will be copied to; required. */
        public Builder target(TableSide target) {
            this.target = target;
            return this;
        }

        /** How the columns correspond; the same as the backfill's. Default: by their names. */
        public Builder mapping(Mapping mapping) {
            this.mapping = mapping;
            return this;
        }

        /** How many keys a finding names at most: 1 to 100,000. Default: 10. */
        public Builder keys(int keys) {
            this.keys = Bounds.between("keys", keys, MOST);
            return this;
        }

        /** How many rows are read, held and sent together: 1 to 100,000. Default: 2,000. */
        public Builder pieceRows(int pieceRows) {
            this.pieceRows = Bounds.between("pieceRows", pieceRows, MOST);
            return this;
        }

        /**
         * How many rows at most are compared with each other for one unique constraint, and so how large its temporary table may become: 1 or
         * more. Beyond it the report says so in {@code unseen}, and its count is {@code at least}. Default: all.
         */
        public Builder comparedRows(long comparedRows) {
            if (comparedRows < 1) {
                throw new MigrationException("comparedRows must be 1 or more, but was " + comparedRows);
            }
            this.comparedRows = comparedRows;
            return this;
        }

        /**
         * The time zone in which legacy's times without one are meant, where the target has moments. A value that is not the moment that a
         * copy makes of it, by taking it for UTC, is a finding, and so is one that the zone's clocks leave out or show twice, also where
         * the mapping derives the moment from it. Default: not said; nothing is found then, and the report says that it was not looked at.
         */
        public Builder localTimesIn(ZoneId zone) {
            this.localTimesIn = zone;
            return this;
        }

        /**
         * Makes the preflight; nothing is read yet.
         *
         * @throws MigrationException where a table is missing
         */
        public Preflight build() {
            Required required = new Required("the preflight", migration.name(), "table");
            return new Preflight(this, required.given("legacy", legacy), required.given("target", target));
        }
    }
}
