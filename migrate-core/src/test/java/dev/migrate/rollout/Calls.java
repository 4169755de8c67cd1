package dev.migrate.rollout;

import dev.migrate.Side;
import dev.migrate.Traffic;
import java.util.Optional;
import java.util.Random;

/** Calls of both sides, drawn with a seed, and a guard that looks at them. */
final class Calls {
    final Random random;
    final Traffic traffic = new Traffic();
    final Traffic.Watch watch = traffic.watch();
    final Guard.Judge judge;

    Calls(long seed, Guard guard) {
        this.random = new Random(seed);
        this.judge = guard.begin();
    }

    Calls fail(Side side, int calls, double rate) {
        for (int i = 0; i < calls; i++) {
            traffic.record(side, 1_000_000, random.nextDouble() < rate);
        }
        return this;
    }

    /** Durations with a long tail: log-normal, with the given median in microseconds. */
    Calls take(Side side, int calls, double medianMicros) {
        for (int i = 0; i < calls; i++) {
            traffic.record(side, (long) (1_000 * medianMicros * Math.exp(0.6 * random.nextGaussian())), false);
        }
        return this;
    }

    Judgement look() {
        return look(Optional.empty());
    }

    Judgement look(Optional<Traffic.Sample> legacyBefore) {
        try {
            return judge.judge(new Look(watch.sample(Side.LEGACY), watch.sample(Side.TARGET), legacyBefore));
        } catch (Exception unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
