package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.side.SideBooks;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The application's pool, made so that whoever asks it for a connection inside a transaction gets the transaction's.
 *
 * <p>Give it to the repositories in place of the pool, and to {@link JdbcRecords#joining}: what the repositories write then commits
 * together with the library's books. Where a framework manages transactions, use its {@link TransactionBinding} instead.
 *
 * <p>Inside a transaction, opened by a router or by {@link #inTransaction}, closing the connection does nothing, and ending the
 * transaction by it is refused. Outside, connections come from the pool as they are. All wrappers of one pool share the thread's
 * transaction. Thread-safe; it owns nothing, and the pool is closed by whoever made it.
 *
 * <pre>{@code
 * DataSource legacyDb = new JoiningDataSource(pool);
 * LegacyOrders legacyOrders = new LegacyOrders(legacyDb);
 * }</pre>
 */
public final class JoiningDataSource implements DataSource, TransactionBinding {
    private static final ThreadLocal<@Nullable IdentityHashMap<Object, ThreadTransaction>> RUNNING =
            new ThreadLocal<>();
    private static final int UNKNOWN = -1;

    private final DataSource pool;
    private final Object owner;
    private final int isolation;
    private volatile int usualIsolation = UNKNOWN;

    /** Wraps a pool. */
    public JoiningDataSource(DataSource pool) {
        this(pool, Connection.TRANSACTION_READ_COMMITTED);
    }

    JoiningDataSource(DataSource pool, int isolation) {
        this.pool = poolOf(pool);
        this.owner = this.pool;
        this.isolation = isolation;
    }

    private JoiningDataSource(DataSource pool, Object owner) {
        this.pool = poolOf(pool);
        this.owner = owner;
        this.isolation = Connection.TRANSACTION_READ_COMMITTED;
    }

    /** Transactions apart from those of the application, on the same pool: what they write stays when the application rolls back. */
    static JoiningDataSource apart(DataSource pool) {
        return new JoiningDataSource(pool, new Object());
    }

    private static DataSource poolOf(DataSource dataSource) {
        return dataSource instanceof JoiningDataSource joining ? joining.pool : Objects.requireNonNull(dataSource);
    }

    /**
     * Runs work in a transaction: the thread's running one, or else a new one at READ COMMITTED that commits when the work returns and
     * rolls back when it throws, whatever it throws.
     *
     * @throws dev.migrate.RefusedWriteException where a write inside was refused, even though the work caught that
     * @throws MigrationException where other work that joined had failed, even though the exception was caught
     * @throws Exception what the work throws, as it was thrown
     */
    public <T extends @Nullable Object> T inTransaction(SideBooks.Work<T> work) throws Exception {
        return execute(work);
    }

    /**
     * Runs work as part of a transaction that the application has begun on a connection of its own, and ends itself: whatever asks this data
     * source for a connection meanwhile gets that one, and routers join.
     *
     * <p>Where the work throws, or a write inside was refused, all that it did is taken back to where it began; the rest of the
     * application's transaction stays as it was. The library does not see the transaction's end: what it owes is copied by the worker, not
     * right after the commit.
     *
     * @param connection of this pool's database, with auto-commit off; it is neither closed nor committed
     * @throws MigrationException where auto-commit is on, or the thread is inside another transaction of this database
     * @throws Exception what the work throws, as it was thrown
     */
    public <T extends @Nullable Object> T inTransactionOf(Connection connection, SideBooks.Work<T> work)
            throws Exception {
        if (isActive()) {
            throw new MigrationException(
                    "the thread is inside a transaction of this database already; do the work in that one,"
                            + " or on another thread");
        }
        if (connection.getAutoCommit()) {
            throw new MigrationException("the connection must be inside a transaction, but its auto-commit is on: each"
                    + " statement would commit by itself; call setAutoCommit(false) before, and commit() after");
        }
        ThreadTransaction transaction = ThreadTransaction.unseen(connection);
        bind(transaction);
        try {
            return transaction.runInside(work);
        } finally {
            unbind();
        }
    }

    @Override
    public <T extends @Nullable Object> T execute(SideBooks.Work<T> work) throws Exception {
        ThreadTransaction running = running();
        if (running != null) {
            return running.join(work);
        }
        ThreadTransaction transaction = new ThreadTransaction(pool.getConnection());
        T result;
        try {
            int usual = usualIsolation(transaction);
            bind(transaction);
            result = transaction.run(work, isolation, usual);
        } finally {
            unbind();
            transaction.close();
        }
        transaction.committed();
        return result;
    }

    private void bind(ThreadTransaction transaction) {
        IdentityHashMap<Object, ThreadTransaction> all = RUNNING.get();
        if (all == null) {
            all = new IdentityHashMap<>();
            RUNNING.set(all);
        }
        all.put(owner, transaction);
    }

    private void unbind() {
        IdentityHashMap<Object, ThreadTransaction> all = RUNNING.get();
        if (all != null) {
            all.remove(owner);
            if (all.isEmpty()) {
                RUNNING.remove();
            }
        }
    }

    /** Asked of the first connection only: a pool gives its connections back the level that they had. */
    private int usualIsolation(ThreadTransaction transaction) throws SQLException {
        if (usualIsolation == UNKNOWN) {
            usualIsolation = transaction.isolation();
        }
        return usualIsolation;
    }

    private @Nullable ThreadTransaction running() {
        IdentityHashMap<Object, ThreadTransaction> all = RUNNING.get();
        return all == null ? null : all.get(owner);
    }

    @Override
    public boolean isActive() {
        return running() != null;
    }

    @Override
    public void afterCommit(Runnable action) {
        ThreadTransaction running = running();
        if (running == null) {
            action.run();
        } else {
            running.afterCommit(action);
        }
    }

    @Override
    public boolean seesCommit() {
        ThreadTransaction running = running();
        return running == null || running.isSeen();
    }

    @Override
    public boolean endWith(CommittingWork last) {
        ThreadTransaction running = running();
        return running != null && running.endWith(last);
    }

    @Override
    public void doom(Throwable because) {
        ThreadTransaction running = running();
        if (running != null) {
            running.doom(because);
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        ThreadTransaction running = running();
        return running == null ? pool.getConnection() : running.connection();
    }

    /** Refused inside a transaction, which belongs to the pool's own user; the pool's answer outside. */
    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        if (isActive()) {
            throw new SQLFeatureNotSupportedException(
                    "a connection of another user cannot join the thread's transaction; ask for one without a user");
        }
        return pool.getConnection(username, password);
    }

    @Override
    public Connection newConnection() throws SQLException {
        return pool.getConnection();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        return type.isInstance(pool) ? type.cast(pool) : pool.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || type.isInstance(pool) || pool.isWrapperFor(type);
    }

    @Override
    public @Nullable PrintWriter getLogWriter() throws SQLException {
        return pool.getLogWriter();
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        pool.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        pool.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return pool.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return pool.getParentLogger();
    }

    @Override
    public String toString() {
        return "JoiningDataSource[" + pool.getClass().getSimpleName() + "]";
    }

    /** The wrapper behind a data source, where there is one. */
    static JoiningDataSource require(DataSource dataSource) {
        if (dataSource instanceof JoiningDataSource joining) {
            return joining;
        }
        try {
            if (dataSource.isWrapperFor(JoiningDataSource.class)) {
                return dataSource.unwrap(JoiningDataSource.class);
            }
        } catch (SQLException failure) {
            throw SqlFailure.of("find out whether a data source can be joined", failure);
        }
        throw new MigrationException("dataSource must be one whose running transaction can be joined, but was a "
                + dataSource.getClass().getName()
                + "; wrap the pool once, with new JoiningDataSource(pool), and give the wrapper both to the repositories"
                + " and to JdbcRecords.joining(..); or use JdbcRecords.of(..), which hands out the connection; or give"
                + " the TransactionBinding of the framework that manages the transactions");
    }
}
