package dev.migrate.jdbc.decommission;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Setting;
import dev.migrate.internal.CanonicalKeys;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Counts what this process itself does to legacy's tables, so that a {@link DecommissionCheck} can subtract it.
 *
 * <p>In PostgreSQL from version 15 on, the server is asked at the end of each transaction what that transaction has done to each table, and
 * told to publish it at once: one round trip more for each transaction. What is done with auto-commit on, in a transaction that had
 * failed, and in any other database, cannot be told from what others do; it is only known that there was some, and as long as the watch
 * lasts the check will say so rather than guess.
 *
 * <p>The counts are kept in the migration's store, one setting for each node, once a minute where there is something, and
 * when this is closed. What a node that died had not stored yet counts as done by others: the check errs towards TOUCHED.
 *
 * <pre>{@code
 * OwnAccess own = OwnAccess.of(orders, "orders", "order_lines");
 * DataSource legacyDb = new JoiningDataSource(own.measuring(legacyPool)); // for routers, tables and repositories of legacy
 * }</pre>
 *
 * <p>Thread-safe. It owns no connection, and uses the migration's timer; close it before the migration.
 */
public final class OwnAccess implements AutoCloseable {
    private static final Duration STORED_EVERY = Duration.ofMinutes(1);
    private final Migration migration;
    private final List<String> tables;
    private final String name;
    private final Map<String, Touches> least = new LinkedHashMap<>();
    private final Map<String, Touches> most = new LinkedHashMap<>();
    private long uncounted;
    private final Lock storeLock = new ReentrantLock();
    private long storedVersion;
    private @Nullable String storedValue;
    private final AutoCloseable storing;
    private @Nullable Boolean counts;

    private OwnAccess(Migration migration, List<String> tables) {
        this.migration = migration;
        this.tables = tables;
        this.name = migration.name() + "/" + migration.node();
        Optional<Setting> stored = migration.store().find(Setting.Kind.OWN_ACCESS, name);
        stored.ifPresent(setting -> {
            OwnTotals before = parse(setting.value());
            least.putAll(before.least());
            most.putAll(before.least());
            uncounted = before.uncounted();
            storedVersion = setting.version();
            storedValue = setting.value();
        });
        this.storing = migration.threads().every(STORED_EVERY, this::store);
    }

    /**
     * Begins to count; what this node had stored before is gone on from.
     *
     * @param tables legacy's tables, at least one, as the check names them
     * @throws MigrationException where no table is named
     */
    public static OwnAccess of(Migration migration, String... tables) {
        return new OwnAccess(migration, named(migration, tables));
    }

    static List<String> named(Migration migration, String... tables) {
        if (tables.length == 0) {
            throw new MigrationException("tables of legacy in migration '" + migration.name()
                    + "' must be named, but none was; name those that are to be given up");
        }
        return List.of(tables).stream().distinct().toList();
    }

    /** The same pool, whose transactions are counted; to be given, wrapped as before, to whatever of this process uses legacy. */
    public DataSource measuring(DataSource legacyPool) {
        return MeasuredConnections.of(legacyPool, this);
    }

    List<String> tables() {
        return tables;
    }

    /** Whether transactions of a connection that was just taken can be counted; nothing that was done on it before will be. */
    boolean beginsOn(Connection connection) throws SQLException {
        Boolean known = counts;
        if (known == null) {
            known = connection.getMetaData().getDatabaseProductName().equalsIgnoreCase("postgresql");
            counts = known;
        }
        return known && PostgresStatistics.flushed(connection);
    }

    /** A transaction ends that may have done this, before it does. */
    synchronized void ends(Map<String, Touches> touches) {
        touches.forEach((table, each) -> most.merge(table, each, Touches::plus));
    }

    /** It has ended, and everybody has been told. */
    synchronized void hasEnded(Map<String, Touches> touches) {
        touches.forEach((table, each) -> least.merge(table, each, Touches::plus));
    }

    synchronized void hasNotCounted() {
        uncounted++;
    }

    synchronized OwnTotals totals() {
        return new OwnTotals(Map.copyOf(least), Map.copyOf(most), uncounted);
    }

    /** Stores what has been counted, where it is more than before. No transaction that is counted waits for the store. */
    void store() {
        storeLock.lock();
        try {
            OwnTotals totals = totals();
            String value = format(totals);
            if (!value.equals(storedValue) && !(storedValue == null && totals.equals(OwnTotals.NONE))) {
                storedVersion = migration
                        .store()
                        .change(
                                Setting.Kind.OWN_ACCESS,
                                name,
                                storedVersion,
                                value,
                                migration.operator(),
                                "what this node has done to legacy's tables")
                        .version();
                storedValue = value;
            }
        } finally {
            storeLock.unlock();
        }
    }

    /** What the other nodes of a migration have stored. */
    static OwnTotals others(Migration migration) {
        OwnTotals sum = OwnTotals.NONE;
        String prefix = migration.name() + "/";
        for (Setting setting : migration.store().list(Setting.Kind.OWN_ACCESS)) {
            if (setting.name().startsWith(prefix) && !setting.name().equals(prefix + migration.node())) {
                sum = sum.plus(parse(setting.value()));
            }
        }
        return sum;
    }

    private static String format(OwnTotals totals) {
        List<Object> parts = new ArrayList<>(List.of(totals.uncounted()));
        totals.least().keySet().stream().sorted().forEach(table -> {
            parts.add(table);
            parts.add(totals.least(table).reads());
            parts.add(totals.least(table).writes());
        });
        return CanonicalKeys.encode(parts);
    }

    private static OwnTotals parse(String text) {
        List<?> parts = (List<?>) CanonicalKeys.decode(text);
        Map<String, Touches> counted = new LinkedHashMap<>();
        for (int at = 1; at < parts.size(); at += 3) {
            counted.put((String) parts.get(at), Watch.touches(parts, at + 1));
        }
        return new OwnTotals(counted, counted, (Long) parts.get(0));
    }

    /** Stores what has been counted; connections that are still in use go on being counted, in vain. */
    @Override
    public void close() {
        try {
            storing.close();
        } catch (Exception impossible) {
            throw new MigrationException("the timer of migration '" + migration.name() + "' does not end", impossible);
        }
        store();
    }

    @Override
    public String toString() {
        return "OwnAccess[" + name + ": " + tables + "]";
    }
}
