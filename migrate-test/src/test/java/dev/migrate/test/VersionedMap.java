package dev.migrate.test;

import dev.migrate.Version;
import dev.migrate.VersionedRecords;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Versioned records in memory, with tombstones. */
class VersionedMap implements VersionedRecords<Long, String> {
    final Map<Long, String> values = new HashMap<>();
    final Map<Long, Version> versions = new HashMap<>();

    boolean accepts(Long key, Version version) {
        return version.isAfter(versions.getOrDefault(key, Version.NONE));
    }

    @Override
    public synchronized Optional<String> read(Long key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public synchronized String write(Long key, String value) {
        values.put(key, value);
        return value;
    }

    @Override
    public synchronized void delete(Long key) {
        values.remove(key);
    }

    @Override
    public synchronized boolean write(Long key, String value, Version version) {
        if (!accepts(key, version)) {
            return false;
        }
        versions.put(key, version);
        values.put(key, value);
        return true;
    }

    @Override
    public synchronized boolean delete(Long key, Version version) {
        if (!accepts(key, version)) {
            return false;
        }
        versions.put(key, version);
        values.remove(key);
        return true;
    }
}
