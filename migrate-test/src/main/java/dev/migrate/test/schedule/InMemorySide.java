package dev.migrate.test.schedule;

import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.internal.Waiting;
import dev.migrate.side.BookedRecords;
import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.SideBooks;
import dev.migrate.test.schedule.ScheduledSides.Item;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A database in memory: rows whose writes commit with the books.
 *
 * <p>As a database at READ COMMITTED: a row is locked by whoever inserts, updates or deletes it until the transaction ends; a delete of a row that is
 * not there locks nothing, not even where another transaction has inserted one and not committed; nobody sees what is not committed. Of transactions
 * that wait for each other in a circle, the one that closes it fails. A transaction in which anything has failed can only be rolled back. Rows
 * become visible just before the books do.
 */
final class InMemorySide implements BookedRecords<Long, Item> {
    private final NavigableMap<Long, Item> rows = new ConcurrentSkipListMap<>();
    private final Map<Long, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Map<ReentrantLock, Transaction> holders = new ConcurrentHashMap<>();
    private final InMemorySideBooks books;
    private final SideBooks opened;

    @SuppressWarnings("ThreadLocalUsage") // a transaction belongs to this side
    private final ThreadLocal<@Nullable Transaction> running = new ThreadLocal<>();

    InMemorySide(InstantSource time) {
        this.books = new InMemorySideBooks(time);
        this.opened = (SideBooks) Proxy.newProxyInstance(
                InMemorySide.class.getClassLoader(), new Class<?>[] {SideBooks.class}, this::callOfBooks);
    }

    private final class Transaction {
        private final Map<Long, Optional<Item>> written = new LinkedHashMap<>();
        private final List<ReentrantLock> held = new ArrayList<>();
        private final List<Runnable> atCommit = new ArrayList<>();
        private volatile @Nullable ReentrantLock awaited;
        private boolean isDoomed;

        void lock(long key) {
            lock(Objects.requireNonNull(locks.computeIfAbsent(key, unused -> new ReentrantLock())));
        }

        void lock(ReentrantLock lock) {
            if (lock.isHeldByCurrentThread()) {
                return;
            }
            awaited = lock;
            try {
                if (closesCircle()) {
                    isDoomed = true;
                    throw new ScheduledFailureException(
                            "transactions of a side wait for each other: this one gives way");
                }
                Waiting.lock(lock);
            } finally {
                awaited = null;
            }
            holders.put(lock, this);
            held.add(lock);
        }

        private boolean closesCircle() {
            Transaction next = this;
            do {
                ReentrantLock lock = next.awaited;
                next = lock == null ? null : holders.get(lock);
            } while (next != null && next != this);
            return next == this;
        }

        void release() {
            for (ReentrantLock lock : held) {
                holders.remove(lock);
                Waiting.unlock(lock);
            }
        }

        Optional<Item> read(long key) {
            return Objects.requireNonNull(written.getOrDefault(key, Optional.ofNullable(rows.get(key))));
        }

        void commit() {
            if (isDoomed) {
                throw new RefusedWriteException(
                        "the transaction was rolled back: something in it had failed, and the exception was caught");
            }
            written.forEach(
                    (key, item) -> item.ifPresentOrElse(present -> rows.put(key, present), () -> rows.remove(key)));
            atCommit.forEach(Runnable::run);
        }
    }

    @Override
    public Optional<Item> read(Long key) {
        Transaction transaction = running.get();
        return transaction == null ? Optional.ofNullable(rows.get(key)) : transaction.read(key);
    }

    @Override
    public Item write(Long key, Item value) throws Exception {
        return inTransaction(transaction -> {
            transaction.lock(key);
            transaction.written.put(key, Optional.of(value));
            return value;
        });
    }

    @Override
    public void delete(Long key) throws Exception {
        inTransaction(transaction -> {
            if (transaction.read(key).isPresent()) {
                transaction.lock(key);
                transaction.written.put(key, Optional.empty());
            }
            return true;
        });
    }

    /** Reads a row and locks it until the transaction ends; one that is not there is not locked. */
    Optional<Item> lock(long key) {
        Transaction transaction = Objects.requireNonNull(running.get(), "no transaction is running");
        if (transaction.read(key).isPresent()) {
            transaction.lock(key);
        }
        return transaction.read(key);
    }

    /** Inserts where there is no row; waits for whoever is about to insert or delete one. */
    boolean insert(Item value) throws Exception {
        return inTransaction(transaction -> {
            transaction.lock(value.key());
            if (transaction.read(value.key()).isPresent()) {
                return false;
            }
            transaction.written.put(value.key(), Optional.of(value));
            return true;
        });
    }

    /** Happens at the commit of the thread's transaction, and never where it is rolled back. */
    void atCommit(Runnable what) {
        Objects.requireNonNull(running.get(), "no transaction is running")
                .atCommit
                .add(what);
    }

    /** Keeps a lock until the thread's transaction ends. */
    void lockUntilEnd(ReentrantLock lock) {
        Objects.requireNonNull(running.get(), "no transaction is running").lock(lock);
    }

    /** What is committed, by key. */
    NavigableMap<Long, Item> rows() {
        return rows;
    }

    private interface InTransaction<T> {
        T run(Transaction transaction) throws Exception;
    }

    private <T> T inTransaction(InTransaction<T> work) throws Exception {
        return opened.inTransaction(() -> work.run(Objects.requireNonNull(running.get())));
    }

    @Override
    public SideBooks books(String migration, String records, Side side) {
        return opened;
    }

    SideBooks books() {
        return opened;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new MigrationException("a side in memory has no " + type.getName() + "; it has only itself");
    }

    /** The books' own transaction, with that of the rows around it. */
    private @Nullable Object callOfBooks(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getName().equals("isDurable")) {
            return true;
        }
        if (method.getName().equals("inTransaction")) {
            return inTransaction((SideBooks.Work<?>) Objects.requireNonNull(Objects.requireNonNull(arguments)[0]));
        }
        Transaction transaction = running.get();
        try {
            return method.invoke(books, arguments);
        } catch (InvocationTargetException thrown) {
            if (transaction != null) {
                transaction.isDoomed = true;
            }
            throw thrown.getCause();
        }
    }

    private @Nullable Object inTransaction(SideBooks.Work<?> work) throws Exception {
        Transaction joined = running.get();
        if (joined != null) {
            return join(joined, work);
        }
        Transaction transaction = new Transaction();
        running.set(transaction);
        try {
            return books.<@Nullable Object>inTransaction(() -> {
                Object result = work.run();
                transaction.commit();
                return result;
            });
        } finally {
            running.remove();
            transaction.release();
        }
    }

    private static @Nullable Object join(Transaction transaction, SideBooks.Work<?> work) throws Exception {
        try {
            return work.run();
        } catch (Exception | Error failure) {
            transaction.isDoomed = true;
            throw failure;
        }
    }
}
