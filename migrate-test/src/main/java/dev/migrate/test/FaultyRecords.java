package dev.migrate.test;

import dev.migrate.Records;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Records whose operations are made by a script. */
class FaultyRecords<K, V> implements Records<K, V> {
    /** Makes an operation, known by its name. */
    interface Caller {
        <T extends @Nullable Object> T call(String operation, Callable<T> call) throws Exception;
    }

    final Caller caller;
    private final Records<K, V> inner;

    FaultyRecords(Caller caller, Records<K, V> inner) {
        this.caller = caller;
        this.inner = inner;
    }

    @Override
    public Optional<V> read(K key) throws Exception {
        return caller.call("read", () -> inner.read(key));
    }

    @Override
    public V write(K key, V value) throws Exception {
        return caller.call("write", () -> inner.write(key, value));
    }

    @Override
    public void delete(K key) throws Exception {
        caller.call("delete", () -> {
            inner.delete(key);
            return true;
        });
    }
}
