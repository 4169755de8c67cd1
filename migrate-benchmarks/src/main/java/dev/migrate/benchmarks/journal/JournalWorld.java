package dev.migrate.benchmarks.journal;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.Submitter;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import dev.migrate.Migration;
import dev.migrate.Stage;
import dev.migrate.benchmarks.journal.ItemDatabases.Item;
import dev.migrate.benchmarks.measure.TimedGroup;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.jdbc.JdbcMigrationStore;
import dev.migrate.side.DebtLimits;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** Two databases on one server, and every way of writing a row in the first and owing it to the second. */
final class JournalWorld implements TimedGroup.World {
    static final int CLIENTS = 16;
    private static final int KEYS = 10_000;
    private static final Duration LONGEST_REST = Duration.ofMinutes(2);

    /** What the outbox calls, after the commit. */
    interface Copier {
        void copy(long id);
    }

    private final ItemDatabases databases = new ItemDatabases(KEYS);
    private final DataSource legacy = databases.legacy;
    private final Routed journalled;
    private final Routed copied;
    private final TransactionManager transactions;
    private final TransactionOutbox outbox;
    private final TransactionOutbox processed;
    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final AtomicLong written = new AtomicLong();

    JournalWorld() throws Exception {
        journalled = new Routed("journalled", true);
        copied = new Routed("copied", false);
        transactions = TransactionManager.fromDataSource(legacy);
        outbox = outbox(Submitter.withExecutor(later -> {}));
        processed = outbox(Submitter.withExecutor(workers));
    }

    /** A migration with dual writes, whose copies are made at once or left. */
    private final class Routed implements AutoCloseable {
        private final Migration migration;
        private final DualWriteRouter<Long, Item> router;

        Routed(String name, boolean leavesCopies) {
            migration = Migration.named(name)
                    .store(new JdbcMigrationStore(legacy))
                    .operator(() -> "benchmark")
                    .build();
            DebtLimits leaving = DebtLimits.builder()
                    .slowBackfill(1, DebtLimits.ANY_AGE)
                    .leaveToWorker(1, DebtLimits.ANY_AGE)
                    .build();
            router = DualWriteRouter.of(migration)
                    .legacy(ItemDatabases.records(databases.legacy))
                    .target(ItemDatabases.records(databases.target))
                    .key(Item::id)
                    .repairEvery(leavesCopies ? Duration.ofDays(1) : Duration.ofMillis(100))
                    .debtLimits(leavesCopies ? leaving : DebtLimits.defaults())
                    .build();
            migration.moveTo(Stage.DUAL_WRITE, "benchmark");
        }

        void settle() {
            long deadline = System.nanoTime() + LONGEST_REST.toNanos();
            while (!router.debt().isNone()) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException(router.debt() + " is not worked off after " + LONGEST_REST);
                }
                router.repair();
            }
        }

        @Override
        public void close() {
            router.close();
            migration.close();
        }
    }

    private TransactionOutbox outbox(Submitter submitter) {
        return TransactionOutbox.builder()
                .transactionManager(transactions)
                .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
                .instantiator(Instantiator.using(type -> (Copier) databases::copy))
                .submitter(submitter)
                .build();
    }

    private Item next() {
        return new Item(1 + ThreadLocalRandom.current().nextInt(KEYS), "content " + written.incrementAndGet());
    }

    @Override
    public TimedGroup.Operation operation(String benchmark) {
        return switch (benchmark) {
            case "plain" -> () -> inTransaction(connection -> ItemDatabases.save(connection, next()));
            case "journalled" -> () -> journalled.router.write(next());
            case "copied" -> () -> copied.router.write(next());
            case "outbox" -> () -> intoOutbox(outbox);
            case "outboxProcessed" -> () -> intoOutbox(processed);
            case "plainFiveStatements" -> () -> inTransaction(connection -> fiveStatements(connection, next()));
            case "journalledFiveStatements" ->
                () -> {
                    Item item = next();
                    journalled.router.within(item.id(), work -> fiveStatements(work.unwrap(Connection.class), item));
                };
            default -> throw new IllegalArgumentException("no such benchmark: " + benchmark);
        };
    }

    private interface Statements {
        Object run(Connection connection) throws SQLException;
    }

    private void inTransaction(Statements statements) throws SQLException {
        try (Connection connection = legacy.getConnection()) {
            connection.setAutoCommit(false);
            statements.run(connection);
            connection.commit();
        }
    }

    /** Four rows are read, as a service does before it changes one. */
    private static Object fiveStatements(Connection connection, Item item) throws SQLException {
        for (int more = 1; more <= 4; more++) {
            ItemDatabases.find(connection, 1 + (item.id() + more) % KEYS);
        }
        return ItemDatabases.save(connection, item);
    }

    private void intoOutbox(TransactionOutbox into) throws SQLException {
        Item item = next();
        transactions.inTransactionThrows(transaction -> {
            ItemDatabases.save(transaction.connection(), item);
            into.schedule(Copier.class).copy(item.id());
        });
    }

    @Override
    public void settle() throws SQLException {
        journalled.settle();
        copied.settle();
        LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        ItemDatabases.execute(legacy, "DELETE FROM txno_outbox", "CHECKPOINT");
    }

    @Override
    public void close() throws Exception {
        workers.shutdownNow();
        journalled.close();
        copied.close();
        databases.close();
    }
}
