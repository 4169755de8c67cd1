package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** MariaDB's two kinds: sequences, and AUTO_INCREMENT. */
final class MariaDbIssuer {
    private static final int ATTEMPTS = 20;

    private MariaDbIssuer() {}

    static Issuer named(Connection connection, String sequence) throws SQLException {
        int dot = sequence.indexOf('.');
        @Nullable String[] found = Issuer.row(
                connection,
                "select table_name from information_schema.tables where table_type = 'SEQUENCE'"
                        + " and table_schema = coalesce(nullif(?, ''), database()) and table_name = ?",
                dot < 0 ? "" : sequence.substring(0, dot),
                sequence.substring(dot + 1));
        if (found == null) {
            throw new MigrationException("there is no sequence '" + sequence
                    + "' in MariaDB for this connection; check the name, and put its database before it with a dot");
        }
        return new Sequence(quoted(sequence));
    }

    private static String quoted(String name) {
        int dot = name.indexOf('.');
        return dot < 0
                ? TableReading.quoted(name, "`")
                : TableReading.quoted(name.substring(0, dot), "`") + "."
                        + TableReading.quoted(name.substring(dot + 1), "`");
    }

    /** AUTO_INCREMENT, or the sequence that the column's default draws from. */
    static @Nullable Issuer behind(Connection connection, TableReading.Found table, String column) throws SQLException {
        @Nullable String[] found = Issuer.row(
                connection,
                "select extra, column_default, column_type, table_schema from information_schema.columns"
                        + " where concat('`', table_schema, '`.`', table_name, '`') = ? and column_name = ?",
                table.qualified(),
                column);
        if (found == null) {
            return null;
        }
        if (String.valueOf(found[0]).contains("auto_increment")) {
            return new AutoIncrement(table.qualified(), greatest(String.valueOf(found[2])));
        }
        String byDefault = String.valueOf(found[1]);
        if (!byDefault.startsWith("nextval(")) {
            return null;
        }
        return new Sequence(byDefault.substring("nextval(".length(), byDefault.length() - 1));
    }

    private static long greatest(String type) {
        int signed =
                type.startsWith("tinyint") ? 7 : type.startsWith("smallint") ? 15 : type.startsWith("medium") ? 23 : 0;
        int bits = signed > 0 ? signed : type.startsWith("int") ? 31 : 63;
        return bits == 63 ? Long.MAX_VALUE : (1L << (type.contains("unsigned") ? bits + 1 : bits)) - 1;
    }

    /**
     * A sequence, whose {@code SETVAL} never sets it back.
     *
     * @param quoted its name, quoted
     */
    record Sequence(String quoted) implements Issuer {
        @Override
        public String name() {
            return quoted;
        }

        @Override
        public State read(Connection connection) throws SQLException {
            @Nullable String[] row = Issuer.row(
                    connection, "select next_not_cached_value, cache_size, increment, maximum_value from " + quoted);
            if (row == null) {
                throw new MigrationException("sequence " + quoted + " is gone");
            }
            long next = Long.parseLong(String.valueOf(row[0]));
            long increment = Long.parseLong(String.valueOf(row[2]));
            return new State(
                    next,
                    next - Long.parseLong(String.valueOf(row[1])) * increment,
                    increment,
                    Long.parseLong(String.valueOf(row[3])));
        }

        /** Further by what the server draws ahead: afterwards nobody can see from outside where within that it stands. */
        @Override
        public void advance(Connection connection, long next) throws SQLException {
            State now = read(connection);
            if (now.earliest() < next) {
                setNext(connection, next + now.next() - now.earliest());
            }
        }

        /** Whether the next number is this one; false where the sequence is there already or further. */
        private boolean setNext(Connection connection, long next) throws SQLException {
            @Nullable String[] row = Issuer.row(connection, "select setval(" + quoted + ", " + next + ", 0)");
            return row != null && row[0] != null;
        }

        @Override
        public boolean alternates() {
            return true;
        }

        @Override
        public void alternate(Connection connection, long from, int remainder) throws SQLException {
            Issuer.execute(
                    connection, "set statement lock_wait_timeout = 1 for alter sequence " + quoted + " increment by 2");
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                long start = Issuer.firstFrom(Math.max(from, read(connection).next() + attempt), remainder);
                if (setNext(connection, start)) {
                    return;
                }
            }
            throw new MigrationException(
                    "sequence " + quoted + " was drawn from faster than it could be set; try again");
        }
    }

    /**
     * The AUTO_INCREMENT of a table. ALTER TABLE waits for the transactions that have used the table, and never goes below a row.
     *
     * @param quoted the table's name, quoted and with its database
     * @param greatest what fits into the column
     */
    record AutoIncrement(String quoted, long greatest) implements Issuer {
        @Override
        public String name() {
            return "the AUTO_INCREMENT of " + quoted;
        }

        @Override
        public State read(Connection connection) throws SQLException {
            @Nullable String[] row = Issuer.row(
                    connection,
                    "select auto_increment from information_schema.tables"
                            + " where concat('`', table_schema, '`.`', table_name, '`') = ?",
                    quoted);
            if (row == null || row[0] == null) {
                throw new MigrationException(name() + " is gone");
            }
            long next = Long.parseLong(row[0]);
            return new State(next, next, 1, greatest);
        }

        @Override
        public void advance(Connection connection, long next) throws SQLException {
            if (read(connection).next() < next) {
                Issuer.execute(
                        connection,
                        "set statement lock_wait_timeout = 1 for alter table " + quoted + " auto_increment = " + next);
            }
        }

        @Override
        public boolean alternates() {
            return false;
        }

        @Override
        public void alternate(Connection connection, long from, int remainder) {
            throw new MigrationException(name() + " cannot be made to issue every second number alone; see"
                    + " auto_increment_increment and auto_increment_offset, which are of the server");
        }
    }
}
