package dev.migrate.spring;

import dev.migrate.jdbc.TransactionBinding;
import dev.migrate.side.SideBooks;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Lets a side of a migration take part in Spring's transactions on one data source, {@code @Transactional} ones included.
 *
 * <p>The starter makes one bean of it for each data source, with the data source's bean name as its qualifier:
 *
 * <pre>{@code
 * @Bean
 * JdbcRecords<Long, Order> legacyRecords(@Qualifier("legacyDb") TransactionBinding legacyDb, LegacyOrders orders) {
 *     return JdbcRecords.joining(legacyDb, Records.of(orders::find, orders::save, orders::delete));
 * }
 * }</pre>
 *
 * <p>The repositories may use {@code JdbcTemplate}, {@code JdbcClient} or anything else that takes its connections the way Spring does.
 * Thread-safe; owns nothing.
 */
public final class SpringTransactionBinding implements TransactionBinding {
    private static final Logger LOG = LoggerFactory.getLogger(SpringTransactionBinding.class);
    private final DataSource pool;
    private final DataSource joining;
    private final PlatformTransactionManager manager;

    private SpringTransactionBinding(DataSource pool, PlatformTransactionManager manager) {
        this.pool = pool;
        this.joining = new TransactionAwareDataSourceProxy(pool);
        this.manager = manager;
    }

    /**
     * A binding of a data source.
     *
     * @param manager the manager of the transactions on it
     */
    public static SpringTransactionBinding of(DataSource dataSource, PlatformTransactionManager manager) {
        return new SpringTransactionBinding(poolOf(dataSource), manager);
    }

    /** The pool behind a proxy that would answer with the running transaction's connection. */
    static DataSource poolOf(DataSource dataSource) {
        DataSource target =
                dataSource instanceof TransactionAwareDataSourceProxy proxy ? proxy.getTargetDataSource() : null;
        return target == null ? dataSource : target;
    }

    /**
     * A holder alone does not tell: Spring also binds a connection that it hands out during a transaction of another database, and that
     * one commits by itself.
     */
    @Override
    public boolean isActive() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()
                || !TransactionSynchronizationManager.hasResource(pool)) {
            return false;
        }
        Connection bound = DataSourceUtils.getConnection(pool);
        try {
            return !bound.getAutoCommit();
        } catch (SQLException broken) {
            throw new dev.migrate.MigrationException(
                    "a connection of the running transaction cannot be asked for its state; roll back", broken);
        } finally {
            DataSourceUtils.releaseConnection(bound, pool);
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        return isActive() ? joining.getConnection() : pool.getConnection();
    }

    @Override
    public Connection newConnection() throws SQLException {
        return pool.getConnection();
    }

    @Override
    public void afterCommit(Runnable action) {
        if (!isActive()) {
            action.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                try {
                    action.run();
                } catch (RuntimeException | Error failure) {
                    LOG.warn("an action after a commit failed; the transaction stays committed", failure);
                }
            }
        });
    }

    @Override
    public void doom(Throwable because) {
        if (isActive()) {
            TransactionSynchronizationManager.registerSynchronization(new Doomed(because));
        }
    }

    @Override
    public <T extends @Nullable Object> T execute(SideBooks.Work<T> work) throws Exception {
        return isActive() ? join(work) : begin(work);
    }

    private <T extends @Nullable Object> T join(SideBooks.Work<T> work) throws Exception {
        try {
            return work.run();
        } catch (Exception | Error failure) {
            doom(failure);
            throw failure;
        }
    }

    private <T extends @Nullable Object> T begin(SideBooks.Work<T> work) throws Exception {
        DefaultTransactionDefinition definition =
                new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        definition.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        TransactionStatus transaction = manager.getTransaction(definition);
        T result;
        try {
            result = work.run();
        } catch (Exception | Error failure) {
            rollBack(transaction, failure);
            throw failure;
        }
        manager.commit(transaction);
        return result;
    }

    private void rollBack(TransactionStatus transaction, Throwable failure) {
        try {
            manager.rollback(transaction);
        } catch (RuntimeException | Error second) {
            failure.addSuppressed(second);
        }
    }

    @Override
    public String toString() {
        return "SpringTransactionBinding[" + pool.getClass().getSimpleName() + "]";
    }
}
