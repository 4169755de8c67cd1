package dev.migrate.jdbc.decommission;

import dev.migrate.Gate;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Node;
import dev.migrate.Setting;
import dev.migrate.internal.option.Bounds;
import dev.migrate.jdbc.decommission.DecommissionReport.Verdict;
import dev.migrate.jdbc.schema.ConnectionsApart;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Shows that nobody touches legacy's tables any more, by what their database itself counts over a period: before {@code TARGET_ONLY}, or
 * before they are dropped.
 *
 * <p>{@link #begin} keeps what the database has counted so far; {@link #look} compares. What the library does itself, such as the copies on
 * {@code RAMP_DOWN}, is subtracted where an {@link OwnAccess} counts it. In PostgreSQL a read is a scan of the table or of an index of it,
 * also by a foreign key, and a write is a row; vacuum and analyze are neither, a dump is a read. In MariaDB rows are counted, where {@code
 * userstat} is on; {@code ANALYZE TABLE .. PERSISTENT} reads. Other databases count nothing.
 *
 * <p>Nothing is shown, rather than something wrong, where counts may have begun anew (the server was started, statistics were reset), where
 * a table was dropped, truncated or rebuilt, and where own accesses could not be counted. A transaction that still runs has been counted
 * by nobody yet, nor has what a PostgreSQL session did within its last second, or up to a minute while it is busy: look again. A session that
 * has turned {@code track_counts} off is never seen.
 *
 * <pre>{@code
 * DecommissionCheck check = DecommissionCheck.of(orders)
 *         .legacy(legacyPool, "orders", "order_lines")
 *         .own(own)
 *         .period(Duration.ofDays(7))
 *         .build();
 * check.begin("all readers have moved");
 * Rollout.of(orders).gate(check.untouched()).step(Stage.TARGET_ONLY).eachFor(Duration.ofDays(1)).build();
 * }</pre>
 *
 * <p>Thread-safe; it works on the calling thread, and owns nothing. A watch is kept in the migration's store, for all nodes.
 */
public final class DecommissionCheck {
    private static final int LOOKS = 5;
    private final Migration migration;
    private final DataSource legacy;
    private final List<String> tables;
    private final @Nullable OwnAccess own;
    private final Duration period;

    private DecommissionCheck(Builder options, DataSource legacy) {
        this.migration = options.migration;
        this.legacy = legacy;
        this.tables = options.tables;
        this.own = options.own;
        this.period = options.period;
    }

    /** Begins to describe a check. */
    public static Builder of(Migration migration) {
        return new Builder(migration);
    }

    /**
     * Begins to watch from now on, in place of a watch that was begun before.
     *
     * @param why for the audit trail; not blank
     * @throws MigrationException where the database keeps no statistics, or a table is not there; the message says what to do
     */
    public void begin(String why) {
        Watch watch;
        try {
            OwnTotals before = totals();
            Reading reading = read();
            OwnTotals after = totals();
            watch = new Watch(
                    migration.time().instant(),
                    reading,
                    new OwnTotals(before.least(), after.most(), before.uncounted()));
        } catch (Statistics.Unusable unusable) {
            throw new MigrationException(
                    "migration '" + migration.name() + "' cannot watch legacy's tables: " + unusable.getMessage(),
                    unusable);
        }
        long version = stored().map(Setting::version).orElse(0L);
        migration
                .store()
                .change(
                        Setting.Kind.DECOMMISSION,
                        migration.name(),
                        version,
                        watch.format(),
                        migration.operator(),
                        why);
    }

    /**
     * Compares what the database has counted with what it had when the watch began.
     *
     * @return what is shown of the time since, however short it is
     * @throws MigrationException where the database cannot be asked, or a table is not there any more
     */
    public DecommissionReport look() {
        Optional<Setting> stored = stored();
        if (stored.isEmpty()) {
            return unwatched();
        }
        Watch watch = Watch.parse(stored.get().value());
        Duration watched = Duration.between(watch.since(), migration.time().instant());
        DecommissionReport report = lookOnce(watch, watched);
        for (int look = 1; look < LOOKS && report.verdict() == Verdict.NOT_PROVABLE; look++) {
            report = lookOnce(watch, watched);
        }
        return report;
    }

    private DecommissionReport unwatched() {
        try {
            read();
            return DecommissionReport.notProvable(Duration.ZERO, "no watch was begun; call begin(..)");
        } catch (Statistics.Unusable unusable) {
            return DecommissionReport.notProvable(Duration.ZERO, String.valueOf(unusable.getMessage()));
        }
    }

    private DecommissionReport lookOnce(Watch watch, Duration watched) {
        try {
            OwnTotals before = totals();
            Reading now = read();
            OwnTotals after = totals();
            return judged(watch, now, new OwnTotals(before.least(), after.most(), after.uncounted()), watched);
        } catch (Statistics.Unusable unusable) {
            return DecommissionReport.notProvable(watched, String.valueOf(unusable.getMessage()));
        }
    }

    private DecommissionReport judged(Watch watch, Reading now, OwnTotals totals, Duration watched) {
        String then = watch.reading().witness();
        if (!now.witness().equals(then)) {
            return DecommissionReport.notProvable(
                    watched,
                    "the counts may have begun anew (" + then + " when the watch began, " + now.witness()
                            + " now); begin(..) again");
        }
        Map<String, Touches> atMost = new LinkedHashMap<>();
        boolean isCertain = false;
        for (String table : tables) {
            Reading.Counted old = watch.reading().tables().get(table);
            Reading.Counted counted = now.tables().get(table);
            if (old == null || counted == null) {
                return DecommissionReport.notProvable(
                        watched, "table '" + table + "' is not among those that are watched; begin(..) again");
            }
            Touches touches = counted.touches().minus(old.touches());
            if (!old.identity().equals(counted.identity()) || touches.isNegative()) {
                return DecommissionReport.notProvable(
                        watched,
                        "table '" + table
                                + "' was dropped, truncated or rebuilt, or an index of it, or its counts have begun anew; find"
                                + " out by whom, and begin(..) again");
            }
            Touches ownLeast =
                    totals.least(table).minus(watch.own().most(table)).positive();
            Touches ownMost = totals.most(table).minus(watch.own().least(table));
            Touches others = touches.minus(ownLeast);
            if (others.isNegative()) {
                return DecommissionReport.notProvable(
                        watched, "the statistics of '" + table + "' have not caught up with what was done; look again");
            }
            if (!others.isNone()) {
                atMost.put(table, others);
                isCertain |= !touches.minus(ownMost).positive().isNone();
            }
        }
        return atMost.isEmpty()
                ? new DecommissionReport(Verdict.UNTOUCHED, watched, Map.of(), List.of())
                : touched(atMost, isCertain, totals.uncounted() - watch.own().uncounted(), watched);
    }

    private DecommissionReport touched(
            Map<String, Touches> atMost, boolean isCertain, long uncounted, Duration watched) {
        List<String> reasons = new ArrayList<>();
        if (uncounted > 0) {
            reasons.add(uncounted + " transactions of the library's own nodes could not be counted apart from others;"
                    + " see OwnAccess");
        }
        if (!isCertain) {
            reasons.add("some of it may be what the library itself has under way; look again");
        }
        Verdict verdict = reasons.isEmpty() ? Verdict.TOUCHED : Verdict.NOT_PROVABLE;
        List<String> nodes = migration.store().nodes(migration.name()).stream()
                .filter(Node::isLive)
                .map(Node::name)
                .filter(node -> !node.equals(migration.node()))
                .toList();
        if (!nodes.isEmpty()) {
            reasons.add("what the nodes " + nodes + " did within their last minute is counted with it");
        }
        return new DecommissionReport(verdict, watched, atMost, reasons);
    }

    /** A gate that is open where a look, made whenever it is asked, shows the tables untouched for the whole period. */
    public Gate untouched() {
        return () -> {
            DecommissionReport report = look();
            if (report.verdict() != Verdict.UNTOUCHED) {
                return Optional.of("legacy's tables are not shown to be untouched: " + report);
            }
            return report.watched().compareTo(period) >= 0
                    ? Optional.empty()
                    : Optional.of("legacy's tables have been watched for " + report.watched() + " of " + period
                            + "; wait until the period is over");
        };
    }

    private Reading read() {
        try (Connection connection =
                legacy instanceof ConnectionsApart apart ? apart.newConnection() : legacy.getConnection()) {
            boolean wasAutoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            try {
                return Statistics.of(connection).read(connection, tables);
            } finally {
                connection.setAutoCommit(wasAutoCommit);
            }
        } catch (SQLException failure) {
            throw new MigrationException(
                    "could not read the statistics of legacy's tables (SQL state " + failure.getSQLState()
                            + "); check that the user of the data source may read the catalogue and its statistics",
                    failure);
        }
    }

    private OwnTotals totals() {
        OwnTotals others = OwnAccess.others(migration);
        return own == null ? others : others.plus(own.totals());
    }

    private Optional<Setting> stored() {
        return migration.store().find(Setting.Kind.DECOMMISSION, migration.name());
    }

    @Override
    public String toString() {
        return "DecommissionCheck[" + migration.name() + ": " + tables + "]";
    }

    /** Describes a check; not thread-safe. */
    public static final class Builder {
        private final Migration migration;
        private @Nullable DataSource legacy;
        private List<String> tables = List.of();
        private @Nullable OwnAccess own;
        private Duration period = Duration.ofDays(7);

        private Builder(Migration migration) {
            this.migration = migration;
        }

        /**
         * Legacy's tables; required.
         *
         * @param pool gives connections to their database; not a pool that an {@link OwnAccess} measures, which would count the looks
         * @param tables their names, each alone or behind its schema's and a dot; at least one
         */
        public Builder legacy(DataSource pool, String... tables) {
            this.tables = OwnAccess.named(migration, tables);
            this.legacy = pool;
            return this;
        }

        /** What counts this process's own accesses. Default: none; then they count as others'. */
        public Builder own(OwnAccess own) {
            this.own = own;
            return this;
        }

        /** For how long nobody may have touched the tables; positive. Default: seven days. */
        public Builder period(Duration period) {
            this.period = Bounds.positive("period", period);
            return this;
        }

        /**
         * Makes the check; nothing is read yet.
         *
         * @throws MigrationException where legacy's tables are missing, or the own accesses to one of them are not counted
         */
        public DecommissionCheck build() {
            if (legacy == null) {
                throw new MigrationException("legacy of the decommission check in migration '" + migration.name()
                        + "' is missing; name its pool and tables with legacy(..)");
            }
            if (own != null && !own.tables().containsAll(tables)) {
                throw new MigrationException("own of the decommission check in migration '" + migration.name()
                        + "' must count all of " + tables + ", but counts " + own.tables()
                        + "; name them all in OwnAccess.of(..)");
            }
            return new DecommissionCheck(this, legacy);
        }
    }
}
