package dev.migrate.rollout;

import static dev.migrate.MigrationEvent.Verdict.DONE;
import static dev.migrate.MigrationEvent.Verdict.GO_ON;
import static dev.migrate.MigrationEvent.Verdict.HOLD;
import static dev.migrate.MigrationEvent.Verdict.ROLL_BACK;
import static dev.migrate.Percent.percent;
import static dev.migrate.Stage.DUAL_WRITE;
import static dev.migrate.Stage.LIVE;
import static dev.migrate.Stage.RAMP_DOWN;
import static dev.migrate.Stage.SHADOW;
import static dev.migrate.Stage.TARGET_ONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Gate;
import dev.migrate.MigrationEvent.RolloutAdvanced;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Setting;
import dev.migrate.Step;
import dev.migrate.StepParticipant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolloutTest extends RolloutFixture {
    @Test
    void walksToTheEndAsTheDesignSays() {
        boolean[] isOpen = {false};
        Gate backfill = () -> isOpen[0] ? Optional.empty() : Optional.of("backfill is at 40 %");
        Rollout rollout = built(Rollout.of(orders)
                .step(DUAL_WRITE)
                .step(SHADOW)
                .gate(backfill)
                .step(SHADOW.plusPercent(5))
                .step(SHADOW.plusPercent(50))
                .step(LIVE)
                .guard(Guard.errorRate().notWorseThanLegacyBy(percent(1)))
                .guard(Guard.latency(0.99).notWorseThanLegacyBy(percent(20)))
                .eachFor(DAY));
        assertThat(rollout.status().state()).isEqualTo(Rollout.State.NOT_BEGUN);

        assertThat(rollout.look().verdict()).isEqualTo(GO_ON);
        assertThat(orders.current()).isEqualTo(Position.of(DUAL_WRITE));
        assertThat(rollout.look()).isEqualTo(Judgement.hold("watching DUAL_WRITE until 2030-01-02T00:00:00Z"));

        walkTo(rollout, Position.of(SHADOW));
        assertThat(healthyDay(rollout))
                .isEqualTo(Judgement.hold("the gate to SHADOW + 5 % is closed: backfill is at 40 %"));
        isOpen[0] = true;
        walkTo(rollout, SHADOW.plusPercent(5));
        walkTo(rollout, SHADOW.plusPercent(50));
        walkTo(rollout, Position.of(LIVE));
        assertThat(rollout.status().state()).isEqualTo(Rollout.State.WALKING);

        assertThat(healthyDay(rollout).verdict()).isEqualTo(DONE);
        assertThat(rollout.look().verdict()).isEqualTo(DONE);
        assertThat(rollout.status().state()).isEqualTo(Rollout.State.DONE);
        assertThat(advances())
                .filteredOn(event -> event.verdict() == GO_ON)
                .extracting(RolloutAdvanced::position)
                .containsExactly("DUAL_WRITE", "SHADOW", "SHADOW + 5 %", "SHADOW + 50 %", "LIVE");
        assertThat(store.audit(Setting.Kind.POSITION, "orders", 1).get(0).why()).startsWith("rollout 'orders': ");
    }

    @Test
    void turnsBackWithItsReasonAndWaitsForAPerson() {
        Rollout rollout = halfWay();
        walkTo(rollout, SHADOW.plusPercent(5));
        calls(orders, 0);
        rollout.look();
        calls(orders, 0.3);

        Judgement judgement = rollout.look();

        assertThat(judgement.verdict()).isEqualTo(ROLL_BACK);
        assertThat(orders.current()).isEqualTo(Position.of(SHADOW));
        assertThat(store.audit(Setting.Kind.POSITION, "orders", 1).get(0).why())
                .startsWith("rollout 'orders': error rate: more calls fail than on legacy, by more than 1 %: target ");
        RolloutAdvanced last = advances().get(advances().size() - 1);
        assertThat(last.verdict()).isEqualTo(ROLL_BACK);
        assertThat(last.position()).isEqualTo("SHADOW");
        assertThat(last.what()).startsWith("error rate: ");

        pass(DAY.multipliedBy(10));
        assertThat(rollout.look().verdict()).isEqualTo(HOLD);
        assertThat(rollout.status().state()).isEqualTo(Rollout.State.TURNED_BACK);
        assertThat(orders.current()).isEqualTo(Position.of(SHADOW));

        rollout.restart("the index is there now");
        walkTo(rollout, SHADOW.plusPercent(50));
    }

    @Test
    void fallsFurtherWhileItIsStillWorse() {
        Rollout rollout = halfWay();
        walkTo(rollout, SHADOW.plusPercent(50));
        for (int look = 0; look < 10; look++) {
            calls(orders, 0.3);
            rollout.look();
        }

        assertThat(orders.current()).as("nobody is exposed any more").isEqualTo(Position.of(SHADOW));
        assertThat(advances())
                .filteredOn(event -> event.verdict() == ROLL_BACK)
                .extracting(RolloutAdvanced::position)
                .containsExactly("SHADOW + 5 %", "SHADOW");
    }

    @Test
    void turnsBackToWhereItWasTold() {
        Rollout rollout = built(Rollout.of(orders)
                .step(DUAL_WRITE)
                .step(SHADOW)
                .step(SHADOW.plusPercent(5))
                .step(LIVE)
                .guard(Guard.errorRate())
                .rollBackTo(SHADOW)
                .eachFor(DAY));
        walkTo(rollout, Position.of(LIVE));
        for (int look = 0; look < 2; look++) {
            calls(orders, 0.3);
            rollout.look();
        }

        assertThat(orders.current()).isEqualTo(Position.of(SHADOW));
    }

    @Test
    void lateRegressionIsJudgedByItsOwnStep_F9() {
        Rollout rollout = halfWay();
        walkTo(rollout, SHADOW.plusPercent(50));
        for (int look = 0; look < 240; look++) {
            calls(orders, 0);
            rollout.look();
        }
        int looks = 0;
        while (orders.current().equals(SHADOW.plusPercent(50)) && looks < 100) {
            calls(orders, 0.05);
            rollout.look();
            looks++;
        }

        assertThat(looks).isLessThanOrEqualTo(7);
    }

    @Test
    void withoutCallsItHolds_F10() {
        Rollout rollout = halfWay();
        rollout.look();
        pass(DAY);
        rollout.look();
        assertThat(orders.current()).as("no call was due before").isEqualTo(Position.of(SHADOW));

        pass(DAY.multipliedBy(30));

        assertThat(rollout.look())
                .isEqualTo(Judgement.hold("error rate: fewer than 100 calls of the target were seen since the step"));
        assertThat(orders.current()).isEqualTo(Position.of(SHADOW));
    }

    @Test
    void holdIsPublishedOnceForEachReason() {
        Rollout rollout = halfWay();
        for (int look = 0; look < 20; look++) {
            rollout.look();
        }

        assertThat(advances()).extracting(RolloutAdvanced::verdict).containsExactly(GO_ON, HOLD);
    }

    @Test
    void gateOrGuardThatFailsHolds() {
        Rollout rollout = built(Rollout.of(orders)
                .gate(() -> {
                    throw new java.io.IOException("no route");
                })
                .step(DUAL_WRITE)
                .eachFor(DAY));
        assertThat(rollout.look())
                .isEqualTo(Judgement.hold("the gate to DUAL_WRITE is closed: it failed with java.io.IOException"));

        orders.moveTo(DUAL_WRITE, "by hand");
        orders.moveTo(SHADOW, "by hand");
        Rollout second = built(Rollout.of(orders)
                .named("second")
                .step(SHADOW)
                .step(SHADOW.plusPercent(5))
                .guard(Guard.of("budget", look -> {
                    throw new java.io.IOException("no route");
                }))
                .eachFor(Duration.ZERO));

        assertThat(second.look()).isEqualTo(Judgement.hold("guard 'budget' failed with java.io.IOException"));
        assertThat(orders.current()).isEqualTo(Position.of(SHADOW));
    }

    @Test
    void refusedStepHoldsAndIsTriedAgain() {
        List<String> blockers = new ArrayList<>(List.of("backfill of orders is not done"));
        orders.attach(new BlockedBy(blockers));
        Rollout rollout = halfWay();

        Judgement refused = rollout.look();
        assertThat(refused.verdict()).isEqualTo(HOLD);
        assertThat(refused.why()).contains("was refused").contains("backfill of orders is not done");

        blockers.clear();
        assertThat(rollout.look().verdict()).isEqualTo(GO_ON);
    }

    private record BlockedBy(List<String> reasons) implements StepParticipant {
        @Override
        public List<String> blockers(Position from, Position to) {
            return List.copyOf(reasons);
        }

        @Override
        public void prepare(Step step) {}

        @Override
        public void complete(Step step) {}

        @Override
        public void abandon(Step step) {}
    }

    @Test
    void dialThatAPersonMovedIsLeftAlone() {
        Rollout rollout = halfWay();
        walkTo(rollout, SHADOW.plusPercent(5));
        orders.moveTo(SHADOW, "smells odd");

        assertThat(healthyDay(rollout).why())
                .startsWith("the dial stands at SHADOW, where this rollout has not brought it");
        assertThat(orders.current()).isEqualTo(Position.of(SHADOW));

        rollout.restart("smells fine");
        walkTo(rollout, SHADOW.plusPercent(50));
    }

    @Test
    void whatCannotBeRightIsRefusedAtBuild() {
        assertThatThrownBy(() -> Rollout.of(orders).step(RAMP_DOWN).step(TARGET_ONLY))
                .isInstanceOf(MigrationException.class)
                .hasMessage(
                        "step of rollout 'orders' must lead to RAMP_DOWN at most, but was TARGET_ONLY;"
                                + " there is no way back from TARGET_ONLY: a person moves the migration there, with moveTo(..)");
        assertThatThrownBy(() -> Rollout.of(orders).step(DUAL_WRITE).step(LIVE))
                .hasMessageContaining(
                        "must be possible from the one before, but was LIVE; a step leads to a neighbouring");
        assertThatThrownBy(() -> Rollout.of(orders).step(SHADOW).step(DUAL_WRITE))
                .hasMessageContaining("must lead further than SHADOW, but was DUAL_WRITE");
        assertThatThrownBy(() -> Rollout.of(orders).eachFor(DAY).build())
                .hasMessageContaining("step of rollout 'orders' is missing");
        assertThatThrownBy(() -> Rollout.of(orders).step(DUAL_WRITE).build())
                .hasMessageContaining("eachFor of rollout 'orders' is missing");
        assertThatThrownBy(() -> Rollout.of(orders)
                        .step(DUAL_WRITE)
                        .gate(Optional::empty)
                        .eachFor(DAY)
                        .build())
                .hasMessageContaining("gate of rollout 'orders' must stand before the step");
        assertThatThrownBy(() -> Rollout.of((dev.migrate.Dial<Position>) orders)
                        .step(Position.of(DUAL_WRITE))
                        .eachFor(DAY)
                        .build())
                .hasMessageContaining("store of rollout 'orders' is missing");
    }
}
