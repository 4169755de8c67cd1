package dev.migrate.reconcile;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a pass over the rows that have changed has found; see {@link Reconciliation#changed}.
 *
 * <p>It is about these rows alone: it is no proof that nothing differs, opens no gate, and counts for no handover. Holds no value that its text
 * form would show. Immutable.
 */
public final class ChangedReport {
    private final Comparing comparing;
    private final @Nullable String pass;
    private final ChangedPass.Found found;
    private final boolean isMarkMoved;
    private final Duration took;

    /** @param kept under which name the pass is kept; null where it is not */
    ChangedReport(
            Comparing comparing, @Nullable String kept, ChangedPass.Found found, boolean isMarkMoved, Duration took) {
        this.comparing = comparing;
        this.pass = kept;
        this.found = found;
        this.isMarkMoved = isMarkMoved;
        this.took = took;
    }

    /** Makes a pass, keeps what it has found, and moves the mark. */
    static ChangedReport of(Comparing comparing, Changes changes, ChangedPass pass) throws Exception {
        Migration migration = comparing.migration;
        long begun = migration.nanoTime();
        Instant beganAt = migration.time().instant().truncatedTo(ChronoUnit.MICROS);
        ChangedMark mark = ChangedMark.read(migration, comparing.legacy, changes.name());
        changes.from(mark.place().orElse(null));
        ChangedPass.Found found = pass.run(changes, mark.open());
        boolean isMoved = mark.move(changes.next(), found);
        String id = UUID.randomUUID().toString();
        Duration took = Duration.ofNanos(migration.nanoTime() - begun);
        boolean isKept = comparing.keeper().isPresent();
        ChangedReport report = new ChangedReport(comparing, isKept ? id : null, found, isMoved, took);
        if (isKept) {
            Kept kept = new Kept(comparing);
            kept.pass(id, beganAt, report);
            kept.closeWhatIsEqual();
        }
        migration.publish(new MigrationEvent.ChangesReconciled(
                migration.name(),
                comparing.target.name(),
                report.rowsCompared(),
                report.confirmed().size() + report.notLookedAtAgain(),
                report.open(),
                isMoved));
        return report;
    }

    /**
     * How often a row was compared: once for each side on which it has changed, and once where the pass before had left it open.
     */
    public long rowsCompared() {
        return found.compared();
    }

    /** The differences that stood when nothing was on its way, as {@link ReconciliationReport#confirmed}. */
    public List<Difference> confirmed() {
        return found.confirmed().stream().map(SecondLook.Confirmed::difference).toList();
    }

    /** The canonical keys that differ while a copy is still owed: no finding yet. */
    public List<String> inFlight() {
        return found.inFlight();
    }

    /** The canonical keys that changed each time they were looked at. */
    public List<String> hot() {
        return found.hot();
    }

    /** How many rows differed at first sight, beyond those that were looked at again; see {@code mostDifferences}. */
    public long notLookedAtAgain() {
        return found.beyond();
    }

    /**
     * How many rows the next pass looks at whether they change or not: those that differ, and those of which a copy is on its way. They are kept with
     * the mark.
     */
    public int open() {
        return found.open().size();
    }

    /**
     * Whether the next pass begins where this one has: false where more rows were left open than are kept, so that it looks at all of these
     * again, and where another node has made a pass at the same time.
     */
    public boolean isMarkMoved() {
        return isMarkMoved;
    }

    /**
     * Whether a database did not tell when all of its transactions began, so that only {@link ChangedRows#overlap} keeps rows from being passed over
     * that are committed late. PostgreSQL tells it to roles that may see the sessions of all others ({@code pg_read_all_stats}).
     */
    public boolean reliesOnOverlap() {
        return found.reliesOnOverlap();
    }

    /** How long it took. */
    public Duration took() {
        return took;
    }

    /** Whether none of these rows differs, but by a copy that is still owed; this says nothing of all others. */
    public boolean hasFoundNothing() {
        return found.confirmed().isEmpty() && found.hot().isEmpty() && found.beyond() == 0;
    }

    /** What a repair of the confirmed differences would do; nothing is changed by asking. */
    public RepairPlan plan(RepairPolicy policy) {
        return plan(RepairRules.of(policy));
    }

    /**
     * What a repair of the confirmed differences would do by these rules; nothing is changed by asking.
     *
     * @throws MigrationException where a rule does not fit the tables, or a person is to decide and the store keeps no reviews
     */
    public RepairPlan plan(RepairRules rules) {
        return new Planning(comparing, rules).of(found.confirmed(), pass);
    }

    @Override
    public String toString() {
        return "ChangedReport[" + comparing.legacy.name() + " and " + comparing.target.name() + ": " + rowsCompared()
                + " changed rows compared, " + found.confirmed().size() + " differences, "
                + inFlight().size() + " in flight, " + hot().size() + " hot, " + notLookedAtAgain()
                + " not looked at again, " + open() + " left open" + (isMarkMoved ? "" : ", mark not moved") + "]";
    }
}
