package dev.migrate.dualwrite;

import dev.migrate.Records;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A side in memory whose calls a test can make fail, wait, or count. */
final class MapRecords implements Records<Long, MapRecords.Item> {
    record Item(Long id, String text) {}

    /** What happens before, or after, a call takes effect. */
    interface Hook {
        void call(String what, Long key) throws Exception;
    }

    final Map<Long, Item> rows = new ConcurrentHashMap<>();
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger writes = new AtomicInteger();
    volatile Hook before = (what, key) -> {};
    volatile Hook after = (what, key) -> {};

    @Override
    public Optional<Item> read(Long key) throws Exception {
        reads.incrementAndGet();
        before.call("read", key);
        Optional<Item> found = Optional.ofNullable(rows.get(key));
        after.call("read", key);
        return found;
    }

    @Override
    public Item write(Long key, Item value) throws Exception {
        writes.incrementAndGet();
        before.call("write", key);
        rows.put(key, value);
        after.call("write", key);
        return value;
    }

    @Override
    public void delete(Long key) throws Exception {
        writes.incrementAndGet();
        before.call("delete", key);
        rows.remove(key);
        after.call("delete", key);
    }
}
