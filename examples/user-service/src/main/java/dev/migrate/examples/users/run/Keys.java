package dev.migrate.examples.users.run;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Keeps the keys that two databases generate apart while each is authoritative for some of the users: legacy's are even and the
 * target's odd from here on, both beyond all that there are.
 */
final class Keys {

    private static final long MARGIN = 10_000;

    private Keys() {}

    static void keepApart(DataSource legacy, DataSource target, String sequence) throws SQLException {
        long beyond = Math.max(last(legacy, sequence), last(target, sequence)) + MARGIN;
        long even = beyond + beyond % 2;
        restart(legacy, sequence, even);
        restart(target, sequence, even + 1);
    }

    private static long last(DataSource database, String sequence) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select last_value from " + sequence)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void restart(DataSource database, String sequence, long at) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("alter sequence " + sequence + " increment by 2 restart with " + at);
        }
    }
}
