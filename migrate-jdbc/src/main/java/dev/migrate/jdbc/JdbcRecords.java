package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.side.BookedRecords;
import dev.migrate.side.SideBooks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Records in a database that keeps their journal, ledger and role too, so that all of them commit with the write: the strongest of
 * the guarantees.
 *
 * <p>Two ways to give them: {@link #joining} for repositories that take their connections from a {@link JoiningDataSource} or from a
 * framework that binds them to threads; {@link #of} for functions that are handed the connection. Immutable and thread-safe, as far as
 * the application's functions are. What those throw passes through as it was thrown.
 *
 * <pre>{@code
 * DualWriteRouter.of(orders)
 *     .legacy(JdbcRecords.joining(legacyDb, Records.of(legacyOrders::find, legacyOrders::save, legacyOrders::delete)))
 * }</pre>
 *
 * @param <K> the key
 * @param <V> the value
 */
public final class JdbcRecords<K, V> implements BookedRecords<K, V> {
    /** The reading half of a side. */
    @FunctionalInterface
    public interface ConnectionFind<K, V> {
        /** The value of a key, or empty. */
        Optional<V> find(Connection connection, K key) throws Exception;
    }

    /** The writing half of a side. */
    @FunctionalInterface
    public interface ConnectionSave<V> {
        /** Inserts or replaces a value and returns it as the side holds it. */
        V save(Connection connection, V value) throws Exception;
    }

    /** The deleting half of a side. */
    @FunctionalInterface
    public interface ConnectionRemove<K> {
        /** Removes a key; removing one that is not there does nothing. */
        void remove(Connection connection, K key) throws Exception;
    }

    private final TransactionBinding binding;
    private final Records<K, V> records;
    private final SchemaMode schema;
    private final InstantSource time;

    private JdbcRecords(TransactionBinding binding, Records<K, V> records, SchemaMode schema, InstantSource time) {
        this.binding = binding;
        this.records = records;
        this.schema = schema;
        this.time = time;
    }

    /**
     * Records whose repository takes its connections from a {@link JoiningDataSource}.
     *
     * @param dataSource the one that the repository uses, or a wrapper of it that tells so
     * @throws MigrationException where it is a plain pool: what the repository writes would commit apart from its books
     */
    public static <K, V> JdbcRecords<K, V> joining(DataSource dataSource, Records<K, V> records) {
        return joining(JoiningDataSource.require(dataSource), records);
    }

    /** Records whose repository takes part in the transactions of a framework. */
    public static <K, V> JdbcRecords<K, V> joining(TransactionBinding binding, Records<K, V> records) {
        return new JdbcRecords<>(binding, records, SchemaMode.CREATE, InstantSource.system());
    }

    /** Records whose repository takes its connections from a {@link JoiningDataSource}. */
    public static <K, V> JdbcRecords<K, V> joining(JoiningDataSource dataSource, Records<K, V> records) {
        return joining((TransactionBinding) dataSource, records);
    }

    /**
     * Records from three functions that are handed the connection. They neither close it nor end its transaction.
     *
     * @param dataSource any pool
     */
    public static <K, V> JdbcRecords<K, V> of(
            DataSource dataSource, ConnectionFind<K, V> find, ConnectionSave<V> save, ConnectionRemove<K> remove) {
        return of(
                dataSource instanceof JoiningDataSource joining ? joining : new JoiningDataSource(dataSource),
                find,
                save,
                remove);
    }

    /** Records from three functions that are handed the connection of a framework's transaction. */
    public static <K, V> JdbcRecords<K, V> of(
            TransactionBinding binding, ConnectionFind<K, V> find, ConnectionSave<V> save, ConnectionRemove<K> remove) {
        return joining(binding, new ConnectionRecords<>(binding, find, save, remove));
    }

    /** Records from three functions that are handed the connection. They neither close it nor end its transaction. */
    public static <K, V> JdbcRecords<K, V> of(
            JoiningDataSource dataSource,
            ConnectionFind<K, V> find,
            ConnectionSave<V> save,
            ConnectionRemove<K> remove) {
        return of((TransactionBinding) dataSource, find, save, remove);
    }

    /** The same records, with another rule about the library's tables. Default: {@link SchemaMode#CREATE}. */
    public JdbcRecords<K, V> schema(SchemaMode mode) {
        return new JdbcRecords<>(binding, records, mode, time);
    }

    /** The same records, with another time by which debts are dated. Default: the system's. */
    public JdbcRecords<K, V> time(InstantSource source) {
        return new JdbcRecords<>(binding, records, schema, source);
    }

    @Override
    public Optional<V> read(K key) throws Exception {
        return records.read(key);
    }

    @Override
    public V write(K key, V value) throws Exception {
        return records.write(key, value);
    }

    @Override
    public void delete(K key) throws Exception {
        records.delete(key);
    }

    @Override
    public <U> JdbcRecords<K, U> as(Function<? super U, ? extends V> to, Function<? super V, ? extends U> from) {
        return new JdbcRecords<>(binding, records.as(to, from), schema, time);
    }

    @Override
    public SideBooks books(String migration, String recordsName, Side side) {
        BookId id = new BookId(migration, recordsName, side);
        try (Connection connection = binding.newConnection()) {
            return new JdbcSideBooks(id, binding, JdbcSchema.ensure(connection, schema), time);
        } catch (SQLException failure) {
            throw SqlFailure.of("open the books of " + id, failure);
        }
    }

    /**
     * The connection of the thread's transaction. Closing it ends nothing.
     *
     * @param type {@code Connection.class}
     * @throws MigrationException where there is no transaction, or another type is asked for
     */
    @Override
    public <T> T unwrap(Class<T> type) {
        return unwrap(binding, type);
    }

    static <T> T unwrap(TransactionBinding binding, Class<T> type) {
        if (!type.isAssignableFrom(Connection.class)) {
            throw new MigrationException(
                    "type must be java.sql.Connection, but was " + type.getName() + "; JDBC records have nothing else");
        }
        if (!binding.isActive()) {
            throw new MigrationException(
                    "there is no connection outside of a transaction; ask for it inside the router's"
                            + " within(..), or take one from the data source");
        }
        try {
            return type.cast(binding.getConnection());
        } catch (SQLException failure) {
            throw SqlFailure.of("give out the connection of the transaction", failure);
        }
    }

    @Override
    public String toString() {
        return "JdbcRecords[" + binding + "]";
    }
}
