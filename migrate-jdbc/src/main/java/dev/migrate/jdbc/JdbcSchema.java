package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * The library's own tables in a database of the application: {@code migrate_setting}, {@code migrate_role}, {@code migrate_journal} and
 * others.
 *
 * <p>They are created when first used, unless {@link SchemaMode#VALIDATE} is chosen; then this creates them, or a schema tool
 * of the application does, from {@link #script}. They live in the schema that the connections use. Thread-safe.
 */
public final class JdbcSchema {
    /** The version of the tables that this library reads and writes. It brings tables of an earlier version up to it. */
    public static final int VERSION = 6;

    private static final int ABSENT = 0;

    /** From here on the tables of a backfill are among the others; before, they were made apart from them, when a backfill was begun. */
    private static final int WITH_CHUNKS = 6;

    private static final int ATTEMPTS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private JdbcSchema() {}

    /**
     * Creates whichever of the tables are missing, and brings those of an earlier version up to this one; safe when several nodes do it at
     * once.
     *
     * @throws MigrationException where the tables are of a version that this library does not know, or cannot be created
     */
    public static void create(DataSource dataSource) {
        try (Connection connection = connectionOf(dataSource)) {
            Dialect dialect = ensure(connection, SchemaMode.CREATE);
            create(connection, dialect);
        } catch (SQLException failure) {
            throw SqlFailure.of("create the library's tables", failure);
        }
    }

    /**
     * Checks that the tables are there.
     *
     * @throws MigrationException where they are missing, or of a version that this library does not know
     */
    public static void validate(DataSource dataSource) {
        ensure(dataSource, SchemaMode.VALIDATE);
    }

    /**
     * The statements that create the tables, for a schema tool of the application.
     *
     * @param product {@code postgresql}, {@code mariadb}, {@code mysql} or {@code h2}
     */
    public static String script(String product) {
        return upgradeScript(product, ABSENT);
    }

    /**
     * The statements that bring tables of an earlier version up to this one, for a schema tool of the application. They only add, so that
     * nodes of the version before go on beside them.
     *
     * @param product {@code postgresql}, {@code mariadb}, {@code mysql} or {@code h2}
     * @param from the version that is there, from 0 for none to {@link #VERSION} less one
     */
    public static String upgradeScript(String product, int from) {
        if (from < ABSENT || from >= VERSION) {
            throw new MigrationException(
                    "from must be between " + ABSENT + " and " + (VERSION - 1) + ", but was " + from);
        }
        StringBuilder script = new StringBuilder();
        for (int version = from + 1; version <= VERSION; version++) {
            script.append(scriptOf(product, version)).append('\n');
        }
        return script.toString();
    }

    /** The statements of one version alone. */
    static String scriptOf(String product, int version) {
        String chunks = version == WITH_CHUNKS
                ? read(product, "v1/" + product + "-chunks.sql") + read(product, "v6/" + product + "-chunks.sql")
                : "";
        return read(product, "v" + version + "/" + product + ".sql") + chunks
                + "\ninsert into migrate_schema_version (version, installed_at) values (" + version
                + ", current_timestamp);\n";
    }

    static String read(String product, String name) {
        try (InputStream script = JdbcSchema.class.getResourceAsStream("schema/" + name)) {
            if (script == null) {
                throw new MigrationException(
                        "product must be one of postgresql, mariadb, mysql and h2, but was '" + product + "'");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new MigrationException(
                    "could not read schema/" + name + " from the library's own jar; is it whole?", failure);
        }
    }

    /** Makes sure of the tables, outside of the thread's transaction; returns the dialect of the database. */
    static Dialect ensure(DataSource dataSource, SchemaMode mode) {
        try (Connection connection = connectionOf(dataSource)) {
            return ensure(connection, mode);
        } catch (SQLException failure) {
            throw SqlFailure.of("make sure of the library's tables", failure);
        }
    }

    private static Connection connectionOf(DataSource dataSource) throws SQLException {
        return dataSource instanceof JoiningDataSource joining ? joining.newConnection() : dataSource.getConnection();
    }

    static Dialect ensure(Connection connection, SchemaMode mode) throws SQLException {
        Dialect dialect = Dialect.of(connection);
        int found = installed(connection);
        if (found < VERSION && mode == SchemaMode.VALIDATE) {
            throw behind(dialect.product(), found);
        }
        if (found < VERSION) {
            create(connection, dialect);
            found = installed(connection);
        }
        if (found != VERSION) {
            throw new MigrationException(
                    "the library's tables have version " + found + ", but this library knows version "
                            + VERSION
                            + " at most, and writes to nothing that it does not know; update migrate-jdbc on this node to"
                            + " the version that the other nodes run");
        }
        if (dialect instanceof H2Dialect) {
            ExactKeys.require(connection);
        }
        return dialect;
    }

    private static MigrationException behind(String product, int found) {
        return new MigrationException(
                found == ABSENT
                        ? "the library's tables are missing, and SchemaMode.VALIDATE forbids to create them;"
                                + " run JdbcSchema.script(\"" + product
                                + "\") by the schema tool of the application, or call JdbcSchema.create(dataSource)"
                        : "the library's tables have version " + found + ", this library needs version " + VERSION
                                + ", and SchemaMode.VALIDATE forbids to change them; run JdbcSchema.upgradeScript(\""
                                + product + "\", " + found
                                + ") by the schema tool of the application, or call JdbcSchema.create(dataSource)");
    }

    /** Again where it failed: another node may have created the same table at the same moment, or be about to. */
    private static void create(Connection connection, Dialect dialect) throws SQLException {
        long begun = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try {
                OwnTransaction.run(connection, inTransaction -> createIn(inTransaction, dialect));
                return;
            } catch (SQLException failure) {
                boolean isWaiting = SqlFailure.isContention(failure) && System.nanoTime() - begun < PATIENCE.toNanos();
                if (attempt >= ATTEMPTS && !isWaiting) {
                    throw failure;
                }
            }
        }
    }

    private static int installed(Connection connection) throws SQLException {
        try {
            return OwnTransaction.runOne(connection, JdbcSchema::readVersion);
        } catch (SQLException failure) {
            if (SqlFailure.isMissingTable(failure)) {
                return ABSENT;
            }
            throw failure;
        }
    }

    private static int readVersion(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("select coalesce(max(version), 0) from migrate_schema_version")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** A version is written last: what was cut off before is done again, and each statement leaves alone what there is. */
    private static boolean createIn(Connection connection, Dialect dialect) throws SQLException {
        dialect.lockSchema(connection);
        try (Statement create = connection.createStatement()) {
            for (int version = 1; version <= VERSION; version++) {
                for (String statement : statements(scriptOf(dialect.product(), version))) {
                    if (!statement.startsWith("insert") || readVersion(connection) < version) {
                        execute(create, statement, dialect);
                    }
                }
            }
            return true;
        } finally {
            dialect.unlockSchema(connection);
        }
    }

    static void execute(Statement create, String sql, Dialect dialect) throws SQLException {
        try {
            create.execute(sql);
        } catch (SQLException failure) {
            if (!dialect.isThereAlready(failure)) {
                throw failure;
            }
        }
    }

    static List<String> statements(String script) {
        String uncommented =
                script.lines().filter(line -> !line.startsWith("--")).collect(Collectors.joining("\n"));
        return Arrays.stream(uncommented.split(";\n"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }
}
