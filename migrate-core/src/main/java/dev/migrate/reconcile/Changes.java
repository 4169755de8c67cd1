package dev.migrate.reconcile;

import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One way to find what has changed on either side, for one pass; confined to its thread. */
interface Changes {
    /** The way that the options say. */
    static Changes of(Comparing comparing, ChangedRows rows) {
        return rows.columns()
                .<Changes>map(columns -> new ColumnChanges(comparing, rows, columns))
                .orElseGet(() -> new JournalChanges(comparing, rows.overlap()));
    }

    /** What tells of a change, as it is part of the mark's name. */
    String name();

    /** Where this pass begins: where the one before has said with {@link #next}; null where there was none. */
    void from(@Nullable List<String> place);

    /** Takes what the next pass begins from, before anything is read of this one. */
    void begin() throws Exception;

    /** Gives the keys of what has changed since the mark; one that has changed on both sides may come twice. */
    void scan(TableSide.Sink<TableKey> sink) throws Exception;

    /** From where the next pass is to begin, as texts that its like reads. */
    List<String> next();

    /** Whether what commits late is found only by the overlap. */
    boolean reliesOnOverlap();
}
