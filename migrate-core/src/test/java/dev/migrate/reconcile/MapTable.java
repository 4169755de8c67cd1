package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.internal.CanonicalKeys;
import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.SideBooks;
import dev.migrate.table.BoundMapping;
import dev.migrate.table.ChunkCopy;
import dev.migrate.table.Chunks;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Fields;
import dev.migrate.table.KeyRange;
import dev.migrate.table.RangeSignatures;
import dev.migrate.table.Row;
import dev.migrate.table.Shape;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A table of numbers with a text each, which counts what is asked of it; it can be compared but not copied. */
final class MapTable implements TableSide {
    private static final Shape SHAPE = new Shape(
            "notes",
            List.of(
                    new Column("id", Kind.INTEGER, "bigint", -1, true, false),
                    new Column("text", Kind.TEXT, "text", -1, false, false)),
            List.of("id"));

    final NavigableMap<Long, String> rows = new TreeMap<>();
    boolean ordersAlike = true;

    @Nullable RangeSignatures signatures;

    /** Told of each range before its rows are given. */
    Sink<KeyRange> scanning = range -> {};

    int signaturesAsked;
    long rowsRead;
    private final SideBooks books = new InMemorySideBooks(InstantSource.system());

    static MapTable of(long rows) {
        MapTable table = new MapTable();
        for (long id = 1; id <= rows; id++) {
            table.rows.put(id, "note " + id);
        }
        return table;
    }

    static TableKey key(long id) {
        return new TableKey(List.of(id), CanonicalKeys.encode(id));
    }

    private static long id(TableKey key) {
        return (Long) key.values().get(0);
    }

    private static Row row(long id, String text) {
        return new Row(key(id), new Fields(SHAPE.names(), new Object[] {id, text}));
    }

    NavigableMap<Long, String> in(KeyRange range) {
        if (range.after() != null && range.upTo() != null && id(range.after()) >= id(range.upTo())) {
            return new TreeMap<>();
        }
        NavigableMap<Long, String> in = range.after() == null ? rows : rows.tailMap(id(range.after()), false);
        return range.upTo() == null ? in : in.headMap(id(range.upTo()), true);
    }

    @Override
    public String name() {
        return "notes";
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
    public SideBooks books(String migration, Side side) {
        return books;
    }

    @Override
    public boolean ordersLike(TableSide other) {
        return ordersAlike;
    }

    @Override
    public Optional<RangeSignatures> signatures(TableSide target, BoundMapping mapping) {
        signaturesAsked++;
        return Optional.ofNullable(signatures);
    }

    @Override
    public Optional<TableKey> last() {
        return rows.isEmpty() ? Optional.empty() : Optional.of(key(rows.lastKey()));
    }

    @Override
    public long count(KeyRange range) {
        return in(range).size();
    }

    @Override
    public Optional<TableKey> boundary(KeyRange range, int nth) {
        return in(range).keySet().stream().skip(nth - 1L).findFirst().map(MapTable::key);
    }

    @Override
    public void scan(KeyRange range, Sink<Row> sink) throws Exception {
        scanning.accept(range);
        for (Map.Entry<Long, String> each : in(range).entrySet()) {
            rowsRead++;
            sink.accept(row(each.getKey(), each.getValue()));
        }
    }

    @Override
    public void scanKeys(KeyRange range, Sink<TableKey> sink) throws Exception {
        for (Long id : in(range).keySet()) {
            sink.accept(key(id));
        }
    }

    @Override
    public Map<String, Row> find(Collection<TableKey> keys) {
        Map<String, Row> found = new HashMap<>();
        for (TableKey key : keys) {
            String text = rows.get(id(key));
            if (text != null) {
                found.put(key.canonical(), row(id(key), text));
            }
        }
        return found;
    }

    @Override
    public String formatCursor(TableKey key) {
        return key.canonical();
    }

    @Override
    public TableKey parseCursor(String text) {
        return key((Long) CanonicalKeys.decode(text));
    }

    @Override
    public Chunks chunks(String migration, long generation) {
        throw notCopied();
    }

    @Override
    public ChunkCopy.Result copy(ChunkCopy copy) {
        throw notCopied();
    }

    @Override
    public Optional<Row> lock(TableKey key) {
        throw notCopied();
    }

    @Override
    public void insert(TableKey key, Fields fields) {
        throw notCopied();
    }

    @Override
    public void put(TableKey key, Fields fields) {
        throw notCopied();
    }

    @Override
    public void remove(TableKey key) {
        throw notCopied();
    }

    @Override
    public void advanceGeneratedKeys() {
        throw notCopied();
    }

    private static MigrationException notCopied() {
        return new MigrationException("this table is there to be compared, and is not copied");
    }
}
