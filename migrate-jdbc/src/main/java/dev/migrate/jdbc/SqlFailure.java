package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** What a database's failure becomes: what was being done, the SQL state, and a remedy; never a value of a row. */
final class SqlFailure {
    /** What an owing trigger says where the role does not allow a write. */
    static final String REFUSED = "MIG01";

    private static final int DEEPEST = 20;

    /** Unique; no parent, in PostgreSQL, and children, in H2; children, in PostgreSQL 18; no parent, in H2; exclusion. */
    private static final Set<String> CONFLICTS = Set.of("23505", "23503", "23001", "23506", "23P01");

    /** Duplicates, with and without the key's name; no parent; children, with and without the constraint's name. */
    private static final Set<Integer> CONFLICTS_OF_MARIADB = Set.of(1022, 1062, 1169, 1586, 1216, 1217, 1451, 1452);

    /** A check that does not hold, and a character that a column's set lacks: MySQL gives them no state of their own. */
    private static final Set<Integer> REFUSALS_OF_MYSQL = Set.of(3819, 1366);

    private SqlFailure() {}

    static MigrationException of(String doing, SQLException cause) {
        return of(doing, cause, "check that the user of the data source may read and write the migrate_ tables");
    }

    /**
     * What a failure becomes.
     *
     * @param check what to look at where the failure itself does not say
     */
    static MigrationException of(String doing, SQLException cause, String check) {
        return new MigrationException(
                "could not " + doing + " (SQL state " + cause.getSQLState() + ", vendor code " + cause.getErrorCode()
                        + "); " + remedy(cause, check),
                cause);
    }

    private static String remedy(SQLException cause, String check) {
        if (isContention(cause)) {
            return "another transaction was in the way: roll back and begin the transaction again";
        }
        if (isMissingTable(cause)) {
            return "the library's tables are missing: create them with JdbcSchema.create(dataSource), in the schema that"
                    + " its connections use";
        }
        if (state(cause).startsWith("08")) {
            return "the database could not be reached: check that it is up and that the pool has the right address";
        }
        return check + "; the cause has the database's own words";
    }

    /** Deadlock, serialization failure, lock timeout: the same transaction may succeed when it is begun again. */
    static boolean isContention(SQLException failure) {
        String state = state(failure);
        return state.startsWith("40")
                || state.equals("55P03") // PostgreSQL: lock not available
                || state.startsWith("HYT") // H2: lock timeout
                || failure.getErrorCode() == 1205 // MariaDB: lock wait timeout
                || failure.getErrorCode() == 1020 // MariaDB: changed since the snapshot
                || failure.getErrorCode() == 90131; // H2: concurrent update
    }

    static boolean isDuplicate(SQLException failure) {
        return state(failure).equals("23505") || failure.getErrorCode() == 1062;
    }

    /** The refusal of an owing trigger, where a failure is one or was caused by one. */
    static Optional<SQLException> refusedByTrigger(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < DEEPEST; depth++) {
            if (at instanceof SQLException sql) {
                for (SQLException each = sql; each != null; each = each.getNextException()) {
                    if (state(each).equals(REFUSED)) {
                        return Optional.of(each);
                    }
                }
            }
            at = at.getCause();
        }
        return Optional.empty();
    }

    /** Whether a failure is, or was caused by, one of the database's that tells of another row in the way. */
    static boolean isOfConflict(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof SQLException refusal && isConflict(refusal)) {
                return true;
            }
        }
        return false;
    }

    /** A unique key, a foreign key or an exclusion: another row may be what is in the way, and may be about to go. */
    private static boolean isConflict(SQLException failure) {
        String state = state(failure);
        return CONFLICTS.contains(state)
                || (state.equals("23000") && CONFLICTS_OF_MARIADB.contains(failure.getErrorCode()));
    }

    /** Whether the database refused a value or a row, and not the statement or the connection. */
    static boolean isRefusal(SQLException failure) {
        String state = state(failure);
        return state.startsWith("22")
                || state.startsWith("23")
                || (state.equals("HY000") && REFUSALS_OF_MYSQL.contains(failure.getErrorCode()));
    }

    static boolean isMissingTable(SQLException failure) {
        String state = state(failure);
        return state.equals("42P01") || state.equals("42S02") || state.equals("42S03") || state.equals("42S04");
    }

    /** Whether a text could not be converted, and the database's words quote it. */
    static boolean isUnfitText(SQLException failure, String text) {
        String message = failure.getMessage();
        return state(failure).equals("22P02") && message != null && message.contains(text);
    }

    private static String state(SQLException failure) {
        return failure.getSQLState() == null ? "" : failure.getSQLState();
    }
}
