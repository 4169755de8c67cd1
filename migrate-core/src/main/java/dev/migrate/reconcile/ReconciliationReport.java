package dev.migrate.reconcile;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a reconciliation found. Holds no value that its text form would show.
 *
 * <p>Immutable. Its {@link #plan} remembers the rows as they were seen, and is applied only to rows that are still so.
 */
public final class ReconciliationReport {
    private final Comparing comparing;
    private final @Nullable String pass;
    private final long rowsCompared;
    private final long clearedBySignature;
    private final List<SecondLook.Confirmed> confirmed;
    private final List<Difference> accepted;
    private final List<String> inFlight;
    private final List<String> hot;
    private final long notLookedAtAgain;
    private final Duration took;

    /** @param kept under which name the pass is kept; null where it is not */
    ReconciliationReport(Comparing comparing, @Nullable String kept, FullPass pass, SecondLook look, Duration took) {
        this.comparing = comparing;
        this.pass = kept;
        this.rowsCompared = pass.compared();
        this.clearedBySignature = pass.cleared();
        Reviewed reviewed = new Reviewed(comparing, look.confirmed());
        this.confirmed = reviewed.confirmed();
        this.accepted = reviewed.accepted();
        this.inFlight = List.copyOf(look.inFlight());
        this.hot = List.copyOf(look.hot());
        this.notLookedAtAgain = pass.beyond();
        this.took = took;
    }

    /** How many rows were compared: those of legacy, and those that only the target has. */
    public long rowsCompared() {
        return rowsCompared;
    }

    /**
     * How many of the {@link #rowsCompared} were found equal by the signature of the range in which they are, and not read one by
     * one; 0 where the tables give no signatures, or {@code signatures(false)} was said.
     */
    public long rowsClearedBySignature() {
        return clearedBySignature;
    }

    /** The differences that stood when nothing was on its way: seen twice, with nothing owed before and after. */
    public List<Difference> confirmed() {
        return confirmed.stream().map(SecondLook.Confirmed::difference).toList();
    }

    /**
     * The differences that somebody has accepted ({@link Review.State#ACCEPTED}), such as rows that are not to be in the target. They are not among
     * {@link #confirmed}, and a pass with no others is clean.
     */
    public List<Difference> accepted() {
        return accepted;
    }

    /** The canonical keys that differ while a copy is still owed: no finding yet. */
    public List<String> inFlight() {
        return inFlight;
    }

    /** The canonical keys that changed each time they were looked at. */
    public List<String> hot() {
        return hot;
    }

    /** How many rows differed at first sight, beyond those that were looked at again; see {@code mostDifferences}. */
    public long notLookedAtAgain() {
        return notLookedAtAgain;
    }

    /** How long it took. */
    public Duration took() {
        return took;
    }

    /**
     * Whether no difference was confirmed that nobody has accepted, and none was left open but by a copy that is still owed, which the journal sees to and
     * which no handover leaves behind.
     */
    public boolean isClean() {
        return confirmed.isEmpty() && hot.isEmpty() && notLookedAtAgain == 0;
    }

    /** What a repair of the confirmed differences would do; nothing is changed by asking. */
    public RepairPlan plan(RepairPolicy policy) {
        return plan(RepairRules.of(policy));
    }

    /**
     * What a repair of the confirmed differences would do by these rules; nothing is changed by asking.
     *
     * @throws dev.migrate.MigrationException where a rule does not fit the tables, or a person is to decide and the store keeps no reviews
     */
    public RepairPlan plan(RepairRules rules) {
        return new Planning(comparing, rules).of(confirmed, pass);
    }

    @Override
    public String toString() {
        return "ReconciliationReport[" + comparing.legacy.name() + " and " + comparing.target.name() + ": "
                + rowsCompared
                + " rows compared, " + clearedBySignature + " of them by signature, " + confirmed.size()
                + " differences, " + accepted.size() + " accepted, " + inFlight.size() + " in flight, "
                + hot.size() + " hot, " + notLookedAtAgain + " not looked at again]";
    }
}
