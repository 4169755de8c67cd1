package dev.migrate.rollout;

import static dev.migrate.MigrationEvent.Verdict.ROLL_BACK;
import static dev.migrate.Percent.percent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Side;
import dev.migrate.Traffic;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How often guards are wrong, and how soon they are right, over many rollouts drawn with fixed seeds. */
class GuardSimulationTest {
    private static final int ROLLOUTS = 500;
    private static final int LOOKS = 120;

    private static double share(int rollouts, java.util.function.LongPredicate isTurnedBack) {
        return IntStream.range(0, rollouts).filter(isTurnedBack::test).count() / (double) rollouts;
    }

    private static boolean turnsBack(Guard guard, long seed, int perLook, double legacy, double target) {
        Calls calls = new Calls(seed, guard);
        for (int look = 0; look < LOOKS; look++) {
            calls.fail(Side.LEGACY, perLook, legacy).fail(Side.TARGET, perLook, target);
            if (calls.look().verdict() == ROLL_BACK) {
                return true;
            }
        }
        return false;
    }

    @Test
    void healthyRolloutsAreTurnedBackInAtMostFivePercent_F8() {
        Guard noMargin = Guard.errorRate().falseRollbacksAtMost(percent(5));
        Guard margin = Guard.errorRate().notWorseThanLegacyBy(percent(1)).falseRollbacksAtMost(percent(5));

        double equal = share(ROLLOUTS, seed -> turnsBack(noMargin, seed, 100, 0.02, 0.02));
        double equalAndRare = share(300, seed -> turnsBack(noMargin, seed, 200, 0.002, 0.002));
        double onTheMargin = share(300, seed -> turnsBack(margin, seed, 100, 0.02, 0.03));
        double unequalShares = share(300, seed -> turnsBackAtFivePercent(noMargin, seed));

        assertThat(equal).isLessThanOrEqualTo(0.05);
        assertThat(equalAndRare).isLessThanOrEqualTo(0.05);
        assertThat(onTheMargin).isLessThanOrEqualTo(0.05);
        assertThat(unequalShares).isLessThanOrEqualTo(0.05);
    }

    private static boolean turnsBackAtFivePercent(Guard guard, long seed) {
        Calls calls = new Calls(seed, guard);
        for (int look = 0; look < LOOKS; look++) {
            calls.fail(Side.LEGACY, 950, 0.01).fail(Side.TARGET, 50, 0.01);
            if (calls.look().verdict() == ROLL_BACK) {
                return true;
            }
        }
        return false;
    }

    /** The same traffic, judged as the field does it: the simulation would see a guard without a correction. */
    @Test
    void testThatIsRepeatedWithoutCorrectionFailsThisSimulation_F8() {
        Guard zTest = Guard.of("z-test", look -> {
            double n = look.legacy().calls();
            double pooled = (look.legacy().failures() + look.target().failures()) / (2 * n);
            double z =
                    (look.target().errorRate() - look.legacy().errorRate()) / Math.sqrt(2 * pooled * (1 - pooled) / n);
            return z > 1.645 ? Judgement.rollBack("z") : Judgement.goOn("z");
        });

        assertThat(share(300, seed -> turnsBack(zTest, seed, 100, 0.02, 0.02))).isGreaterThan(0.15);
    }

    @Test
    void ratesThatDriftTogetherTurnNothingBack_F8() {
        Guard guard = Guard.errorRate().falseRollbacksAtMost(percent(5));
        IntToDoubleFunction rate = look -> look % 40 < 20 ? 0.005 : 0.1;

        double drifting = share(300, seed -> {
            Calls calls = new Calls(seed, guard);
            for (int look = 0; look < LOOKS; look++) {
                double now = rate.applyAsDouble(look);
                calls.fail(Side.LEGACY, 100, now).fail(Side.TARGET, 100, now);
                if (calls.look().verdict() == ROLL_BACK) {
                    return true;
                }
            }
            return false;
        });

        assertThat(drifting).isLessThanOrEqualTo(0.05);
    }

    @Test
    void equallySlowTargetsAreTurnedBackInAtMostFivePercent_F8() {
        Guard guard = Guard.latency(0.99).falseRollbacksAtMost(percent(5));

        double slow = share(300, seed -> {
            Calls calls = new Calls(seed, guard);
            for (int look = 0; look < LOOKS; look++) {
                calls.take(Side.LEGACY, 100, 800).take(Side.TARGET, 100, 800);
                if (calls.look().verdict() == ROLL_BACK) {
                    return true;
                }
            }
            return false;
        });

        assertThat(slow).isLessThanOrEqualTo(0.05);
    }

    @Test
    void comparedWithTheStepBeforeHealthyRolloutsAreTurnedBackInAtMostFivePercent_F8() {
        Guard guard = Guard.errorRate().falseRollbacksAtMost(percent(5));

        double afterwards = share(300, seed -> {
            Calls calls = new Calls(seed, guard);
            Traffic.Sample before = before(calls, 2_000, 0.02);
            for (int look = 0; look < LOOKS; look++) {
                if (calls.fail(Side.TARGET, 100, 0.02).look(Optional.of(before)).verdict() == ROLL_BACK) {
                    return true;
                }
            }
            return false;
        });

        assertThat(afterwards).isLessThanOrEqualTo(0.05);
    }

    private static Traffic.Sample before(Calls calls, int legacyCalls, double rate) {
        Calls earlier = new Calls(calls.random.nextLong(), Guard.errorRate());
        return earlier.fail(Side.LEGACY, legacyCalls, rate).watch.sample(Side.LEGACY);
    }

    /** Looks until a guard rolls back after a number of healthy ones; the median over rollouts. */
    private static double looksUntil(Guard guard, int healthy, int perLook, double legacy, double target) {
        return IntStream.range(0, 101)
                .mapToDouble(seed -> {
                    Calls calls = new Calls(seed, guard);
                    for (int look = 0; look < healthy; look++) {
                        calls.fail(Side.LEGACY, perLook, legacy).fail(Side.TARGET, perLook, legacy);
                        calls.look();
                    }
                    for (int look = 1; look <= 1_000; look++) {
                        calls.fail(Side.LEGACY, perLook, legacy).fail(Side.TARGET, perLook, target);
                        if (calls.look().verdict() == ROLL_BACK) {
                            return look;
                        }
                    }
                    return Double.POSITIVE_INFINITY;
                })
                .sorted()
                .toArray()[50];
    }

    @Test
    void regressionIsSeenSoon() {
        Guard guard = Guard.errorRate().notWorseThanLegacyBy(percent(1));

        double five = looksUntil(guard, 0, 100, 0.01, 0.05);
        double half = looksUntil(guard, 0, 100, 0.01, 0.5);

        assertThat(five).isLessThanOrEqualTo(20);
        assertThat(half).isLessThanOrEqualTo(2);
    }

    /** A cumulative test takes 17 looks where one that mixes start times takes 7: ours must not wait for the past to be outweighed. */
    @Test
    void lateRegressionIsSeenAlmostAsSoonAsAnEarlyOne_F9() {
        Guard guard = Guard.errorRate().falseRollbacksAtMost(percent(5));
        Guard cumulative = Guard.of("cumulative", look -> {
            double n = Math.max(1, look.legacy().calls());
            double pooled =
                    Math.max(1e-9, (look.legacy().failures() + look.target().failures()) / (2 * n));
            double z =
                    (look.target().errorRate() - look.legacy().errorRate()) / Math.sqrt(2 * pooled * (1 - pooled) / n);
            return z > 3.5 ? Judgement.rollBack("z") : Judgement.goOn("z");
        });

        double early = looksUntil(guard, 2, 100, 0.02, 0.08);
        double late = looksUntil(guard, 240, 100, 0.02, 0.08);
        double byAll = looksUntil(cumulative, 240, 100, 0.02, 0.08);

        assertThat(late).isLessThanOrEqualTo(byAll / 2);
        assertThat(late).isLessThanOrEqualTo(early + 7);
    }

    @Test
    void slowTargetIsSeenSoon() {
        Guard guard = Guard.latency(0.99).notWorseThanLegacyBy(percent(20));
        int looks = 0;
        Calls calls = new Calls(7, guard);
        do {
            calls.take(Side.LEGACY, 100, 800).take(Side.TARGET, 100, 1_600);
            looks++;
        } while (calls.look().verdict() != ROLL_BACK && looks < 100);

        assertThat(looks).isLessThanOrEqualTo(10);
    }
}
