package dev.migrate.backfill;

import dev.migrate.Gate;
import dev.migrate.Headway;
import dev.migrate.MigrationException;
import dev.migrate.internal.RecentRate;
import dev.migrate.table.Chunks;
import dev.migrate.table.KeyRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Backfills of several tables of one migration, in the order in which the target's foreign keys let their rows in: a table after all
 * tables that it refers to.
 *
 * <p>The order is read from the target's catalogue by each {@link #run}, and is the given one where no foreign key says otherwise. Any
 * number of nodes may run a set; those that come to a table while others work on it help them, and wait for its end before the next.
 *
 * <pre>{@code
 * List<BackfillReport> copied = BackfillSet.of(lines, orders, customers).run();
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class BackfillSet {
    private final List<Backfill> backfills;
    private final Map<String, RecentRate> rates = new ConcurrentHashMap<>();

    private BackfillSet(List<Backfill> backfills) {
        this.backfills = List.copyOf(backfills);
    }

    /**
     * How far all of them have come, on whatever node.
     *
     * @param rows rows read from legacy
     * @param expectedRows how many these will be, about
     * @param rowsPerSecond between the calls of {@link BackfillSet#progress} over the last minute; 0 at the first call
     * @param tables each table, in the given order
     */
    public record Progress(long rows, long expectedRows, double rowsPerSecond, List<TableProgress> tables)
            implements Headway {
        /** Copies the list. */
        public Progress {
            tables = List.copyOf(tables);
        }

        /** How many tables are done. */
        public int tablesDone() {
            return (int) tables.stream().filter(TableProgress::isDone).count();
        }

        @Override
        public boolean isDone() {
            return tablesDone() == tables.size();
        }
    }

    /**
     * How far one of them has come, on whatever node.
     *
     * @param table the target table's name
     * @param rows rows read from legacy
     * @param expectedRows how many these will be, about
     * @param rowsPerSecond as that of all of them
     */
    public record TableProgress(String table, long rows, long expectedRows, double rowsPerSecond, boolean isDone)
            implements Headway {}

    /**
     * A set.
     *
     * @param backfills at least one; each of other records of the same migration
     * @throws MigrationException where that is not so
     */
    public static BackfillSet of(Backfill... backfills) {
        return of(List.of(backfills));
    }

    /** A set, as by {@link #of(Backfill...)}. */
    public static BackfillSet of(List<Backfill> backfills) {
        if (backfills.isEmpty()) {
            throw new MigrationException("backfills of a BackfillSet must be at least one, but were none");
        }
        Set<String> records = new HashSet<>();
        for (Backfill backfill : backfills) {
            if (backfill.migration != backfills.get(0).migration) {
                throw new MigrationException("backfills of a BackfillSet must belong to one migration, but were "
                        + backfills.get(0) + " and " + backfill + "; make a set for each");
            }
            if (!records.add(backfill.target.records())) {
                throw new MigrationException("backfills of a BackfillSet must be of different records, but records '"
                        + backfill.target.records() + "' of " + backfill
                        + " were given twice, and would share their chunks; name each table's with records(..)");
            }
        }
        return new BackfillSet(backfills);
    }

    /**
     * Runs one after the other to its end; where it was cut off it goes on where it stood.
     *
     * @return what each did, in the order in which they ran
     * @throws MigrationException where foreign keys lead in a circle, which is named, before anything is copied; and as {@link Backfill#run}
     * @throws BackfillInterruptedException as {@link Backfill#run}
     */
    public List<BackfillReport> run() throws Exception {
        List<BackfillReport> reports = new ArrayList<>();
        for (Backfill backfill : ordered()) {
            reports.add(backfill.run());
        }
        return List.copyOf(reports);
    }

    /** The target tables in the order in which {@link #run} fills them. */
    public List<String> order() throws Exception {
        return ordered().stream().map(backfill -> backfill.target.name()).toList();
    }

    private List<Backfill> ordered() throws Exception {
        return ForeignKeyOrder.of(backfills);
    }

    /** How far all of them have come; the rows of a table whose backfill was not begun are counted in legacy, which may take a while. */
    public Progress progress() throws Exception {
        long rows = 0;
        long expected = 0;
        List<TableProgress> tables = new ArrayList<>();
        for (Backfill backfill : backfills) {
            TableProgress table = progressOf(backfill);
            rows += table.rows();
            expected += table.expectedRows();
            tables.add(table);
        }
        return new Progress(rows, expected, rate("", rows), tables);
    }

    private TableProgress progressOf(Backfill backfill) throws Exception {
        Chunks chunks = backfill.chunks();
        Optional<Chunks.Run> run = chunks.find();
        boolean isDone = BackfillRun.unfinished(chunks).isEmpty();
        long read = run.isPresent() ? chunks.progress().read() : 0;
        long all = run.isPresent() ? run.get().expectedRows() : backfill.legacy.count(KeyRange.ALL);
        long expected = isDone ? read : Math.max(read, all);
        return new TableProgress(backfill.target.name(), read, expected, rate(backfill.target.records(), read), isDone);
    }

    private double rate(String of, long rows) {
        long now = backfills.get(0).migration.nanoTime();
        RecentRate begun = new RecentRate(now, rows);
        RecentRate before = rates.putIfAbsent(of, begun);
        return before == null ? 0 : before.at(now, rows);
    }

    /** A gate that is open when all of them are done. */
    public Gate done() {
        return () -> {
            List<String> why = new ArrayList<>();
            for (Backfill backfill : backfills) {
                backfill.done().closedBecause().ifPresent(why::add);
            }
            return why.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", why));
        };
    }

    /** Pauses each of them, as {@link Backfill#pause}. */
    public void pause(String why) {
        backfills.forEach(backfill -> backfill.pause(why));
    }

    /** Lets each of them go on, as {@link Backfill#resume}. */
    public void resume(String why) {
        backfills.forEach(backfill -> backfill.resume(why));
    }

    /** Cancels each of them, as {@link Backfill#cancel}. */
    public void cancel(String why) {
        backfills.forEach(backfill -> backfill.cancel(why));
    }

    @Override
    public String toString() {
        return backfills.stream()
                .map(backfill -> backfill.target.name())
                .collect(Collectors.joining(
                        ", ", "BackfillSet[" + backfills.get(0).migration.name() + ": ", "]"));
    }
}
