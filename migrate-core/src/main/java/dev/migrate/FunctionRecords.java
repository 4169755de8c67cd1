package dev.migrate;

import java.util.Optional;

record FunctionRecords<K, V>(Find<K, V> find, Save<V> save, Remove<K> remove) implements Records<K, V> {
    @Override
    public Optional<V> read(K key) throws Exception {
        return find.find(key);
    }

    @Override
    public V write(K key, V value) throws Exception {
        return save.save(value);
    }

    @Override
    public void delete(K key) throws Exception {
        remove.remove(key);
    }
}
