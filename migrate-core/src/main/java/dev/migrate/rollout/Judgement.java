package dev.migrate.rollout;

import dev.migrate.MigrationEvent.Verdict;

/**
 * What a guard, or a whole look, came to, and why.
 *
 * @param verdict go on, hold, roll back; a rollout also says that it is done
 * @param why for people; it names no key and no value, and is the same from look to look as long as the cause is
 */
public record Judgement(Verdict verdict, String why) {
    /** Nothing speaks against the next step. */
    public static Judgement goOn(String why) {
        return new Judgement(Verdict.GO_ON, why);
    }

    /** Not enough is known, or something is suspicious: the dial stays. */
    public static Judgement hold(String why) {
        return new Judgement(Verdict.HOLD, why);
    }

    /** Something is worse than it may be: the dial is to be turned back. */
    public static Judgement rollBack(String why) {
        return new Judgement(Verdict.ROLL_BACK, why);
    }
}
