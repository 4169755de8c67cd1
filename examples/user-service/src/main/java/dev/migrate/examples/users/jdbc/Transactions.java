package dev.migrate.examples.users.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Where a service's statements run: each call in a transaction of its own, or all in one that somebody else ends. */
public interface Transactions {

    <R> R call(Work<R> work) throws SQLException;

    /** The same transactions, each with the time that it took told to {@code timer}, failed ones too. */
    default Transactions timed(Consumer<Duration> timer) {
        Transactions plain = this;
        return new Transactions() {
            @Override
            public <R> R call(Work<R> work) throws SQLException {
                long start = System.nanoTime();
                try {
                    return plain.call(work);
                } finally {
                    timer.accept(Duration.ofNanos(System.nanoTime() - start));
                }
            }
        };
    }

    /** Statements on one connection. */
    interface Work<R> {
        R on(Connection connection) throws SQLException;
    }

    /** Each call in a transaction of its own: committed when the work returns, rolled back when it throws. */
    static Transactions of(DataSource database) {
        return new OwnTransactions(database);
    }

    /** Every call on the given connection, which the caller commits and closes. */
    static Transactions joining(Connection connection) {
        return new Transactions() {
            @Override
            public <R> R call(Work<R> work) throws SQLException {
                return work.on(connection);
            }
        };
    }
}
