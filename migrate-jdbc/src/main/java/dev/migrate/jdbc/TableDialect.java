package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Horizon;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What differs between databases in reading and writing tables. Has no state; one is as good as another of its product. */
interface TableDialect {
    /** The dialect of a database. */
    static TableDialect of(DatabaseMetaData database) throws SQLException {
        String name = database.getDatabaseProductName().toLowerCase(Locale.ROOT);
        return name.startsWith("postgres")
                ? new PostgresTableDialect()
                : switch (name) {
                    case "mariadb" -> new MariaDbTableDialect();
                    case "mysql" -> new MySqlTableDialect(database);
                    case "h2" -> new H2TableDialect();
                    case "microsoft sql server" -> new SqlServerTableDialect();
                    case "oracle" -> new OracleTableDialect();
                    default -> new PlainTableDialect();
                };
    }

    String product();

    /** Whether this library's tests run on it; else it is written from the vendor's documentation. */
    default boolean isTested() {
        return true;
    }

    /**
     * Refuses to write, or to lock a row, where this library does not: where it cannot keep books in the same database, no write of its own
     * could be told from others, or be undone with its debt.
     */
    default void requireWritable(String table) {}

    /** Refuses a column of a key by whose values rows might not be found again, or be left out of a range. */
    default void requireKey(String table, Column column) {}

    default boolean isSameProduct(TableDialect other) {
        return product().equals(other.product());
    }

    /** Whether JDBC calls catalog what SQL puts before a table's name. */
    default boolean hasCatalogs() {
        return false;
    }

    /** The names of the columns that a table computes, where the driver does not know them; null where it does. */
    default @Nullable Set<String> computed(Connection connection, @Nullable String schema, String table)
            throws SQLException {
        return null;
    }

    /** How many rows a driver is asked for at a time, so that it does not hold them all. */
    default int fetchSize() {
        return 1_000;
    }

    /** Whether an index serves {@code (a, b) > (?, ?)}. */
    default boolean comparesRows() {
        return false;
    }

    /** Whether {@link PostgresCatalogue} tells about how many rows a table has. */
    default boolean reckonsRows() {
        return false;
    }

    /** Whether UUIDs come in the same order as in another database. */
    default boolean ordersUuidsLike(TableDialect other, boolean isSameVersion) {
        return isSameProduct(other) && isSameVersion;
    }

    /** Whether a session may be such that a value is cut or bent to fit its column, instead of refused. */
    default boolean mayCut() {
        return false;
    }

    /** Whether a column of bytes keeps them as they are given, whatever its size. */
    default boolean keepsBytes() {
        return false;
    }

    default String countOfRows() {
        return "COUNT(*)";
    }

    /** A query of rows in some order, cut down to the first. */
    default String first(String query) {
        return query + " LIMIT 1";
    }

    /** A query of rows in some order, cut down to the one after so many as its last parameter says. */
    default String after(String query) {
        return query + " LIMIT 1 OFFSET ?";
    }

    /** What is left of a number when it is divided by a parameter. */
    default String remainder(String number) {
        return number + " % ?";
    }

    /** A query of one row with a text that is compared as a column's values are. */
    default String text(String text, Column column) {
        return "SELECT '" + text + "'";
    }

    /** How many parameters a statement may have. */
    default int mostParameters() {
        return 30_000;
    }

    /** What an INSERT says to write identity columns itself. */
    default String overriding() {
        return "";
    }

    /** What the database says of time, and of the transactions that run in it. */
    default Horizon horizon(Connection connection) throws SQLException {
        throw new MigrationException(
                "the database must be PostgreSQL, MariaDB, MySQL or H2 to tell what has changed, but is "
                        + connection.getMetaData().getDatabaseProductName() + "; compare all rows with run()");
    }

    /** What is added to a condition on a moment for values that are none although they are not NULL; nothing, or begins with OR. */
    default String orNoMoment(String quoted) {
        return "";
    }

    /** What is selected to read a column that is not of the key. */
    default String selected(Column column, String quoted) {
        return quoted;
    }

    /** A value of a row, in the type that the kind says. */
    default @Nullable Object read(ResultSet row, int at, Kind kind) throws SQLException {
        return Cells.read(row, at, kind);
    }

    /** Binds a value of any kind to a column; refused where that would not be exact, or makes no sense. */
    default void bind(PreparedStatement statement, int at, @Nullable Object value, Column column) throws SQLException {
        Cells.bind(statement, at, value, column);
    }

    /** Whether a value is one that no Java type of the column's kind has, and some column of this database can hold. */
    default boolean isItsOwn(Object value, Column column) {
        return Cells.specialDecimal(value, column.kind()) != null;
    }

    /** The statement that makes a temporary table of the session. */
    default String createTrial(TrialColumns columns) {
        return columns.selected("CREATE TEMPORARY TABLE ", "TEXT");
    }

    /** The statement that drops such a table, and no other of its name. */
    default String dropTrial(String table) {
        return "DROP TABLE " + table;
    }

    /**
     * How values of a type of the database are carried, where its size decides that, too.
     *
     * @param scale the decimals, or -1 where none are said
     */
    default Kind kind(int type, String name, int size, int scale) {
        return kind(type, name);
    }

    /** How values of a type of the database are carried. */
    default Kind kind(int type, String name) {
        return switch (type) {
            case Types.BIGINT, Types.INTEGER, Types.SMALLINT, Types.TINYINT -> Kind.INTEGER;
            case Types.DECIMAL, Types.NUMERIC -> Kind.DECIMAL;
            case Types.DOUBLE, Types.FLOAT -> Kind.DOUBLE;
            case Types.REAL -> Kind.FLOAT;
            case Types.VARCHAR, Types.LONGVARCHAR, Types.CLOB, Types.NVARCHAR, Types.LONGNVARCHAR, Types.NCLOB ->
                Kind.TEXT;
            case Types.CHAR, Types.NCHAR -> Kind.PADDED_TEXT;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB ->
                name.equalsIgnoreCase("uuid") ? Kind.UUID : Kind.BYTES;
            case Types.BOOLEAN, Types.BIT -> Kind.BOOLEAN;
            case Types.DATE -> Kind.DATE;
            case Types.TIME -> Kind.TIME;
            case Types.TIMESTAMP -> Kind.TIMESTAMP;
            case Types.TIMESTAMP_WITH_TIMEZONE -> Kind.INSTANT;
            default -> name.equalsIgnoreCase("uuid") ? Kind.UUID : Kind.OTHER;
        };
    }
}
