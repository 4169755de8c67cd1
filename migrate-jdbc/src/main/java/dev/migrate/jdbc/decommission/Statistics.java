package dev.migrate.jdbc.decommission;

import dev.migrate.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** Where a product counts the accesses to its tables. */
interface Statistics {
    /** That the statistics cannot be relied on; the message says why. */
    final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unusable(String why) {
            super(why);
        }
    }

    /**
     * Reads the counts, without touching a table.
     *
     * @param connection with auto-commit on
     * @throws Unusable where there are none
     */
    Reading read(Connection connection, List<String> tables) throws SQLException;

    static Statistics of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "postgresql" -> new PostgresStatistics();
            case "mariadb" -> new MariaDbStatistics();
            case "mysql" ->
                (ignored, tables) -> {
                    throw new Unusable(
                            "MySQL counts waits for a table, and not rows, so that what the library itself reads"
                                    + " could not be taken off");
                };
            default ->
                (ignored, tables) -> {
                    throw new Unusable(product + " keeps no statistics of the accesses to a table");
                };
        };
    }

    static MigrationException noTable(String table) {
        return new MigrationException("there is no table '" + table
                + "' for legacy's connections; check the name, and put its schema before it with a dot");
    }
}
