package dev.migrate.rollout;

import dev.migrate.Traffic.Sample;
import org.jspecify.annotations.Nullable;

/**
 * Judges by the {@link FailureEvidence} that more of the target's calls are bad than of legacy's.
 *
 * <p>Compares calls of the same looks. Where legacy is called too little, because all keys are on the target, the step before is what
 * is left to compare with: its rate is bounded, once, from above. Each of the two ways spends half of the false rollbacks that are
 * allowed, and the second half of its half on the bound.
 */
final class ComparingJudge implements Guard.Judge {
    /** What of a sample is bad; the limit that says so may be chosen at each look, from what was seen before. */
    interface Measure {
        Bad bad(Sample legacyKnown);
    }

    /** Counts the bad calls of either side, by one limit. */
    interface Bad {
        long ofLegacy(Sample sample);

        long ofTarget(Sample sample);
    }

    private final String name;
    private final String what;
    private final Measure measure;
    private final Strictness strictness;
    private final FailureEvidence together;
    private final FailureEvidence afterwards;
    private @Nullable Look last;

    ComparingJudge(String name, String what, double margin, Strictness strictness, Measure measure) {
        this.name = name;
        this.what = what;
        this.measure = measure;
        this.strictness = strictness;
        this.together = new FailureEvidence(margin);
        this.afterwards = new FailureEvidence(margin);
    }

    @Override
    public Judgement judge(Look look) {
        boolean isLegacyGone = look.legacy().calls() < strictness.minimumCalls()
                && look.legacyBefore().filter(this::isEnough).isPresent();
        if (isLegacyGone) {
            lookAfterwards(look, look.legacyBefore().orElseThrow());
        } else {
            lookTogether(look);
        }
        last = look;
        double allowed = strictness.falseRollbacks().fraction();
        double until = Math.min(-Math.log(allowed / 2) - together.log(), -Math.log(allowed / 4) - afterwards.log());
        if (until <= 0) {
            return Judgement.rollBack(name + ": " + what + ": " + seen(look, isLegacyGone));
        }
        if (!isEnough(look.target())) {
            return hold("fewer than " + strictness.minimumCalls() + " calls of the target were seen since the step");
        }
        if (!isLegacyGone && !isEnough(look.legacy())) {
            return hold("fewer than " + strictness.minimumCalls() + " calls of legacy were seen to compare with");
        }
        return until < -Math.log(allowed) / 2
                ? hold("the target looks worse than legacy, not yet for certain")
                : Judgement.goOn(name + ": " + seen(look, isLegacyGone));
    }

    private Judgement hold(String why) {
        return Judgement.hold(name + ": " + why);
    }

    private boolean isEnough(Sample sample) {
        return sample.calls() >= strictness.minimumCalls();
    }

    private void lookTogether(Look look) {
        if (last == null || last.legacy().calls() == 0) {
            return; // the first look gives the guess for the second
        }
        Sample legacy = look.legacy().since(last.legacy());
        Sample target = look.target().since(last.target());
        if (legacy.calls() > 0 && target.calls() > 0) {
            Bad bad = measure.bad(last.legacy());
            double guess = (bad.ofLegacy(last.legacy()) + 0.5) / (last.legacy().calls() + 1.0);
            together.look(
                    guess,
                    Math.min(bad.ofLegacy(legacy), legacy.calls()),
                    legacy.calls(),
                    Math.min(bad.ofTarget(target), target.calls()),
                    target.calls());
        }
    }

    private void lookAfterwards(Look look, Sample before) {
        Sample target = last == null ? look.target() : look.target().since(last.target());
        if (target.calls() > 0) {
            Bad bad = measure.bad(before);
            double bound = FailureEvidence.upperBound(
                    Math.min(bad.ofLegacy(before), before.calls()),
                    before.calls(),
                    strictness.falseRollbacks().fraction() / 4);
            afterwards.lookAgainst(bound, Math.min(bad.ofTarget(target), target.calls()), target.calls());
        }
    }

    private String seen(Look look, boolean isLegacyGone) {
        Sample legacy = isLegacyGone ? look.legacyBefore().orElseThrow() : look.legacy();
        Bad bad = measure.bad(legacy);
        return "target " + share(bad.ofTarget(look.target()), look.target().calls()) + ", legacy "
                + share(bad.ofLegacy(legacy), legacy.calls()) + (isLegacyGone ? " during the step before" : "");
    }

    private static String share(long bad, long calls) {
        return bad + " of " + calls;
    }
}
