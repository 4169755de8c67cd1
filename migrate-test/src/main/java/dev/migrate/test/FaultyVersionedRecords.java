package dev.migrate.test;

import dev.migrate.Version;
import dev.migrate.VersionedRecords;

/** Versioned records whose operations are made by a script. */
final class FaultyVersionedRecords<K, V> extends FaultyRecords<K, V> implements VersionedRecords<K, V> {
    private final VersionedRecords<K, V> inner;

    FaultyVersionedRecords(Caller caller, VersionedRecords<K, V> inner) {
        super(caller, inner);
        this.inner = inner;
    }

    @Override
    public boolean write(K key, V value, Version version) throws Exception {
        return caller.call("write", () -> inner.write(key, value, version));
    }

    @Override
    public boolean delete(K key, Version version) throws Exception {
        return caller.call("delete", () -> inner.delete(key, version));
    }
}
