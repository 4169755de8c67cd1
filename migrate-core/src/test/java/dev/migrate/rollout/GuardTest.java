package dev.migrate.rollout;

import static dev.migrate.MigrationEvent.Verdict.GO_ON;
import static dev.migrate.MigrationEvent.Verdict.HOLD;
import static dev.migrate.MigrationEvent.Verdict.ROLL_BACK;
import static dev.migrate.Percent.percent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Percent;
import dev.migrate.Side;
import dev.migrate.Traffic;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuardTest {
    private final Guard errors = Guard.errorRate().notWorseThanLegacyBy(percent(1));

    @Test
    void noCallsAreNeitherSuccessNorFailure_F10() {
        Calls calls = new Calls(1, errors);

        assertThat(calls.look())
                .isEqualTo(Judgement.hold("error rate: fewer than 100 calls of the target were seen since the step"));
        calls.fail(Side.TARGET, 1_000, 0);
        assertThat(calls.look())
                .isEqualTo(Judgement.hold("error rate: fewer than 100 calls of legacy were seen to compare with"));
        assertThat(new Calls(1, Guard.latency(0.99)).look().verdict()).isEqualTo(HOLD);
    }

    @Test
    void failuresWithNothingToCompareWithHold_F10() {
        Calls calls = new Calls(1, errors).fail(Side.TARGET, 1_000, 1);
        calls.look();

        assertThat(calls.fail(Side.TARGET, 1_000, 1).look().verdict()).isEqualTo(HOLD);
    }

    @Test
    void errorsAgainstNoneAreCaught_F11() {
        Calls calls = new Calls(1, Guard.errorRate());
        Judgement last = calls.look();
        for (int look = 0; look < 10 && last.verdict() != ROLL_BACK; look++) {
            calls.fail(Side.LEGACY, 200, 0).fail(Side.TARGET, 200, 0.05);
            last = calls.look();
        }

        assertThat(last.verdict()).isEqualTo(ROLL_BACK);
        assertThat(last.why())
                .startsWith("error rate: more calls fail than on legacy: target ")
                .contains(", legacy 0 of ");
    }

    /** A Mann-Whitney judge passes it. */
    @Test
    void sevenOfTenCallsAHundredTimesSlowerAreCaught_F11() {
        Calls calls = new Calls(1, Guard.latency(0.99).notWorseThanLegacyBy(percent(50)));
        Judgement last = calls.look();
        for (int look = 0; look < 3; look++) {
            calls.take(Side.LEGACY, 100, 800).take(Side.TARGET, 30, 800).take(Side.TARGET, 70, 80_000);
            last = calls.look();
        }

        assertThat(last.verdict()).isEqualTo(ROLL_BACK);
        assertThat(last.why()).startsWith("latency at 0.99: more calls are slower than that quantile of legacy's");
    }

    @Test
    void healthyTargetGoesOn() {
        Calls calls = new Calls(1, errors);
        calls.fail(Side.LEGACY, 500, 0.01).fail(Side.TARGET, 500, 0.01).look();

        assertThat(calls.fail(Side.LEGACY, 500, 0.01)
                        .fail(Side.TARGET, 500, 0.01)
                        .look()
                        .verdict())
                .isEqualTo(GO_ON);
    }

    @Test
    void marginIsLeft() {
        Calls within = new Calls(1, Guard.errorRate().notWorseThanLegacyBy(percent(10)));
        Calls beyond = new Calls(1, Guard.errorRate());
        Judgement last = within.look();
        Judgement lastBeyond = beyond.look();
        for (int look = 0; look < 20; look++) {
            last = within.fail(Side.LEGACY, 200, 0).fail(Side.TARGET, 200, 0.05).look();
            if (lastBeyond.verdict() != ROLL_BACK) {
                lastBeyond = beyond.fail(Side.LEGACY, 200, 0)
                        .fail(Side.TARGET, 200, 0.05)
                        .look();
            }
        }

        assertThat(last.verdict()).isEqualTo(GO_ON);
        assertThat(lastBeyond.verdict()).isEqualTo(ROLL_BACK);
    }

    @Test
    void marginInTimeIsLeft() {
        Calls calls = new Calls(1, Guard.latency(0.9).notWorseThanLegacyBy(Duration.ofMillis(10)));
        Judgement last = calls.look();
        for (int look = 0; look < 20; look++) {
            last = calls.take(Side.LEGACY, 200, 800)
                    .take(Side.TARGET, 200, 3_000)
                    .look();
        }

        assertThat(last.verdict()).isEqualTo(GO_ON);
    }

    @Test
    void suspicionHoldsBeforeItTurnsBack() {
        Calls calls = new Calls(1, Guard.errorRate().minimumCalls(10));
        calls.fail(Side.LEGACY, 100, 0).fail(Side.TARGET, 100, 0).look();
        Judgement last = Judgement.goOn("");
        boolean hasHeld = false;
        for (int look = 0; look < 100 && last.verdict() != ROLL_BACK; look++) {
            last = calls.fail(Side.LEGACY, 10, 0).fail(Side.TARGET, 10, 0.12).look();
            hasHeld |=
                    last.equals(Judgement.hold("error rate: the target looks worse than legacy, not yet for certain"));
        }

        assertThat(hasHeld).isTrue();
        assertThat(last.verdict()).isEqualTo(ROLL_BACK);
    }

    @Test
    void whereLegacyIsCalledNoMoreTheStepBeforeIsComparedWith() {
        Traffic.Sample before =
                new Calls(2, errors).fail(Side.LEGACY, 5_000, 0.01).watch.sample(Side.LEGACY);
        Calls healthy = new Calls(3, errors);
        Calls failing = new Calls(4, errors);

        assertThat(healthy.fail(Side.TARGET, 500, 0.01)
                        .look(Optional.of(before))
                        .verdict())
                .isEqualTo(GO_ON);
        Judgement worse = failing.fail(Side.TARGET, 500, 0.2).look(Optional.of(before));
        assertThat(worse.verdict()).isEqualTo(ROLL_BACK);
        assertThat(worse.why()).endsWith(" during the step before");
    }

    @Test
    void beginsAnewAtEachStep_F9() {
        Guard.Judge one = errors.begin();

        assertThat(errors.begin()).isNotSameAs(one);
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> Guard.errorRate().minimumCalls(0))
                .hasMessageContaining("minimumCalls must be at least 1, but was 0");
        assertThatThrownBy(() -> Guard.errorRate().falseRollbacksAtMost(Percent.ZERO))
                .hasMessageContaining("above 0 and at most 50 percent, but was 0 %");
        assertThatThrownBy(() -> Guard.latency(1)).hasMessageContaining("above 0 and below 1, but was 1.0");
        assertThatThrownBy(() -> Guard.latency(0.5).notWorseThanLegacyBy(Duration.ofMillis(-1)))
                .hasMessageContaining("must not be negative");
    }
}
