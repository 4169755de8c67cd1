package dev.migrate;

import java.util.Optional;
import java.util.function.Function;

record AdaptedVersionedRecords<K, V, U>(
        VersionedRecords<K, V> records, Function<? super U, ? extends V> to, Function<? super V, ? extends U> from)
        implements VersionedRecords<K, U> {
    @Override
    public Optional<U> read(K key) throws Exception {
        return records.read(key).map(from);
    }

    @Override
    public U write(K key, U value) throws Exception {
        return from.apply(records.write(key, to.apply(value)));
    }

    @Override
    public void delete(K key) throws Exception {
        records.delete(key);
    }

    @Override
    public boolean write(K key, U value, Version version) throws Exception {
        return records.write(key, to.apply(value), version);
    }

    @Override
    public boolean delete(K key, Version version) throws Exception {
        return records.delete(key, version);
    }
}
