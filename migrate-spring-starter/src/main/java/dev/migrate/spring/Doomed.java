package dev.migrate.spring;

import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import org.springframework.transaction.support.TransactionSynchronization;

/** Keeps a transaction from committing although what had failed in it was caught, and says why. */
record Doomed(Throwable because) implements TransactionSynchronization {
    @Override
    public void beforeCommit(boolean readOnly) {
        if (because instanceof RefusedWriteException) {
            RefusedWriteException refusal = new RefusedWriteException(
                    "the transaction was rolled back: a write in it had been refused, and the refusal was caught; "
                            + because.getMessage());
            refusal.initCause(because);
            throw refusal;
        }
        throw new MigrationException(
                "the transaction was rolled back: something in it had failed half-way, and the exception was caught;"
                        + " let it pass, or do that work in a transaction of its own",
                because);
    }
}
