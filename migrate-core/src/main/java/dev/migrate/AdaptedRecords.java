package dev.migrate;

import java.util.Optional;
import java.util.function.Function;

record AdaptedRecords<K, V, U>(
        Records<K, V> records, Function<? super U, ? extends V> to, Function<? super V, ? extends U> from)
        implements Records<K, U> {
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
}
