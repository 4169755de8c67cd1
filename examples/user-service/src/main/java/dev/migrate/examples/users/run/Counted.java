package dev.migrate.examples.users.run;

import dev.migrate.MigrationEvent;
import dev.migrate.MigrationEvent.BackfillProgress;
import dev.migrate.MigrationEvent.Comparison;
import dev.migrate.MigrationEvent.FellBack;
import dev.migrate.MigrationEvent.HandoverAbandoned;
import dev.migrate.MigrationEvent.PositionChanged;
import dev.migrate.MigrationEvent.ReadCompared;
import dev.migrate.MigrationEvent.ReconciliationProgress;
import dev.migrate.MigrationEvent.RolloutAdvanced;
import dev.migrate.MigrationEvent.ShadowWriteRepaired;
import dev.migrate.MigrationEvent.Verdict;
import dev.migrate.MigrationListener;
import dev.migrate.examples.users.console.Figures;
import dev.migrate.examples.users.console.Figures.Count;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** What the migration says of itself, counted and told to the launcher. */
final class Counted implements MigrationListener {

    private final Reporter reporter;
    private final AtomicLong repaired = new AtomicLong();
    private final AtomicLong mismatches = new AtomicLong();
    private final AtomicLong fallbacks = new AtomicLong();
    private final AtomicLong rollbacks = new AtomicLong();

    Counted(Reporter reporter) {
        this.reporter = reporter;
    }

    @Override
    public void on(MigrationEvent event) {
        if (event instanceof ShadowWriteRepaired) {
            repaired.incrementAndGet();
        } else if (event instanceof ReadCompared compared && compared.result() == Comparison.DIFFERENT) {
            mismatches.incrementAndGet();
        } else if (event instanceof FellBack) {
            fallbacks.incrementAndGet();
        } else if (event instanceof PositionChanged changed) {
            reporter.tell(new Message.Note("at " + changed.to()));
        } else if (event instanceof HandoverAbandoned abandoned) {
            reporter.tell(new Message.Note("handover abandoned: " + abandoned.reason()));
        } else if (event instanceof RolloutAdvanced advanced && advanced.verdict() == Verdict.ROLL_BACK) {
            rollbacks.incrementAndGet();
            reporter.tell(new Message.Note("ROLLED BACK to " + advanced.position() + ": " + advanced.what()));
        } else if (event instanceof BackfillProgress progress) {
            String rate = String.format(Locale.ROOT, "%,.0f rows/s", progress.rowsPerSecond());
            tell("backfill " + progress.table(), progress.rows(), progress.expectedRows(), rate);
        } else if (event instanceof ReconciliationProgress progress) {
            String found = progress.isDone() ? progress.differences() + " differences" : "comparing";
            tell("reconcile " + progress.table(), progress.rows(), progress.expectedRows(), found);
        }
    }

    private void tell(String name, long done, long total, String detail) {
        reporter.tell(new Message.Progress(name, done, total, detail));
    }

    void addTo(Figures figures) {
        figures.add(Count.REPAIRED, repaired.get())
                .add(Count.MISMATCHES, mismatches.get())
                .add(Count.FALLBACKS, fallbacks.get())
                .add(Count.ROLLBACKS, rollbacks.get());
    }
}
