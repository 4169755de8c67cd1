package dev.migrate.dualwrite;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.dualwrite.Staff.Person;
import dev.migrate.side.BookedRecords;
import dev.migrate.side.ConflictException;
import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.SideBooks;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A side in memory with transactions and with rules between its rows: a name is unique, a boss is there, whoever is a boss cannot be
 * removed. Each rule is looked at with each write, as databases do it.
 */
final class Staff implements BookedRecords<Long, Person> {
    record Person(long id, @Nullable String name, @Nullable Long boss) {}

    /** What happens before a write takes effect, or after a read has. */
    interface Hook {
        void call(Long key) throws Exception;
    }

    private final InMemorySideBooks real;
    private final UnaryOperator<SideBooks> variant;
    private final ReentrantLock transaction = new ReentrantLock();
    private final Map<Long, Person> rows = new TreeMap<>();
    final List<Map<Long, Person>> commits = new CopyOnWriteArrayList<>();
    volatile Hook before = key -> {};
    volatile Hook afterRead = key -> {};

    Staff(InstantSource time, UnaryOperator<SideBooks> variant) {
        this.real = new InMemorySideBooks(time);
        this.variant = variant;
    }

    Map<Long, Person> rows() {
        transaction.lock();
        try {
            return new TreeMap<>(rows);
        } finally {
            transaction.unlock();
        }
    }

    SideBooks books() {
        return real;
    }

    @Override
    public Optional<Person> read(Long key) throws Exception {
        Optional<Person> found = Optional.ofNullable(rows().get(key));
        afterRead.call(key);
        return found;
    }

    @Override
    public Person write(Long key, Person value) throws Exception {
        before.call(key);
        for (Person other : rows.values()) {
            if (other.id() != key && value.name() != null && value.name().equals(other.name())) {
                throw new ConflictException("the name is taken");
            }
        }
        if (value.boss() != null && !value.boss().equals(key) && !rows.containsKey(value.boss())) {
            throw new ConflictException("there is no such boss");
        }
        rows.put(key, value);
        return value;
    }

    @Override
    public void delete(Long key) throws Exception {
        before.call(key);
        if (rows.values().stream().anyMatch(other -> other.id() != key && key.equals(other.boss()))) {
            throw new ConflictException("somebody's boss");
        }
        rows.remove(key);
    }

    @Override
    public SideBooks books(String migration, String records, Side side) {
        return variant.apply((SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("inTransaction") && !real.isInTransaction()) {
                        SideBooks.Work<?> work = (SideBooks.Work<?>) arguments[0];
                        return inTransaction(work);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }

    private <T> T inTransaction(SideBooks.Work<T> work) throws Exception {
        transaction.lock();
        List<Person> before = new ArrayList<>(rows.values());
        try {
            T result = real.inTransaction(work);
            if (!before.equals(new ArrayList<>(rows.values()))) {
                commits.add(new TreeMap<>(rows));
            }
            return result;
        } catch (Exception | Error failure) {
            rows.clear();
            before.forEach(person -> rows.put(person.id(), person));
            throw failure;
        } finally {
            transaction.unlock();
        }
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        throw new MigrationException("nothing to unwrap");
    }
}
