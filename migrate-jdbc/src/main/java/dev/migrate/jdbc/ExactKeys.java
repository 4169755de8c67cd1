package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Whether the library's tables tell every two keys apart. PostgreSQL's databases always do, and for MariaDB the tables are made so; H2 has settings
 * of a whole database by which two keys would be one in the journal, and one of them never be copied.
 */
final class ExactKeys {
    private static final String APART = "select count(*) from (select distinct k from (select record_key as k"
            + " from migrate_journal where 1 = 0 union all select 'a' union all select 'A' union all select 'á'"
            + " union all select 'a ') texts) apart";
    private static final int TEXTS = 4;

    private ExactKeys() {}

    static void require(Connection connection) throws SQLException {
        int apart = OwnTransaction.runOne(connection, ExactKeys::apart);
        if (apart != TEXTS) {
            throw new MigrationException(
                    "the library's tables must tell every two keys apart, but this database takes some texts for one,"
                            + " by IGNORECASE or SET COLLATION; use a database without these settings, and give single columns a"
                            + " type VARCHAR_IGNORECASE instead");
        }
    }

    private static int apart(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery(APART)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
