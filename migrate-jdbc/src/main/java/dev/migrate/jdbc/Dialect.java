package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.Version;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The statements in which databases differ: whatever takes a lock on a role, and draws a version under it.
 *
 * <p>Each method runs in the transaction of the connection that it is given, and what it locks stays locked to the end of that.
 * Nothing is remembered from one call to the next: a savepoint's rollback may have released it.
 */
interface Dialect {
    /** The dialect of a connection's database. */
    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "postgresql" -> new PostgresDialect();
            case "mariadb" -> new MariaDbDialect();
            case "mysql" -> new MySqlDialect();
            case "h2" -> new H2Dialect();
            default ->
                throw new MigrationException("the database must be PostgreSQL, MariaDB, MySQL or H2, but was " + product
                        + "; keep the books in a store on one of these, and give such a side as plain Records");
        };
    }

    /** The name of the product, as in the name of its script. */
    String product();

    /** Whether this library's tests run on it; else it is written from the vendor's documentation. */
    default boolean isTested() {
        return true;
    }

    /**
     * Owes a key under a new version, which is drawn under the lock of the journal's row.
     *
     * @param anyRole whether to do so even where the side is not authoritative for the segment
     * @return empty where the role, or its absence, does not allow it; PostgreSQL has doomed the transaction then
     */
    Optional<Version> admit(
            Connection connection,
            BookId id,
            SideBooks.Key key,
            LocalDateTime now,
            LocalDateTime notBefore,
            boolean anyRole)
            throws SQLException;

    /** Whether {@link #admitAndCommit} is there. */
    default boolean admitsWithCommit() {
        return false;
    }

    /**
     * Admits as {@link #admit} or {@link #admitWithoutJournal} does, and commits, in one round trip.
     *
     * @param owe whether the key is owed
     * @return false where the role, or its absence, does not allow it; the transaction is doomed then, and not committed
     * @throws SQLException where either fails; whether it has committed is not known then where the database was not heard of
     */
    default boolean admitAndCommit(Connection connection, BookId id, SideBooks.Key key, LocalDateTime now, boolean owe)
            throws SQLException {
        throw new UnsupportedOperationException(product());
    }

    /**
     * Owes a key whose operations go over one by one, where the side is authoritative for the segment, under a version that is drawn as {@link #admit}
     * draws it; what is known of failed attempts stays.
     *
     * @return empty where the role, or its absence, does not allow it; PostgreSQL has doomed the transaction then
     */
    Optional<Version> admitInOrder(Connection connection, BookId id, SideBooks.Key key, LocalDateTime now)
            throws SQLException;

    /**
     * Notes an intent under a new version, where the side is authoritative for the segment, under the lock that {@link #admit} takes.
     *
     * @return empty where the role, or its absence, does not allow it
     */
    Optional<Version> begin(
            Connection connection,
            BookId id,
            SideBooks.Key key,
            LocalDateTime now,
            LocalDateTime deadline,
            String owner)
            throws SQLException;

    /** Whether the side is authoritative for a segment whose writes are not copied, under a shared lock. */
    boolean admitWithoutJournal(Connection connection, BookId id, int segment) throws SQLException;

    /** Moves a key's ledger row to a later version, and locks it, where the side is the shadow of its segment. */
    Acceptance accept(Connection connection, BookId id, SideBooks.Key key, Version version, boolean deleted)
            throws SQLException;

    /**
     * Marks what the connection writes as the library's own copies, which an {@link OwingTrigger} lets into a shadow. {@link #accept} does
     * so by itself, where it accepts.
     */
    default void beginCopies(Connection connection) throws SQLException {}

    /** Whether a mark outlives the transaction, so that {@link #endCopies} must take it away. */
    default boolean marksSessions() {
        return false;
    }

    /** Takes the mark away. */
    default void endCopies(Connection connection) throws SQLException {}

    /** How long one attempt to lock a range waits; writers of it queue behind the attempt. */
    Duration lockTimeout();

    /** Locks a range exclusively, and gives up after {@link #lockTimeout} with a failure that counts as contention. */
    RoleRows lockRoles(Connection connection, BookId id, SegmentRange range) throws SQLException;

    /** An expression for the present moment by the database's clock, as UTC without a zone; it goes on within a transaction where it can. */
    String utcNow();

    /** A number of the library's sequence, drawn now. */
    default long draw(Connection connection) throws SQLException {
        return draw(connection, "select next value for migrate_seq");
    }

    /** Draws a number by a query of one row. */
    static long draw(Connection connection, String query) throws SQLException {
        try (PreparedStatement draw = connection.prepareStatement(query);
                ResultSet row = draw.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Lets one node at a time create the schema, as far as the database needs that. */
    void lockSchema(Connection connection) throws SQLException;

    /** Ends what {@link #lockSchema} began, where the end of the transaction does not. */
    default void unlockSchema(Connection connection) throws SQLException {}

    /** Whether a statement of the schema failed because what it makes is there, where SQL has no way to say so. */
    default boolean isThereAlready(SQLException failure) {
        return false;
    }

    /**
     * A query, ready to be run, of the rows of a side whose keys are among some; a key that is asked for twice may be found twice.
     *
     * @param columns of the table, with commas between
     * @param keys not empty
     * @param condition what else is asked of a row; begins with {@code and}, or is empty
     * @param lock what the rows are locked by; empty where they are not
     */
    default PreparedStatement selectAmong(
            Connection connection,
            BookId id,
            String columns,
            String table,
            List<String> keys,
            String condition,
            String lock)
            throws SQLException {
        // More marks than keys, so that there are few statements for a server to keep; the last key stands for those
        // that are too many.
        int marks = Math.max(1, Integer.highestOneBit(2 * keys.size() - 1));
        PreparedStatement select = connection.prepareStatement("select " + columns + " from " + table + Journal.OF_SIDE
                + " and record_key in (" + "?, ".repeat(marks - 1) + "?)" + condition + lock);
        int next = id.bind(select, 1);
        for (int i = 0; i < marks; i++) {
            select.setString(next++, keys.get(Math.min(i, keys.size() - 1)));
        }
        return select;
    }
}
