package dev.migrate.reconcile;

import dev.migrate.Side;
import dev.migrate.side.RepairedRow;
import dev.migrate.table.Column;
import dev.migrate.table.Fields;
import dev.migrate.table.Row;
import dev.migrate.table.Shape;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes one row of a side in the thread's transaction, where it still is as expected, and keeps how it was.
 *
 * @param run names what writes it
 * @param line which row of the run it is
 * @param why for what reason
 * @param undoes the run that is undone; null for a repair
 */
record RowWrite(
        Comparing comparing,
        String run,
        int line,
        String why,
        @Nullable String undoes) {
    /** The row is no longer as it was expected; nothing of the transaction is to commit. */
    static final class NoLongerAsExpected extends Exception {
        private static final long serialVersionUID = 1L;

        NoLongerAsExpected() {
            super("the row is no longer as it was expected", null, false, false);
        }
    }

    /**
     * Writes it.
     *
     * @param isExpected whether the row, null where there is none, is as it was expected
     * @param fields what is written; null to delete the row
     */
    void write(Side side, TableKey key, Predicate<@Nullable Row> isExpected, @Nullable Fields fields) throws Exception {
        TableSide table = comparing.table(side);
        @Nullable Row before = table.lock(key).orElse(null);
        if (!isExpected.test(before)) {
            throw new NoLongerAsExpected();
        }
        if (fields == null) {
            table.remove(key);
        } else if (before == null) {
            table.insert(key, fields);
        } else {
            table.put(key, fields);
        }
        @Nullable Row after = table.lock(key).orElse(null);
        comparing
                .books(side)
                .repairs()
                .add(new RepairedRow(
                        run,
                        line,
                        key.canonical(),
                        table.formatCursor(key),
                        comparing.migration.time().instant().truncatedTo(ChronoUnit.MICROS),
                        comparing.migration.operator(),
                        why,
                        undoes,
                        RowImage.of(before),
                        RowImage.of(after),
                        null));
    }

    /** What of an image can be written: not what the database computes. */
    static @Nullable Fields writable(RepairedRow.@Nullable Image image, Shape shape) {
        if (image == null) {
            return null;
        }
        Fields all = RowImage.decode(image.bytes());
        List<Column> columns =
                shape.columns().stream().filter(column -> !column.isComputed()).toList();
        @Nullable Object[] values = new @Nullable Object[columns.size()];
        for (int place = 0; place < values.length; place++) {
            values[place] = all.get(columns.get(place).name());
        }
        return new Fields(new Fields.Names(columns.stream().map(Column::name).toList()), values);
    }
}
