package dev.migrate.jdbc;

import dev.migrate.AuditEntry;
import dev.migrate.ChangeRules;
import dev.migrate.MigrationException;
import dev.migrate.MigrationStore;
import dev.migrate.Node;
import dev.migrate.Setting;
import dev.migrate.Side;
import dev.migrate.reconcile.PassHistory;
import dev.migrate.reconcile.ReconciliationKeeper;
import dev.migrate.reconcile.ReviewQueue;
import dev.migrate.side.BookKeeper;
import dev.migrate.side.SideBooks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A store in a database, usually the application's own, shared by all nodes: PostgreSQL, MariaDB or H2; MySQL
 * 8, too, but untested.
 *
 * <p>It keeps books too, for sides that have no place of their own for them. Every call takes a connection from the pool for as long
 * as it lasts, and none joins a transaction of the application. The database is first asked at the first call. Thread-safe; it
 * owns nothing, and the pool is closed by whoever made it.
 *
 * <pre>{@code
 * Migration orders = Migration.named("orders").store(new JdbcMigrationStore(appDb)).build();
 * }</pre>
 *
 * <p>Where the database fails, {@link MigrationException} says what was being done and what to do, with the {@link SQLException} as its
 * cause.
 */
public final class JdbcMigrationStore implements MigrationStore, BookKeeper, ReconciliationKeeper {
    private static final int ATTEMPTS = 5;

    private final JoiningDataSource dataSource;
    private final SchemaMode schema;
    private final InstantSource time;
    private final @Nullable InstantSource leaseTime;
    private volatile @Nullable Dialect dialect;

    /** A store that creates its tables where they are missing, when it is first asked. */
    public JdbcMigrationStore(DataSource dataSource) {
        this(JoiningDataSource.apart(dataSource), SchemaMode.CREATE, InstantSource.system(), null);
    }

    private JdbcMigrationStore(
            JoiningDataSource dataSource, SchemaMode schema, InstantSource time, @Nullable InstantSource leaseTime) {
        this.dataSource = dataSource;
        this.schema = schema;
        this.time = time;
        this.leaseTime = leaseTime;
    }

    /** The same store, with another rule about its tables. Default: {@link SchemaMode#CREATE}. */
    public JdbcMigrationStore schema(SchemaMode mode) {
        return new JdbcMigrationStore(dataSource, mode, time, leaseTime);
    }

    /**
     * The same store, with another time by which changes, debts and leases are dated. Default: the system's for changes and debts, the
     * database's for leases, so that the clocks of the nodes need not agree.
     */
    public JdbcMigrationStore time(InstantSource source) {
        return new JdbcMigrationStore(dataSource, schema, source, source);
    }

    /** Creates the tables now, whatever the {@link SchemaMode}; does nothing where they are there. */
    public void createSchema() {
        JdbcSchema.create(dataSource);
    }

    @Override
    public Optional<Setting> find(Setting.Kind kind, String name) {
        return ask("read " + kind + " '" + name + "'", connection -> Settings.find(connection, kind, name, ""));
    }

    @Override
    public List<Setting> list(Setting.Kind kind) {
        return ask("list settings", connection -> Settings.list(connection, kind));
    }

    @Override
    public List<AuditEntry> audit(Setting.Kind kind, String name, int limit) {
        return ask(
                "read the audit trail of " + kind + " '" + name + "'",
                connection -> Settings.audit(connection, kind, name, limit));
    }

    @Override
    public Setting change(Setting.Kind kind, String name, long expectedVersion, String value, String who, String why) {
        ChangeRules.check(kind, name, value, who, why);
        StorableText.check("name", name);
        StorableText.check("value", value);
        StorableText.check("who", who);
        StorableText.check("why", why);
        AuditEntry change = new AuditEntry(kind, name, expectedVersion + 1, time.instant(), who, why, null, value);
        ready();
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = dataSource.newConnection()) {
                return OwnTransaction.run(
                        connection,
                        inTransaction -> Settings.change(inTransaction, change, in -> Nodes.of(in, name, now(in))));
            } catch (SQLException failure) {
                // Somebody else created the setting, or changed it, at the same moment: seen at the next attempt.
                boolean another = SqlFailure.isDuplicate(failure) || SqlFailure.isContention(failure);
                if (!another || attempt == ATTEMPTS) {
                    throw SqlFailure.of("change " + kind + " '" + name + "'", failure);
                }
            }
        }
    }

    @Override
    public void renew(String migration, Node.Report report, Duration lease) {
        StorableText.check("node", report.node());
        for (int attempt = 1; ; attempt++) {
            try {
                ask(
                        "renew the lease of node '" + report.node() + "' of migration '" + migration + "'",
                        connection -> Nodes.renew(connection, migration, report, now(connection), lease));
                return;
            } catch (MigrationException failure) {
                if (attempt == ATTEMPTS
                        || !(failure.getCause() instanceof SQLException cause)
                        || !(SqlFailure.isDuplicate(cause) || SqlFailure.isContention(cause))) {
                    throw failure;
                }
            }
        }
    }

    @Override
    public List<Node> nodes(String migration) {
        return ask(
                "list the nodes of migration '" + migration + "'",
                connection -> Nodes.of(connection, migration, now(connection)));
    }

    @Override
    public void leave(String migration, String node) {
        ask("sign off node '" + node + "' of migration '" + migration + "'", connection -> {
            Nodes.forget(connection, migration, null, now(connection));
            return Nodes.forget(connection, migration, node, now(connection));
        });
    }

    /** By one clock for all nodes: the database's, unless the store was given a time. */
    private Instant now(Connection connection) throws SQLException {
        return leaseTime == null ? Nodes.now(connection, ready()) : leaseTime.instant();
    }

    <T> T ask(String doing, SqlWork<T> statement) {
        ready();
        try (Connection connection = dataSource.newConnection()) {
            return OwnTransaction.runOne(connection, statement);
        } catch (SQLException failure) {
            throw SqlFailure.of(doing, failure);
        }
    }

    /** Several statements in one transaction, again where another node was in the way. */
    <T> T transaction(String doing, SqlWork<T> work) {
        ready();
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = dataSource.newConnection()) {
                return OwnTransaction.run(connection, work);
            } catch (SQLException failure) {
                boolean another = SqlFailure.isDuplicate(failure) || SqlFailure.isContention(failure);
                if (!another || attempt == ATTEMPTS) {
                    throw SqlFailure.of(doing, failure);
                }
            }
        }
    }

    InstantSource time() {
        return time;
    }

    private Dialect ready() {
        Dialect known = dialect;
        if (known == null) {
            known = JdbcSchema.ensure(dataSource, schema);
            Untested.warn("the store of the migrations", known);
            dialect = known;
        }
        return known;
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    @Override
    public SideBooks books(String migration, String records, Side side) {
        return new JdbcSideBooks(new BookId(migration, records, side), dataSource, ready(), time);
    }

    @Override
    public ReviewQueue reviews(String migration, String records) {
        return new JdbcReviews(this, migration, records);
    }

    @Override
    public PassHistory passes(String migration, String records) {
        return new JdbcPasses(this, migration, records);
    }

    @Override
    public String toString() {
        return "JdbcMigrationStore[" + dataSource + "]";
    }
}
