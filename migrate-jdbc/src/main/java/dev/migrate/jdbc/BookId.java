package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Whose books: the first three columns of every table of a side. */
record BookId(String migration, String records, Side side) {
    private static final int LONGEST = 100;

    BookId {
        if (records.isEmpty() || records.length() > LONGEST || migration.length() > LONGEST) {
            throw new MigrationException("the name of a kind of records must have 1 to " + LONGEST
                    + " characters, but was '" + records + "' in migration '" + migration + "'");
        }
        StorableText.check("the name of a kind of records", records);
    }

    /** Binds the three columns from a parameter on; returns the parameter after them. */
    int bind(PreparedStatement statement, int first) throws SQLException {
        statement.setString(first, migration);
        statement.setString(first + 1, records);
        statement.setString(first + 2, side.name());
        return first + 3;
    }

    /** The same number on every node and every JVM. */
    int lockClass() {
        return ("migrate/" + migration + '/' + records + '/' + side.name()).hashCode();
    }

    @Override
    public String toString() {
        return "migration '" + migration + "' (records '" + records + "', " + side + ")";
    }
}
