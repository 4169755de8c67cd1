package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.table.Column;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What issues numbers in one database: a sequence, or the identity, serial or AUTO_INCREMENT of a column. For {@link SequenceGate}.
 * MySQL is refused.
 *
 * <p>The database is first asked when it is first used. Immutable and thread-safe; it owns nothing.
 */
public final class JdbcSequence {
    private record Of(Issuer issuer, @Nullable String greatestIn) {}

    private final JoiningDataSource dataSource;
    private final @Nullable String sequence;
    private final @Nullable String table;
    private final @Nullable String column;
    private volatile @Nullable Of found;

    private JdbcSequence(
            JoiningDataSource dataSource, @Nullable String sequence, @Nullable String table, @Nullable String column) {
        this.dataSource = dataSource;
        this.sequence = sequence;
        this.table = table;
        this.column = column;
    }

    /**
     * What generates the values of a column: its identity, its AUTO_INCREMENT, or the sequence of its default.
     *
     * @param table the table's name, alone or behind its schema's and a dot
     */
    public static JdbcSequence behind(DataSource dataSource, String table, String column) {
        return new JdbcSequence(joining(dataSource), null, table, column);
    }

    /**
     * A sequence that the application draws from itself.
     *
     * @param sequence its name, alone or behind its schema's and a dot
     */
    public static JdbcSequence named(DataSource dataSource, String sequence) {
        return new JdbcSequence(joining(dataSource), sequence, null, null);
    }

    /** The same sequence, of which a column's greatest value counts as issued, too: keys may have come there without it. */
    public JdbcSequence covering(String table, String column) {
        return new JdbcSequence(dataSource, sequence, table, column);
    }

    private static JoiningDataSource joining(DataSource dataSource) {
        return dataSource instanceof JoiningDataSource joining ? joining : new JoiningDataSource(dataSource);
    }

    /** Whatever it is called, on connections outside of the thread's transaction. */
    private <T> T on(String doing, SqlWork<T> work) {
        try (Connection connection = dataSource.newConnection()) {
            return work.run(connection);
        } catch (SQLException failure) {
            throw SqlFailure.of(
                    doing + " of " + this,
                    failure,
                    "check that the user of the data source may read it, and alter the sequence or the table");
        }
    }

    private Of found(Connection connection) throws SQLException {
        Of known = found;
        if (known == null) {
            known = find(connection);
            found = known;
        }
        return known;
    }

    private Of find(Connection connection) throws SQLException {
        String product = Dialect.of(connection).product();
        if (product.equals("mysql")) {
            throw new MigrationException(
                    this + " is in MySQL, whose catalogue tells of an AUTO_INCREMENT what it was up to a day"
                            + " ago (information_schema_stats_expiry): hold writes and set it by ALTER TABLE .. AUTO_INCREMENT, or draw"
                            + " keys from one sequence for both sides");
        }
        TableReading.Found in = table == null ? null : TableReading.read(connection, table, List.of(column()));
        String greatestIn = in == null
                ? null
                : "select max("
                        + TableReading.quoted(in.shape().column(column()).name(), in.quote()) + ") from "
                        + in.qualified();
        String named = sequence;
        Issuer issuer = named == null && in != null ? behind(connection, product, in) : named(connection, product);
        return new Of(issuer, greatestIn);
    }

    private String column() {
        return column == null ? "" : column;
    }

    private Issuer named(Connection connection, String product) throws SQLException {
        String name = sequence == null ? "" : sequence;
        return switch (product) {
            case "postgresql" -> PostgresIssuer.named(connection, name);
            case "mariadb" -> MariaDbIssuer.named(connection, name);
            default -> H2Issuer.named(connection, name);
        };
    }

    private Issuer behind(Connection connection, String product, TableReading.Found in) throws SQLException {
        Column generated = in.shape().column(column());
        Issuer issuer = switch (product) {
            case "postgresql" -> PostgresIssuer.behind(connection, in, generated.name());
            case "mariadb" -> MariaDbIssuer.behind(connection, in, generated.name());
            default -> H2Issuer.behind(connection, in, generated.name());
        };
        if (issuer == null) {
            throw new MigrationException("column '" + generated.name() + "' of table '" + table
                    + "' is neither an identity nor filled from a sequence; where the application draws its values from one,"
                    + " name that with JdbcSequence.named(..)");
        }
        return issuer;
    }

    /** How it stands; what counts downwards is refused. */
    Issuer.State state() {
        Issuer.State state = on(
                "read the state",
                connection -> OwnTransaction.runOne(
                        connection, one -> found(one).issuer.read(one)));
        if (state.increment() < 1) {
            throw new MigrationException(this + " counts downwards, by " + state.increment()
                    + "; only sequences that rise can be kept past one another");
        }
        return state;
    }

    /** The number after the greatest of the column's values; the least there is where there is none, or no column. */
    long afterGreatestKey() {
        return on("read the greatest value", connection -> {
            String query = found(connection).greatestIn;
            return query == null ? Long.MIN_VALUE : OwnTransaction.runOne(connection, one -> afterGreatest(one, query));
        });
    }

    private static long afterGreatest(Connection connection, String query) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery(query)) {
            rows.next();
            long greatest = rows.getLong(1);
            return rows.wasNull() ? Long.MIN_VALUE : Math.addExact(greatest, 1);
        }
    }

    void advance(long next) {
        on("advance the numbers", connection -> {
            found(connection).issuer.advance(connection, next);
            return true;
        });
    }

    boolean alternates() {
        return on("look", connection -> found(connection).issuer.alternates());
    }

    void alternate(long from, int remainder) {
        on("set apart the numbers", connection -> {
            found(connection).issuer.alternate(connection, from, remainder);
            return true;
        });
    }

    @Override
    public String toString() {
        return sequence != null ? "sequence '" + sequence + "'" : "column '" + column + "' of table '" + table + "'";
    }
}
