package dev.migrate.items;

import dev.migrate.MigrationException;
import dev.migrate.table.Fields;
import dev.migrate.table.KeyRange;
import dev.migrate.table.Row;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table as items, so that a table can be moved to a collection that is none, or back, or be compared with one.
 *
 * <p>An item's key is the row's in the text of {@link TableSide#formatCursor}; its content is a text of this library's own, from which a table with the
 * same columns reads the row again; its version is the digest of that. Between two tables use a {@link dev.migrate.backfill.Backfill} and a {@link
 * dev.migrate.reconcile.Reconciliation}: these copy chunks in one transaction each, compare by mapping, and know the tables' own journals, where this
 * handles row by row, and each row is whole in memory, as the database's driver has it.
 *
 * <p>Preconditions are looked at right before the write. What the database stores otherwise than it was given, by a trigger or a shorter type, is
 * told by the digest of what it gives back, so that a copy is refused as damaged. Thread-safe, as the table is.
 */
public final class TableItems implements Items {
    private final TableSide table;

    private TableItems(TableSide table) {
        this.table = table;
    }

    /** The rows of a table. */
    public static TableItems of(TableSide table) {
        return new TableItems(table);
    }

    @Override
    public String name() {
        return table.name();
    }

    @Override
    public Page page(@Nullable String cursor, int limit) throws Exception {
        @Nullable TableKey after = cursor == null ? null : table.parseCursor(cursor);
        @Nullable TableKey upTo = table.boundary(new KeyRange(after, null), limit).orElse(null);
        List<Item> items = new ArrayList<>();
        table.scan(new KeyRange(after, upTo), row -> items.add(item(row)));
        boolean isMore = upTo != null || items.size() > limit;
        List<Item> page = items.size() > limit ? items.subList(0, limit) : items; // where rows have come meanwhile
        if (!isMore) {
            return new Page(page, null);
        }
        return new Page(
                page,
                page.isEmpty()
                        ? cursorOf(upTo, cursor)
                        : page.get(page.size() - 1).key());
    }

    /** Where all rows of a range were deleted while it was read. */
    private @Nullable String cursorOf(@Nullable TableKey upTo, @Nullable String before) {
        return upTo == null ? before : table.formatCursor(upTo);
    }

    private Item item(Row row) {
        return item(table.formatCursor(row.key()), text().bytes(row.fields()));
    }

    private static Item item(String key, byte[] bytes) {
        String digest = HexFormat.of().formatHex(Digests.sha256().digest(bytes));
        return new Item(key, bytes.length, digest, digest);
    }

    private RowText text() {
        return new RowText(table.shape());
    }

    private Optional<byte[]> read(String key) throws Exception {
        TableKey parsed = table.parseCursor(key);
        Map<String, Row> found = table.find(List.of(parsed));
        return Optional.ofNullable(found.get(parsed.canonical())).map(row -> text().bytes(row.fields()));
    }

    @Override
    public Optional<Item> find(String key) throws Exception {
        return read(key).map(bytes -> item(key, bytes));
    }

    @Override
    public InputStream open(Item item) throws Exception {
        byte[] bytes =
                read(item.key()).orElseThrow(() -> new ItemChangedException("a row is gone since it was looked at"));
        if (item.version() != null
                && !item.version().equals(item(item.key(), bytes).version())) {
            throw new ItemChangedException("a row was written since it was looked at");
        }
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public Optional<Item> write(String key, Content content, Precondition condition) throws Exception {
        byte[] bytes;
        try (InputStream in = content.open()) {
            bytes = in.readAllBytes();
        }
        TableKey parsed = table.parseCursor(key);
        Fields fields = text().fields(bytes);
        for (int at = 0; at < parsed.values().size(); at++) {
            String column = table.shape().key().get(at).name();
            if (!parsed.values().get(at).equals(fields.get(column))) {
                throw new MigrationException("content for table '" + name()
                        + "' must be the row of the key under which it is" + " written, but has another value of '"
                        + column + "'; copy it under the key that it was read by");
            }
        }
        if (!condition.holds(find(key))) {
            return Optional.empty();
        }
        table.put(parsed, fields);
        return Optional.of(
                find(key).orElseThrow(() -> new ItemChangedException("a row was deleted right after it was written")));
    }

    @Override
    public boolean delete(String key, Precondition condition) throws Exception {
        Optional<Item> there = find(key);
        if (there.isEmpty() || !condition.holds(there)) {
            return false;
        }
        table.remove(table.parseCursor(key));
        return true;
    }

    @Override
    public String toString() {
        return "TableItems[" + name() + "]";
    }
}
