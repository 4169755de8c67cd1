package dev.migrate.test;

import dev.migrate.Side;
import dev.migrate.side.BookedRecords;
import dev.migrate.side.SideBooks;

/** Records that keep their own books, whose operations are made by a script. */
final class FaultyBookedRecords<K, V> extends FaultyRecords<K, V> implements BookedRecords<K, V> {
    private final BookedRecords<K, V> inner;

    FaultyBookedRecords(Caller caller, BookedRecords<K, V> inner) {
        super(caller, inner);
        this.inner = inner;
    }

    @Override
    public SideBooks books(String migration, String records, Side side) {
        return inner.books(migration, records, side);
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return inner.unwrap(type);
    }
}
