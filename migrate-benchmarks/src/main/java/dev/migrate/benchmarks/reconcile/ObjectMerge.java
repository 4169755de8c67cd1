package dev.migrate.benchmarks.reconcile;

import dev.migrate.benchmarks.table.OrderDatabases;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;

/** Both tables read in the order of their keys and compared field by field, as one would write it first. */
final class ObjectMerge {
    private static final int COLUMNS = 8;
    private static final int FETCH = 5_000;

    private ObjectMerge() {}

    /**
     * How many rows differ or are in one of the tables only.
     *
     * @param legacyColumns what is selected of legacy's columns, so that it is like the target's
     */
    static int differing(DataSource inLegacy, DataSource inTarget, String legacyColumns) throws SQLException {
        try (Connection legacy = streaming(inLegacy);
                Connection target = streaming(inTarget);
                PreparedStatement ofLegacy = legacy.prepareStatement(all(legacyColumns));
                PreparedStatement ofTarget = target.prepareStatement(all(OrderDatabases.COLUMNS))) {
            ofLegacy.setFetchSize(FETCH);
            ofTarget.setFetchSize(FETCH);
            try (ResultSet one = ofLegacy.executeQuery();
                    ResultSet other = ofTarget.executeQuery()) {
                return differing(one, other);
            } finally {
                legacy.rollback();
                target.rollback();
            }
        }
    }

    /** The rows of a table of orders in the order of their keys. */
    static String all(String columns) {
        return "SELECT " + columns + " FROM orders ORDER BY id";
    }

    private static Connection streaming(DataSource database) throws SQLException {
        Connection connection = database.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private static int differing(ResultSet one, ResultSet other) throws SQLException {
        int differing = 0;
        boolean hasOne = one.next();
        boolean hasOther = other.next();
        while (hasOne || hasOther) {
            int order = !hasOne ? 1 : !hasOther ? -1 : Long.compare(one.getLong(1), other.getLong(1));
            if (order != 0 || !isSame(one, other)) {
                differing++;
            }
            hasOne = order <= 0 ? one.next() : hasOne;
            hasOther = order >= 0 ? other.next() : hasOther;
        }
        return differing;
    }

    private static boolean isSame(ResultSet one, ResultSet other) throws SQLException {
        for (int column = 1; column <= COLUMNS; column++) {
            if (!Objects.equals(one.getObject(column), other.getObject(column))) {
                return false;
            }
        }
        return true;
    }
}
