package dev.migrate.dualwrite;

import dev.migrate.Version;
import dev.migrate.VersionedRecords;
import dev.migrate.dualwrite.MapRecords.Item;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A side in memory that compares versions, and remembers under which it was written. */
final class VersionedMapRecords implements VersionedRecords<Long, Item> {
    final Map<Long, Item> rows = new HashMap<>();
    final Map<Long, Version> held = new HashMap<>();
    final List<Version> taken = Collections.synchronizedList(new ArrayList<>());
    volatile MapRecords.Hook before = (what, key) -> {};

    @Override
    public Optional<Item> read(Long key) {
        synchronized (rows) {
            return Optional.ofNullable(rows.get(key));
        }
    }

    @Override
    public Item write(Long key, Item value) {
        synchronized (rows) {
            taken.add(Version.NONE);
            rows.put(key, value);
            return value;
        }
    }

    @Override
    public void delete(Long key) {
        synchronized (rows) {
            taken.add(Version.NONE);
            rows.remove(key);
        }
    }

    @Override
    public boolean write(Long key, Item value, Version version) throws Exception {
        before.call("write", key);
        synchronized (rows) {
            if (takes(key, version)) {
                rows.put(key, new Item(key, value.text() + "!"));
                return true;
            }
            return false;
        }
    }

    @Override
    public boolean delete(Long key, Version version) throws Exception {
        before.call("delete", key);
        synchronized (rows) {
            if (takes(key, version)) {
                rows.remove(key);
                return true;
            }
            return false;
        }
    }

    private boolean takes(Long key, Version version) {
        boolean isLater = version.isAfter(held.getOrDefault(key, Version.NONE));
        if (isLater) {
            held.put(key, version);
            taken.add(version);
        }
        return isLater;
    }
}
