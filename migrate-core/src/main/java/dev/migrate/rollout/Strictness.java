package dev.migrate.rollout;

import dev.migrate.MigrationException;
import dev.migrate.Percent;

/** How much a comparing guard must have seen, and how rarely it may be wrong. */
record Strictness(long minimumCalls, Percent falseRollbacks) {
    static final Strictness DEFAULT = new Strictness(100, Percent.percent(1));

    Strictness {
        if (minimumCalls < 1) {
            throw new MigrationException("minimumCalls must be at least 1, but was " + minimumCalls
                    + "; a guard that has seen nothing cannot judge");
        }
        if (falseRollbacks.partsPerMillion() == 0 || falseRollbacks.fraction() > 0.5) {
            throw new MigrationException("falseRollbacksAtMost must be above 0 and at most 50 percent, but was "
                    + falseRollbacks + "; without any risk of a false rollback there is no true one");
        }
    }

    Strictness withMinimumCalls(long calls) {
        return new Strictness(calls, falseRollbacks);
    }

    Strictness withFalseRollbacks(Percent share) {
        return new Strictness(minimumCalls, share);
    }
}
