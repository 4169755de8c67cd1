package dev.migrate.jdbc;

import dev.migrate.Gate;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A trigger in the database that owes the key of every row that is written, in the transaction that writes it: cascades, bulk statements,
 * other applications, whatever does not go through a router.
 *
 * <p>It does what a routed write does. It checks the role of the side for the key's segment under the same lock; while writes are
 * copied, it owes the key; and where the side is not authoritative for the key, it refuses the write, with SQL state {@code MIG01} and
 * what to do. So install it on the tables of both sides: legacy's catches what is written past the router today, and after a handover
 * the target's does, while legacy's lets nobody write to the side that was left. On {@code LEGACY_ONLY} it checks and owes nothing.
 * What the library copies into a shadow passes. A routed write is owed twice, in one row of the journal.
 *
 * <p>For PostgreSQL 14 and MariaDB 10.6 or later; H2 has no triggers but Java classes on the server's class path, and MySQL has none from
 * this library: use a router's {@code touched(..)} there. The table's key must consist of whole numbers, UUIDs and texts, and its
 * bucket be decided by the whole key or by one of its columns ({@link JdbcTable#partitionBy}); anything else is refused by name. The routers of the records must have {@link
 * JdbcRecords} on this side and no {@code keyCodec(..)}. The key's columns need not be unique in the table: a trigger on
 * {@code order_line} with the key {@code order_id} owes the order.
 *
 * <p>What a trigger cannot see: statements of DDL, such as dropping a partition, {@code TRUNCATE} on MariaDB (on PostgreSQL it is
 * refused while it would be owed), and sessions that switch triggers off. Other applications' writes are not known to the router's node
 * until they are copied: give it {@code liveReadsFallBack(false)} where they matter.
 *
 * <p>Immutable and thread-safe; it owns nothing.
 *
 * <pre>{@code
 * OwingTrigger onLegacy = OwingTrigger.of(orders).legacy(JdbcTable.of(legacyDb, "orders"));
 * onLegacy.install();
 * }</pre>
 */
public final class OwingTrigger {
    private static final int ATTEMPTS = 5;
    private final BookId id;
    private final JdbcTable table;

    private OwingTrigger(BookId id, JdbcTable table) {
        this.id = id;
        this.table = table;
    }

    /** Begins to describe a trigger. */
    public static Start of(Migration migration) {
        return new Start(migration.name());
    }

    /** The beginning of a trigger's description, before its table is known. */
    public static final class Start {
        private final String migration;

        private Start(String migration) {
            this.migration = migration;
        }

        /**
         * A trigger on a table of the legacy side.
         *
         * @param table with the name of its records, its key and what decides the bucket, as its router has them
         */
        public OwingTrigger legacy(JdbcTable table) {
            return new OwingTrigger(new BookId(migration, table.records(), Side.LEGACY), table);
        }

        /** A trigger on a table of the target side; see {@link #legacy}. */
        public OwingTrigger target(JdbcTable table) {
            return new OwingTrigger(new BookId(migration, table.records(), Side.TARGET), table);
        }
    }

    /**
     * The statements that install it, for a schema tool of the application: to be run once a router of the records has been built, which
     * gives the sides their roles. On MariaDB it depends on the foreign keys that there are.
     *
     * @throws MigrationException where the database, the key or the partition cannot be served
     */
    public String script() {
        return on("write the script of " + this, (install, connection) -> install.script());
    }

    /**
     * Installs it, or brings one that is there in line; waits for running writers of the table for some seconds. From its return on, no
     * write goes unseen; on PostgreSQL it is there at once, on MariaDB trigger by trigger.
     *
     * @throws MigrationException where the database, the key or the partition cannot be served, where no router of the records has been
     *     built yet, or where the table stays locked
     */
    public void install() {
        on("install " + this, (install, connection) -> {
            requireRoles(connection);
            for (int attempt = 1; ; attempt++) {
                try {
                    install.install(connection);
                    return true;
                } catch (SQLException failure) {
                    if (attempt == ATTEMPTS || !SqlFailure.isContention(failure)) {
                        throw failure;
                    }
                }
            }
        });
    }

    private void requireRoles(Connection connection) throws SQLException {
        JdbcSchema.ensure(connection, table.options().schema());
        if (OwnTransaction.runOne(connection, read -> RoleRows.read(read, id)).isEmpty()) {
            throw new MigrationException("the owing trigger of " + id + " on table '" + table.name()
                    + "' would refuse every write, because no router of these records has given the side its role in this"
                    + " database; build the router first, with JdbcRecords for this side");
        }
    }

    /** Takes it away; does nothing where it is not there. What the rows that were written meanwhile are owed stays in the journal. */
    public void remove() {
        on("remove " + this, (install, connection) -> {
            install.remove(connection);
            return true;
        });
    }

    /** Whether it is there, is switched on, and is as {@link #install} would make it now. */
    public boolean isInstalled() {
        return on("look for " + this, OwingInstall::isInstalled);
    }

    /** A gate that is open while the trigger is installed. */
    public Gate installed() {
        return () -> isInstalled()
                ? Optional.empty()
                : Optional.of("the owing trigger of " + id + " on table '" + table.name()
                        + "' is not installed, or not as it should be: call install()");
    }

    private interface Use<T> {
        T with(OwingInstall install, Connection connection) throws SQLException;
    }

    private <T> T on(String doing, Use<T> use) {
        try (Connection connection = table.options().binding().newConnection()) {
            return use.with(installOn(connection), connection);
        } catch (SQLException failure) {
            throw SqlFailure.of(
                    doing,
                    failure,
                    "check that the user of the data source may create functions in the library's schema, and triggers on the"
                            + " table and on those from which its foreign keys cascade");
        }
    }

    private OwingInstall installOn(Connection connection) throws SQLException {
        String product = Dialect.of(connection).product();
        return switch (product) {
            case "postgresql" -> new PostgresOwing(OwingPlace.of(connection, id, table));
            case "mariadb" -> new MariaDbOwing(OwingPlace.of(connection, id, table), connection);
            default ->
                throw new MigrationException("an owing trigger can stand on PostgreSQL and MariaDB, but table '"
                        + table.name() + "' is in " + product
                        + "; tell the router what is written past it, with touched(..)");
        };
    }

    @Override
    public String toString() {
        return "OwingTrigger[" + id + " on " + table.name() + "]";
    }
}
