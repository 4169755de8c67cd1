package dev.migrate.reconcile;

import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.util.List;

/** One way to find what has changed on either side, for one pass; confined to its thread. */
interface Changes {
    /** Takes what the next pass begins from, before anything is read of this one. */
    void begin() throws Exception;

    /** Gives the keys of what has changed since the mark; one that has changed on both sides may come twice. */
    void scan(TableSide.Sink<TableKey> sink) throws Exception;

    /** From where the next pass is to begin, as texts that its like reads. */
    List<String> next();

    /** Whether what commits late is found only by the overlap. */
    boolean reliesOnOverlap();
}
