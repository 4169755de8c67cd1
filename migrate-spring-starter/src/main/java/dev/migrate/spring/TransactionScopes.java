package dev.migrate.spring;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Makes each of Spring's transactions a unit of work: stage and share are read once, when it begins, and a step waits until it has ended.
 *
 * <p>Transactions of a thread end in the reverse of the order in which they were begun, suspended ones included.
 */
final class TransactionScopes implements TransactionExecutionListener, BeanPostProcessor {
    private final UnitScopes scopes;

    @SuppressWarnings("ThreadLocalUsage") // the transactions of one context
    private final ThreadLocal<Deque<UnitScopes.Open>> open = ThreadLocal.withInitial(ArrayDeque::new);

    TransactionScopes(UnitScopes scopes) {
        this.scopes = scopes;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof ConfigurableTransactionManager manager) {
            manager.addListener(this);
        }
        return bean;
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
        if (failure == null && transaction.isNewTransaction()) {
            open.get().push(scopes.open());
        }
    }

    @Override
    public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
        close(transaction);
    }

    @Override
    public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
        close(transaction);
    }

    private void close(TransactionExecution transaction) {
        if (transaction.isNewTransaction()) {
            UnitScopes.Open ended = open.get().poll();
            if (ended != null) {
                ended.close();
            }
            if (open.get().isEmpty()) {
                open.remove();
            }
        }
    }
}
