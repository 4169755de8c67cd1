package dev.migrate.test.schedule;

import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.side.BookedRecords;
import dev.migrate.side.SideBooks;
import dev.migrate.test.schedule.ScheduledSides.Item;
import java.util.Optional;

/** Records that keep their own books, and are read in another way. */
record RereadRecords(Records<Long, Item> inner, Records.Find<Long, Item> find) implements BookedRecords<Long, Item> {
    @Override
    public Optional<Item> read(Long key) throws Exception {
        return find.find(key);
    }

    @Override
    public Item write(Long key, Item value) throws Exception {
        return inner.write(key, value);
    }

    @Override
    public void delete(Long key) throws Exception {
        inner.delete(key);
    }

    @Override
    public SideBooks books(String migration, String records, Side side) {
        return ((BookedRecords<Long, Item>) inner).books(migration, records, side);
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return ((BookedRecords<Long, Item>) inner).unwrap(type);
    }
}
