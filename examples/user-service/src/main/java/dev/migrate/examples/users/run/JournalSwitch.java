package dev.migrate.examples.users.run;

import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.side.BookedRecords;
import dev.migrate.side.Debt;
import dev.migrate.side.SideBooks;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Switches the journal off, to show that the check would find what it is there to prevent: with the environment variable
 * {@code USERS_WITHOUT_JOURNAL} set, what is owed is kept in memory alone, and dies with the process.
 */
final class JournalSwitch {

    private JournalSwitch() {}

    static <K, V> Records<K, V> apply(Records<K, V> records) {
        boolean isOff = System.getenv("USERS_WITHOUT_JOURNAL") != null;
        return isOff ? new Forgetful<>((BookedRecords<K, V>) records) : records;
    }

    private record Forgetful<K, V>(BookedRecords<K, V> real) implements BookedRecords<K, V> {
        @Override
        public Optional<V> read(K key) throws Exception {
            return real.read(key);
        }

        @Override
        public V write(K key, V value) throws Exception {
            return real.write(key, value);
        }

        @Override
        public void delete(K key) throws Exception {
            real.delete(key);
        }

        @Override
        public <T> T unwrap(Class<T> type) {
            return real.unwrap(type);
        }

        @Override
        public SideBooks books(String migration, String records, Side side) {
            SideBooks books = real.books(migration, records, side);
            Map<String, Version> owed = new ConcurrentHashMap<>();
            return (SideBooks) Proxy.newProxyInstance(
                    SideBooks.class.getClassLoader(),
                    new Class<?>[] {SideBooks.class},
                    (proxy, method, arguments) -> call(books, owed, method, arguments));
        }

        private static Object call(SideBooks books, Map<String, Version> owed, Method method, Object[] arguments)
                throws Throwable {
            return switch (method.getName()) {
                case "admit" -> {
                    String key = (String) arguments[0];
                    Version version = books.admit(key, (int) arguments[1], (boolean) arguments[2]);
                    if ((boolean) arguments[2]) {
                        books.settle(key, version);
                        owed.put(key, version);
                    }
                    yield version;
                }
                case "admitsAtCommit" -> false; // so that admit(..) is asked
                case "owed" -> Optional.ofNullable(owed.get((String) arguments[0]));
                case "settle" -> owed.remove((String) arguments[0], (Version) arguments[1]);
                case "claim" -> List.of();
                case "debt" -> Debt.NONE;
                default -> real(books, method, arguments);
            };
        }

        private static Object real(SideBooks books, Method method, Object[] arguments) throws Throwable {
            try {
                return method.invoke(books, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        }
    }
}
