package dev.migrate.reconcile;

import dev.migrate.Side;
import dev.migrate.reconcile.SampleReport.Verdict;

/**
 * What a sample of one side's rows tells of all of them.
 *
 * <p>Legacy's rows are its population on one side: of these it tells how many are missing or different in the target. The target's are
 * the population on the other: of these it tells how many are extra, that is, not in legacy, or different. Neither says anything of rows
 * that only the other side has. Rows whose copy is still owed count as equal, as they do in {@link ReconciliationReport#isClean}.
 *
 * @param side whose rows it is about
 * @param population how many rows that side had when the sample was drawn; not negative
 * @param sample how many of them were looked at; 0 to {@code population}
 * @param differing how many of the sample were confirmed to differ
 * @param unsettled how many of the sample differed at first sight and were neither confirmed nor cleared; they count as equal for {@code
 *     least}, and as differing for {@code most}
 * @param least the fewest rows of the population that may differ, with the goal's confidence
 * @param most the most rows of the population that may differ, with the goal's confidence
 * @param verdict whether the goal is kept by this side's rows
 * @param goal what was to be shown
 */
public record SampleEstimate(
        Side side,
        long population,
        int sample,
        int differing,
        int unsettled,
        long least,
        long most,
        Verdict verdict,
        SampleGoal goal) {

    /** What is proved, in words, such as {@code fewer than 0.01 % of legacy's 1000000 rows ...}. */
    @Override
    public String toString() {
        String wrong = side == Side.LEGACY ? "missing or different in the target" : "extra or different in the target";
        String whose = (side == Side.LEGACY ? "legacy's " : "the target's ") + population + " rows are " + wrong;
        String claim = switch (verdict) {
            case PROVED -> "fewer than " + goal.rate() + " of " + whose;
            case REFUTED -> goal.rate() + " or more of " + whose;
            case NOT_PROVED -> "it is open whether fewer than " + goal.rate() + " of " + whose;
        };
        return claim + " (" + goal.confidence() + " confidence): " + differing + " of " + sample
                + (sample == population
                        ? " are, and these are all"
                        : " drawn at random are, so " + least + " to " + most + " of all")
                + (unsettled == 0 ? "" : "; " + unsettled + " kept changing or were too many to be looked at again");
    }
}
