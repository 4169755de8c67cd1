package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Gives segments their roles, each time in a transaction of its own.
 *
 * <p>Waits for a lock a short time only, again and again: whoever writes in the range queues behind each wait.
 *
 * @param lockPatience for how long all attempts together wait
 */
record RoleAssignment(BookId id, TransactionBinding binding, Dialect dialect, Duration lockPatience) {
    private static final Duration LONGEST_BACK_OFF = Duration.ofMillis(100);

    boolean assign(SegmentRange range, Role role, boolean journalled, long epoch) {
        long attempts = lockPatience.dividedBy(dialect.lockTimeout());
        for (int attempt = 1; ; attempt++) {
            boolean wasInterrupted = Thread.currentThread().isInterrupted();
            try (Connection connection = binding.newConnection()) {
                return OwnTransaction.run(
                        connection, inTransaction -> assign(inTransaction, range, role, journalled, epoch));
            } catch (SQLException failure) {
                if (!SqlFailure.isContention(failure) && !SqlFailure.isDuplicate(failure)) {
                    throw SqlFailure.of("assign roles of " + id, failure);
                }
                if (wasInterrupted) {
                    // H2 clears the flag where it ends a wait for a lock.
                    Thread.currentThread().interrupt();
                }
                if (attempt >= attempts) {
                    throw refused(
                            range,
                            role,
                            "transactions that write there have run for all of " + lockPatience.toMillis()
                                    + " ms; find the long transaction, end it, and take the step again",
                            failure);
                }
                if (!backOff()) {
                    throw refused(
                            range,
                            role,
                            "the thread was interrupted while transactions that write there went on; take the step again",
                            failure);
                }
            }
        }
    }

    private MigrationException refused(SegmentRange range, Role role, String why, SQLException failure) {
        return new MigrationException(
                id + " could not make segments " + range.from() + " to " + range.to() + " " + role + ": " + why,
                failure);
    }

    private boolean assign(Connection connection, SegmentRange range, Role role, boolean journalled, long epoch)
            throws SQLException {
        RoleRows present = dialect.lockRoles(connection, id, range);
        if (present.latestEpoch() >= epoch) {
            return false;
        }
        present.assign(connection, id, range, role, journalled, epoch);
        return true;
    }

    private static boolean backOff() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_BACK_OFF.toNanos()));
        return !Thread.currentThread().isInterrupted();
    }
}
