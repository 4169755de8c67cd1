package dev.migrate.rollout;

import dev.migrate.MigrationEvent.Verdict;
import dev.migrate.Side;
import dev.migrate.Traffic;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the traffic of one step at a time, and asks the guards. What a step was like is forgotten with the next, except what
 * legacy did: so a long healthy past does not hide a regression. Not thread-safe.
 */
final class StepWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StepWatch.class);

    private final List<Guard> guards;
    private final Traffic traffic;
    private Traffic.@Nullable Watch watch;
    private List<Guard.Judge> judges = List.of();
    private Optional<Traffic.Sample> legacyBefore = Optional.empty();
    private String step = "";

    StepWatch(List<Guard> guards, Traffic traffic) {
        this.guards = guards;
        this.traffic = traffic;
    }

    /** Begins anew where this is another step than at the last look. */
    void at(String stepAndTime) {
        if (!stepAndTime.equals(step)) {
            if (watch != null) {
                Traffic.Sample legacy = watch.sample(Side.LEGACY);
                legacyBefore = legacy.calls() > 0 ? Optional.of(legacy) : legacyBefore;
                watch.close();
            }
            watch = traffic.watch();
            step = stepAndTime;
            judges = guards.stream().map(Guard::begin).toList();
        }
    }

    /** What the guards say: the worst of them. */
    Judgement judge(boolean mayBeSilent) {
        if (watch == null) {
            throw new IllegalStateException("no step is watched");
        }
        Look look = new Look(watch.sample(Side.LEGACY), watch.sample(Side.TARGET), legacyBefore);
        Judgement worst = Judgement.goOn("no guard objects");
        boolean isSilent = mayBeSilent && look.target().calls() == 0;
        for (int i = 0; i < guards.size(); i++) {
            Judgement one = isSilent && guards.get(i).judgesCalls() ? worst : ask(guards.get(i), judges.get(i), look);
            if (severity(one) > severity(worst)) {
                worst = one;
            }
        }
        return worst;
    }

    private static Judgement ask(Guard guard, Guard.Judge judge, Look look) {
        try {
            return judge.judge(look);
        } catch (Exception failure) {
            LOG.warn("guard '{}' failed, which holds the rollout", guard.name(), failure);
            return Judgement.hold("guard '" + guard.name() + "' failed with "
                    + failure.getClass().getName());
        }
    }

    private static int severity(Judgement judgement) {
        return judgement.verdict() == Verdict.ROLL_BACK ? 2 : judgement.verdict() == Verdict.HOLD ? 1 : 0;
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
    }
}
