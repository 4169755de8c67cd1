package dev.migrate.reconcile;

import static dev.migrate.Percent.percent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.reconcile.SampleReport.Verdict;
import org.junit.jupiter.api.Test;

class SampleGoalTest {
    private final SampleGoal goal = SampleGoal.fewerThan(percent(0.01));

    @Test
    void rate_ofNoneOrAll_isRefused() {
        assertThatThrownBy(() -> SampleGoal.fewerThan(percent(0)))
                .isInstanceOf(MigrationException.class)
                .hasMessage("fewerThan must be above 0 % and below 100 %, but was 0 %; no sample can show that no row"
                        + " differs: use Reconciliation.run() for that");
        assertThatThrownBy(() -> SampleGoal.fewerThan(percent(100)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("but was 100 %");
    }

    @Test
    void confidence_belowAHalf_orOfCertainty_isRefused() {
        assertThatThrownBy(() -> goal.confidence(percent(49.9999)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("confidence must be at least 50 % and below 100 %, but was 49.9999 %; ")
                .hasMessageContaining("Reconciliation.run()");
        assertThatThrownBy(() -> goal.confidence(percent(100)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("but was 100 %");
        assertThat(goal.confidence(percent(50))).hasToString("fewer than 0.01 %, 50 % confidence");
    }

    @Test
    void mostRows_outOfRange_isRefused() {
        assertThatThrownBy(() -> goal.mostRows(0))
                .isInstanceOf(MigrationException.class)
                .hasMessage("mostRows must be between 1 and 1000000, but was 0; compare larger parts of a table with"
                        + " Reconciliation.run()");
        assertThatThrownBy(() -> goal.mostRows(1_000_001))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("but was 1000001");
    }

    @Test
    void mostRows_thatCouldNeverShowIt_isRefusedWithWhatWould() {
        assertThatThrownBy(() -> SamplePlan.of(goal.mostRows(52_000), 1_000_000_000, "users"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("mostRows must be at least 52980 to show that fewer than 0.01 % of the 1000000000"
                        + " rows of 'users' differ, with a confidence of 99 %, but was 52000; raise it")
                .hasMessageContaining("Reconciliation.run()");
        assertThat(SamplePlan.of(goal.mostRows(52_980), 1_000_000_000, "users").sizes())
                .containsExactly(52_980);
    }

    @Test
    void sample_isLookedAtFirstWhereNothingFoundIsEnough_thenAtTwiceAsMany() {
        SamplePlan plan = SamplePlan.of(goal, 1_000_000_000, "users");
        assertThat(plan.sizes()).containsExactly(63_965, 127_930, 256_000);
        assertThat(plan.verdict(plan.interval(63_965, 0, 0))).isEqualTo(Verdict.PROVED);
        assertThat(plan.verdict(plan.interval(63_965, 1, 0))).isEqualTo(Verdict.NOT_PROVED);
        assertThat(plan.verdict(plan.interval(63_965, 0, 1))).isEqualTo(Verdict.NOT_PROVED);
        assertThat(plan.verdict(plan.interval(63_965, 60, 0))).isEqualTo(Verdict.REFUTED);
        assertThat(plan.verdict(plan.interval(63_965, 0, 60))).isEqualTo(Verdict.NOT_PROVED);
    }

    @Test
    void smallTable_isLookedAtAsAWhole_whichDecides() {
        SamplePlan plan = SamplePlan.of(goal, 500, "users");
        assertThat(plan.sizes()).endsWith(500);
        assertThat(plan.verdict(plan.interval(500, 0, 0))).isEqualTo(Verdict.PROVED);
        assertThat(plan.verdict(plan.interval(500, 1, 0))).isEqualTo(Verdict.REFUTED);
    }

    @Test
    void emptyTable_hasNothingThatDiffers() {
        SamplePlan plan = SamplePlan.of(goal, 0, "users");
        assertThat(plan.sizes()).containsExactly(0);
        assertThat(plan.verdict(plan.interval(0, 0, 0))).isEqualTo(Verdict.PROVED);
    }
}
