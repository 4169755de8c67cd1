package dev.migrate.test.schedule;

import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.internal.CanonicalKeys;
import dev.migrate.internal.Waiting;
import dev.migrate.side.ConflictException;
import dev.migrate.side.SideBooks;
import dev.migrate.table.ChunkCopy;
import dev.migrate.table.Chunks;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Fields;
import dev.migrate.table.KeyRange;
import dev.migrate.table.Row;
import dev.migrate.table.Shape;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import dev.migrate.test.schedule.ScheduledSides.Item;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The rows of a side in memory, as a table. */
final class InMemoryTable implements TableSide {
    private static final Shape SHAPE = new Shape(
            "item",
            List.of(
                    new Column("id", Kind.INTEGER, "bigint", -1, true, false),
                    new Column("text", Kind.TEXT, "text", -1, false, false)),
            List.of("id"));

    private final InMemorySide side;
    private final SideBooks books;
    private final Map<Long, InMemoryChunks> backfills = new HashMap<>();

    InMemoryTable(InMemorySide side, SideBooks books) {
        this.side = side;
        this.books = books;
    }

    @Override
    public String name() {
        return "item";
    }

    @Override
    public String records() {
        return Records.DEFAULT_NAME;
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public List<Class<?>> keyTypes() {
        return List.of(Long.class);
    }

    @Override
    public Object partition(TableKey key) {
        return id(key);
    }

    @Override
    public SideBooks books(String migration, Side of) {
        return books;
    }

    @Override
    public boolean ordersLike(TableSide other) {
        return true;
    }

    private static Long id(TableKey key) {
        return (Long) key.values().get(0);
    }

    private static TableKey key(Long id) {
        return new TableKey(List.of(id), CanonicalKeys.encode(id));
    }

    private static Row row(Item item) {
        return new Row(key(item.key()), new Fields(SHAPE.names(), new Object[] {item.key(), item.value()}));
    }

    private static Item item(TableKey key, Fields fields) {
        return new Item(id(key), String.valueOf(fields.get("text")));
    }

    private NavigableMap<Long, Item> in(KeyRange range) {
        NavigableMap<Long, Item> rows = side.rows();
        TableKey after = range.after();
        TableKey upTo = range.upTo();
        if (after != null && upTo != null && id(after).compareTo(id(upTo)) >= 0) {
            return new TreeMap<>();
        }
        rows = after == null ? rows : rows.tailMap(id(after), false);
        return upTo == null ? rows : rows.headMap(id(upTo), true);
    }

    @Override
    public Optional<TableKey> last() {
        return side.rows().isEmpty()
                ? Optional.empty()
                : Optional.of(key(side.rows().lastKey()));
    }

    @Override
    public long count(KeyRange range) {
        return in(range).size();
    }

    @Override
    public Optional<TableKey> boundary(KeyRange range, int rows) {
        return in(range).keySet().stream().skip(rows - 1L).findFirst().map(InMemoryTable::key);
    }

    @Override
    public void scan(KeyRange range, Sink<Row> sink) throws Exception {
        for (Item item : List.copyOf(in(range).values())) {
            sink.accept(row(item));
        }
    }

    @Override
    public void scanKeys(KeyRange range, Sink<TableKey> sink) throws Exception {
        for (Long id : List.copyOf(in(range).keySet())) {
            sink.accept(key(id));
        }
    }

    @Override
    public Map<String, Row> find(Collection<TableKey> keys) {
        Map<String, Row> found = new HashMap<>();
        for (TableKey key : keys) {
            side.read(id(key)).ifPresent(item -> found.put(key.canonical(), row(item)));
        }
        return found;
    }

    @Override
    public String formatCursor(TableKey key) {
        return id(key).toString();
    }

    @Override
    public TableKey parseCursor(String text) {
        return key(Long.valueOf(text));
    }

    @Override
    public Chunks chunks(String migration, long generation) {
        return stored(generation);
    }

    private InMemoryChunks stored(long generation) {
        return backfills.computeIfAbsent(generation, unused -> new InMemoryChunks(side));
    }

    @Override
    public ChunkCopy.Result copy(ChunkCopy copy) throws Exception {
        List<Item> read = new ArrayList<>();
        copy.legacy()
                .scan(
                        copy.range(),
                        row -> read.add(item(row.key(), copy.mapping().to(Side.TARGET, row.fields()))));
        List<String> texts =
                read.stream().map(item -> CanonicalKeys.encode(item.key())).toList();
        Set<String> held = copy.ledger().heldAmong(texts);
        return side.books().inTransaction(() -> insert(copy, read, held));
    }

    private ChunkCopy.Result insert(ChunkCopy copy, List<Item> read, Set<String> held) throws Exception {
        List<TableKey> written = new ArrayList<>();
        for (Item item : read) {
            Waiting.pause(0);
            if (!held.contains(CanonicalKeys.encode(item.key())) && side.insert(item)) {
                written.add(key(item.key()));
            }
        }
        InMemoryChunks chunks = stored(copy.generation());
        if (!chunks.copied(copy.chunk(), read.size(), written.size())) {
            if (chunks.isCopied(copy.chunk())) {
                return new ChunkCopy.Result(0, null);
            }
            throw new MigrationException("chunk " + copy.chunk().number() + " was taken over by another worker");
        }
        Waiting.pause(0);
        copy.beforeCommit().run();
        return new ChunkCopy.Result(read.size(), written);
    }

    @Override
    public Optional<Row> lock(TableKey key) throws Exception {
        return side.lock(id(key)).map(InMemoryTable::row);
    }

    @Override
    public void insert(TableKey key, Fields fields) throws Exception {
        if (!side.insert(item(key, fields))) {
            throw new ConflictException("there is a row of this key already");
        }
    }

    @Override
    public void put(TableKey key, Fields fields) throws Exception {
        side.write(id(key), item(key, fields));
    }

    @Override
    public void remove(TableKey key) throws Exception {
        side.delete(id(key));
    }

    @Override
    public void advanceGeneratedKeys() {
        // The application makes the keys.
    }
}
