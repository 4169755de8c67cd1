package dev.migrate.preflight;

import dev.migrate.Side;
import dev.migrate.table.BoundMapping;
import dev.migrate.table.Column;
import dev.migrate.table.Fields;
import dev.migrate.table.KeyRange;
import dev.migrate.table.Objection;
import dev.migrate.table.Objection.Rule;
import dev.migrate.table.Row;
import dev.migrate.table.RowTrial;
import dev.migrate.table.TableKey;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call of {@link Preflight#run}. */
final class PreflightRun {
    private final Preflight preflight;
    private final BoundMapping mapping;
    private final LocalTimes localTimes;
    private final Tally tally;
    private final long begun;
    private long rows;

    PreflightRun(Preflight preflight) {
        this.preflight = preflight;
        this.begun = preflight.migration.nanoTime();
        this.mapping = preflight.mapping.bind(preflight.legacy.shape(), preflight.target.shape());
        this.localTimes = new LocalTimes(preflight.localTimesIn, mapping, preflight.legacy.shape());
        this.tally = new Tally(preflight.keys);
    }

    PreflightReport go() throws Exception {
        RowTrial.Plan plan = new RowTrial.Plan(
                preflight.legacy,
                preflight.mapping,
                mapping,
                preflight.pieceRows,
                preflight.comparedRows,
                preflight.keys);
        localTimes.unseen().forEach(tally::unseen);
        try (RowTrial trial = preflight.target.trial(plan, tally)) {
            pieces(trial);
            trial.finish();
        }
        return new PreflightReport(
                preflight.migration.name(),
                preflight.legacy.name(),
                preflight.target.name(),
                rows,
                tally.findings(),
                tally.unseen(),
                Duration.ofNanos(preflight.migration.nanoTime() - begun));
    }

    /** In pieces, so that no query of legacy stays open for as long as it takes to look at the whole table. */
    private void pieces(RowTrial trial) throws Exception {
        @Nullable TableKey last = preflight.legacy.last().orElse(null);
        @Nullable TableKey after = null;
        while (last != null && !last.equals(after)) {
            if (Thread.interrupted()) {
                throw new InterruptedException(preflight + " was interrupted after " + rows + " rows; run it again");
            }
            TableKey upTo = preflight
                    .legacy
                    .boundary(new KeyRange(after, last), preflight.pieceRows)
                    .orElse(last);
            preflight.legacy.scan(new KeyRange(after, upTo), row -> look(trial, row));
            after = upTo;
        }
    }

    private void look(RowTrial trial, Row row) throws Exception {
        rows++;
        localTimes.judge(row.fields()).forEach(objection -> add(objection, row));
        Fields mapped;
        try {
            mapped = mapping.to(Side.TARGET, row.fields());
        } catch (RuntimeException failure) {
            List<String> failing =
                    mapping.failingFor(row.fields()).stream().map(Column::name).toList();
            String what = "the mapping fails with " + failure.getClass().getSimpleName();
            add(new Objection(Rule.MAPPING, failing, what), row);
            return;
        }
        trial.take(row.key(), mapped);
    }

    private void add(Objection objection, Row row) {
        tally.add(objection, 1, true, List.of(row.key().canonical()));
    }
}
