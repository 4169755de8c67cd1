package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * H2's identity columns and sequences. Reading one and setting it are two statements; it is set far enough beyond what was read that what is
 * drawn between the two does not matter.
 *
 * @param name what it is, for people
 * @param read a query of its next number, its increment and its greatest
 * @param alter the statement that changes it, up to where it says how
 * @param increment how that is said for the increment
 */
record H2Issuer(String name, String read, String alter, String increment) implements Issuer {
    private static final long LEAP = 1_000;

    static Issuer named(Connection connection, String sequence) throws SQLException {
        @Nullable String[] found = Issuer.row(
                connection,
                "SELECT SEQUENCE_NAME FROM INFORMATION_SCHEMA.SEQUENCES WHERE SEQUENCE_SCHEMA = SCHEMA()"
                        + " AND UPPER(SEQUENCE_NAME) = UPPER(?)",
                sequence);
        if (found == null) {
            throw new MigrationException(
                    "there is no sequence '" + sequence + "' in H2 for this connection; check the name");
        }
        return sequence(String.valueOf(found[0]));
    }

    private static Issuer sequence(String name) {
        return new H2Issuer(
                "sequence " + name,
                "SELECT BASE_VALUE, INCREMENT, MAXIMUM_VALUE FROM INFORMATION_SCHEMA.SEQUENCES"
                        + " WHERE SEQUENCE_SCHEMA = SCHEMA() AND SEQUENCE_NAME = '" + name.replace("'", "''") + "'",
                "ALTER SEQUENCE " + TableReading.quoted(name, "\""),
                " INCREMENT BY ");
    }

    /** The identity of a column. */
    static @Nullable Issuer behind(Connection connection, TableReading.Found table, String column) throws SQLException {
        String query = "SELECT IDENTITY_BASE, IDENTITY_INCREMENT, IDENTITY_MAXIMUM FROM INFORMATION_SCHEMA.COLUMNS"
                + " WHERE TABLE_SCHEMA = SCHEMA() AND TABLE_NAME = '"
                + table.shape().table().replace("'", "''") + "' AND COLUMN_NAME = '" + column.replace("'", "''") + "'";
        @Nullable String[] found = Issuer.row(connection, query + " AND IS_IDENTITY = 'YES'");
        return found == null
                ? null
                : new H2Issuer(
                        "the identity of column " + column + " of table "
                                + table.shape().table(),
                        query,
                        "ALTER TABLE " + table.qualified() + " ALTER COLUMN " + TableReading.quoted(column, "\""),
                        " SET INCREMENT BY ");
    }

    @Override
    public State read(Connection connection) throws SQLException {
        @Nullable String[] row = Issuer.row(connection, read);
        if (row == null) {
            throw new MigrationException(name + " is gone");
        }
        long next = Long.parseLong(String.valueOf(row[0]));
        return new State(next, next, Long.parseLong(String.valueOf(row[1])), Long.parseLong(String.valueOf(row[2])));
    }

    @Override
    public void advance(Connection connection, long next) throws SQLException {
        State now = read(connection);
        if (now.next() < next) {
            Issuer.execute(connection, alter + " RESTART WITH " + Math.max(next, now.next() + LEAP));
        }
    }

    @Override
    public boolean alternates() {
        return true;
    }

    @Override
    public void alternate(Connection connection, long from, int remainder) throws SQLException {
        long start = Issuer.firstFrom(Math.max(from, read(connection).next() + LEAP), remainder);
        Issuer.execute(connection, alter + " RESTART WITH " + start + increment + 2);
    }
}
