package dev.migrate.rollout;

import static dev.migrate.MigrationEvent.Verdict.GO_ON;
import static dev.migrate.MigrationEvent.Verdict.HOLD;
import static dev.migrate.Stage.DUAL_WRITE;
import static dev.migrate.Stage.LEGACY_ONLY;
import static dev.migrate.Stage.SHADOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.RolloutAdvanced;
import dev.migrate.Position;
import dev.migrate.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Several nodes, restarts, and the rollout's own thread. */
class RolloutNodesTest extends RolloutFixture {
    @Test
    void restartOfTheProcessResumes() {
        Rollout before = halfWay();
        walkTo(before, SHADOW.plusPercent(5));
        pass(DAY.dividedBy(2));
        before.close();

        Rollout after = halfWay();
        calls(orders, 0);
        assertThat(after.look().verdict()).isEqualTo(HOLD);
        pass(DAY.dividedBy(2));
        calls(orders, 0);

        assertThat(after.look().verdict()).isEqualTo(GO_ON);
        assertThat(orders.current()).isEqualTo(SHADOW.plusPercent(50));
        assertThatThrownBy(before::look).hasMessageContaining("rollout 'orders' is closed");
    }

    @Test
    void ofManyNodesOneActs() throws Exception {
        List<Rollout> nodes = new ArrayList<>();
        for (int node = 0; node < 4; node++) {
            Migration here = migration();
            open.add(0, here);
            nodes.add(halfWay(here));
        }
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = nodes.stream()
                .map(node -> new Thread(() -> {
                    try {
                        start.await();
                    } catch (InterruptedException interrupted) {
                        throw new AssertionError(interrupted);
                    }
                    node.look();
                }))
                .toList();
        threads.forEach(Thread::start);
        start.countDown();
        for (Thread thread : threads) {
            thread.join(TimeUnit.MINUTES.toMillis(2));
        }

        assertThat(orders.refresh().position()).isEqualTo(Position.of(DUAL_WRITE));
        assertThat(advances())
                .filteredOn(event -> event.verdict() == GO_ON)
                .extracting(RolloutAdvanced::position)
                .containsExactly("DUAL_WRITE");
    }

    @Test
    void anotherNodesClaimIsLeftAloneUntilItLapses() {
        Rollout rollout = halfWay();
        Progress claim = Progress.standing(Progress.Phase.WATCHING, "LEGACY_ONLY", now, "LEGACY_ONLY", "begun")
                .turning(Progress.Phase.TURNING, "DUAL_WRITE", "a node that died", now, "well");
        store.change(Setting.Kind.ROLLOUT, "orders", 0, claim.format(), "bob", "claims");

        assertThat(rollout.look()).isEqualTo(Judgement.hold("another node is turning the dial to DUAL_WRITE"));
        pass(Duration.ofSeconds(59));
        assertThat(rollout.look().verdict()).isEqualTo(HOLD);
        assertThat(orders.current()).isEqualTo(Position.of(LEGACY_ONLY));

        pass(Duration.ofSeconds(1));
        rollout.look();
        assertThat(rollout.look().verdict()).isEqualTo(GO_ON);
        assertThat(orders.current()).isEqualTo(Position.of(DUAL_WRITE));
    }

    @Test
    void turnThatWasMadeByANodeThatDiedIsNoted() {
        Rollout rollout = halfWay();
        Progress claim = Progress.standing(Progress.Phase.WATCHING, "LEGACY_ONLY", now, "LEGACY_ONLY", "begun")
                .turning(Progress.Phase.TURNING, "DUAL_WRITE", "a node that died", now, "well");
        store.change(Setting.Kind.ROLLOUT, "orders", 0, claim.format(), "bob", "claims");
        orders.moveTo(DUAL_WRITE, "rollout");

        assertThat(rollout.look().verdict()).isEqualTo(GO_ON);
        assertThat(rollout.status().position()).isEqualTo("DUAL_WRITE");
    }

    @Test
    void turnBackThatWasLeftIsGoneOnWithAtOnce() {
        Rollout rollout = halfWay();
        walkTo(rollout, SHADOW.plusPercent(50));
        Setting stored = store.find(Setting.Kind.ROLLOUT, "orders").orElseThrow();
        Progress claim = Progress.parse(stored.value())
                .turning(Progress.Phase.TURNING_BACK, "SHADOW", "a node that died", now, "errors");
        store.change(Setting.Kind.ROLLOUT, "orders", stored.version(), claim.format(), "bob", "claims");

        assertThat(rollout.look()).isEqualTo(Judgement.rollBack("errors"));
        assertThat(orders.current()).isEqualTo(Position.of(SHADOW));
    }

    @Test
    void startedItLooksByItselfUntilItIsClosed() {
        Rollout rollout = built(Rollout.of(orders)
                .step(DUAL_WRITE)
                .step(SHADOW)
                .eachFor(Duration.ZERO)
                .lookEvery(Duration.ofMillis(5)));

        assertThat(rollout.start()).isSameAs(rollout);
        await().until(() -> rollout.status().state() == Rollout.State.DONE);
        assertThat(orders.current()).isEqualTo(Position.of(SHADOW));
        assertThatThrownBy(rollout::start).hasMessageContaining("is started already");

        rollout.close();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("migrate-rollout-orders")));
        assertThat(orders.traffic().isWatched()).isFalse();
    }
}
