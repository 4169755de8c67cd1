package dev.migrate.items;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Items in memory, whose faults are switched on by tests. */
final class MapItems implements Items {
    private record Stored(byte[] bytes, long version) {}

    private final String name;
    private final NavigableMap<String, Stored> stored = new ConcurrentSkipListMap<>();
    private final AtomicLong versions = new AtomicLong();

    /** What is stored of what was read; a collection that damages content does not notice it. */
    UnaryOperator<byte[]> damage = bytes -> bytes;

    /** Whether it says digests, computed of what it was given, before any damage. */
    boolean saysDigests;

    /** What is done first by each call that reads or writes content; it may throw. */
    Fault fault = (call, key) -> {};

    @FunctionalInterface
    interface Fault {
        void before(String call, String key) throws Exception;
    }

    MapItems(String name) {
        this.name = name;
    }

    void put(String key, String text) {
        stored.put(key, new Stored(text.getBytes(StandardCharsets.UTF_8), versions.incrementAndGet()));
    }

    void remove(String key) {
        stored.remove(key);
    }

    Map<String, String> texts() {
        NavigableMap<String, String> texts = new ConcurrentSkipListMap<>();
        stored.forEach((key, item) -> texts.put(key, new String(item.bytes, StandardCharsets.UTF_8)));
        return texts;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Page page(@Nullable String cursor, int limit) throws Exception {
        fault.before("page", "");
        List<Item> items = new ArrayList<>();
        NavigableMap<String, Stored> rest = cursor == null ? stored : stored.tailMap(cursor, false);
        for (Map.Entry<String, Stored> each : rest.entrySet()) {
            if (items.size() == limit) {
                return new Page(items, items.get(limit - 1).key());
            }
            items.add(item(each.getKey(), each.getValue()));
        }
        return new Page(items, null);
    }

    private Item item(String key, Stored stored) {
        return new Item(
                key, stored.bytes.length, saysDigests ? digest(stored.bytes) : null, Long.toString(stored.version));
    }

    static String digest(byte[] bytes) {
        return HexFormat.of().formatHex(Digests.sha256().digest(bytes));
    }

    @Override
    public Optional<Item> find(String key) throws Exception {
        fault.before("find", key);
        return Optional.ofNullable(stored.get(key)).map(found -> item(key, found));
    }

    @Override
    public InputStream open(Item item) throws Exception {
        fault.before("open", item.key());
        Stored found = stored.get(item.key());
        if (found == null || !Long.toString(found.version).equals(item.version())) {
            throw new ItemChangedException("it is another by now");
        }
        return new ByteArrayInputStream(found.bytes);
    }

    @Override
    public Optional<Item> write(String key, Content content, Precondition condition) throws Exception {
        fault.before("write", key);
        byte[] given;
        try (InputStream in = content.open()) {
            given = in.readAllBytes();
        }
        Stored next = new Stored(damage.apply(given), versions.incrementAndGet());
        fault.before("place", key);
        Stored after = stored.compute(
                key,
                (unused, there) ->
                        condition.holds(Optional.ofNullable(there).map(found -> item(key, found))) ? next : there);
        return after == next
                ? Optional.of(new Item(
                        key, next.bytes.length, saysDigests ? digest(given) : null, Long.toString(next.version)))
                : Optional.empty();
    }

    @Override
    public boolean delete(String key, Precondition condition) throws IOException {
        boolean[] isDeleted = new boolean[1];
        stored.computeIfPresent(key, (unused, there) -> {
            isDeleted[0] = condition.holds(Optional.of(item(key, there)));
            return isDeleted[0] ? null : there;
        });
        return isDeleted[0];
    }
}
