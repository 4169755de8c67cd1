package dev.migrate.jdbc;

import dev.migrate.Records;
import java.sql.Connection;
import java.util.Optional;

/** Records from functions that are handed a connection: the transaction's where one runs; a write begins one of its own otherwise. */
record ConnectionRecords<K, V>(
        TransactionBinding binding,
        JdbcRecords.ConnectionFind<K, V> find,
        JdbcRecords.ConnectionSave<V> save,
        JdbcRecords.ConnectionRemove<K> remove)
        implements Records<K, V> {
    @Override
    public Optional<V> read(K key) throws Exception {
        try (Connection connection = binding.getConnection()) {
            return find.find(connection, key);
        }
    }

    @Override
    public V write(K key, V value) throws Exception {
        return binding.execute(() -> {
            try (Connection connection = binding.getConnection()) {
                return save.save(connection, value);
            }
        });
    }

    @Override
    public void delete(K key) throws Exception {
        binding.execute(() -> {
            try (Connection connection = binding.getConnection()) {
                remove.remove(connection, key);
                return true;
            }
        });
    }
}
