package dev.migrate.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * What issues numbers in one product: a sequence, or what stands behind a generated column.
 *
 * <p>No method ever lets a number be issued a second time, whoever draws meanwhile.
 */
interface Issuer {
    /**
     * How it stands.
     *
     * @param next no number from this one on has been issued
     * @param earliest no number below this one will be issued any more; less than {@code next} where numbers are drawn ahead
     * @param increment from one number to the next
     * @param greatest the greatest that it can issue
     */
    record State(long next, long earliest, long increment, long greatest) {}

    /** Its name, for people. */
    String name();

    State read(Connection connection) throws SQLException;

    /** Lets it issue nothing below a number any more; does nothing where it does not anyway. */
    void advance(Connection connection, long next) throws SQLException;

    /** Whether it can be made to issue every second number alone. */
    boolean alternates();

    /**
     * Lets it issue every second number alone from now on.
     *
     * @param from none below this one
     * @param remainder 0 for the even ones, 1 for the odd
     */
    void alternate(Connection connection, long from, int remainder) throws SQLException;

    /** The first number of a parity that is not below another. */
    static long firstFrom(long from, int remainder) {
        return Math.floorMod(from, 2L) == remainder ? from : Math.addExact(from, 1);
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The columns of the one row that a query gives, as text; null where there is none. */
    static @Nullable String @Nullable [] row(Connection connection, String query, Object... values)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            for (int at = 0; at < values.length; at++) {
                select.setObject(at + 1, values[at]);
            }
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                @Nullable String[] row = new @Nullable String[rows.getMetaData().getColumnCount()];
                for (int at = 0; at < row.length; at++) {
                    row[at] = rows.getString(at + 1);
                }
                return row;
            }
        }
    }
}
