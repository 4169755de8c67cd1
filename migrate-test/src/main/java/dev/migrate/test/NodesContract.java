package dev.migrate.test;

import static dev.migrate.Setting.Kind.FLAG;
import static dev.migrate.Setting.Kind.POSITION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationStore;
import dev.migrate.Node;
import dev.migrate.Setting;
import dev.migrate.StepRefusedException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a store must do with the nodes of a migration; part of {@link MigrationStoreContract}. */
abstract class NodesContract {
    private static final Duration LEASE = Duration.ofSeconds(3);

    final ManualTime time = new ManualTime();

    NodesContract() {}

    abstract MigrationStore store();

    private void renew(String node, long seen, long acknowledged) {
        store().renew("orders", new Node.Report(node, seen, acknowledged, false), LEASE);
    }

    private Setting step(long expected, String position) {
        return store().change(POSITION, "orders", expected, position, "ada", "because");
    }

    private void refuses(long expected, String position, String laggard) {
        assertThatThrownBy(() -> step(expected, position))
                .isInstanceOf(StepRefusedException.class)
                .hasMessageContainingAll("orders", laggard, "epoch " + expected);
        assertThat(store().find(POSITION, "orders"))
                .hasValueSatisfying(kept -> assertThat(kept.version()).isEqualTo(expected));
    }

    @Test
    final void node_isListedWithWhatItLastSaid_untilItLeaves() {
        Instant begin = time.instant();
        store().renew("orders", new Node.Report("b", 3, 2, true), LEASE);
        store().renew("orders", new Node.Report("a", 3, 3, false), LEASE);
        store().renew("users", new Node.Report("c", 1, 1, false), LEASE);
        assertThat(store().nodes("orders"))
                .containsExactly(
                        new Node(new Node.Report("a", 3, 3, false), begin.plus(LEASE), true),
                        new Node(new Node.Report("b", 3, 2, true), begin.plus(LEASE), true));
        time.advance(Duration.ofSeconds(1));
        store().renew("orders", new Node.Report("b", 4, 4, false), LEASE);
        store().leave("orders", "a");
        store().leave("orders", "nobody");
        assertThat(store().nodes("orders"))
                .containsExactly(new Node(
                        new Node.Report("b", 4, 4, false), begin.plus(LEASE).plusSeconds(1), true));
    }

    @Test
    final void node_isLiveUntilItsLeaseHasRunOut_andAgainOnceItRenewsIt() {
        renew("a", 1, 1);
        time.advance(LEASE.minusMillis(1));
        assertThat(store().nodes("orders")).extracting(Node::isLive).containsExactly(true);
        time.advance(Duration.ofMillis(1));
        assertThat(store().nodes("orders")).extracting(Node::isLive).containsExactly(false);
        renew("a", 1, 1);
        assertThat(store().nodes("orders")).extracting(Node::isLive).containsExactly(true);
    }

    @Test
    final void step_isRefusedWhileALiveNodeHasNotAcknowledgedTheOneBefore() {
        step(0, "LEGACY_ONLY");
        renew("quick", 1, 1);
        renew("slow", 1, 1);
        step(1, "DUAL_WRITE");
        renew("quick", 2, 2);
        renew("slow", 2, 1);
        refuses(2, "SHADOW", "slow");
        renew("slow", 2, 2);
        assertThat(step(2, "SHADOW").version()).isEqualTo(3);
    }

    @Test
    final void step_doesNotWaitForANodeWhoseLeaseHasRunOut_untilItRenewsIt() {
        step(0, "LEGACY_ONLY");
        renew("dead", 1, 1);
        step(1, "DUAL_WRITE");
        refuses(2, "SHADOW", "dead");
        time.advance(LEASE);
        step(2, "SHADOW");
        renew("dead", 1, 1);
        refuses(3, "LIVE", "dead");
    }

    @Test
    final void step_waitsForNobodyWhereItChangesTheEpochAlone_orTakesTheLastStepBack() {
        step(0, "SHADOW");
        renew("slow", 1, 1);
        step(1, "SHADOW");
        refuses(2, "LIVE", "slow");
        renew("slow", 2, 2);
        step(2, "LIVE");
        assertThat(step(3, "SHADOW").version()).isEqualTo(4);
        refuses(4, "DUAL_WRITE", "slow");
    }

    @Test
    final void nodes_areThoseOfTheMigration_andHoldUpNoOther() {
        store().renew("users", new Node.Report("slow", 0, 0, false), LEASE);
        step(0, "LEGACY_ONLY");
        step(1, "DUAL_WRITE");
        assertThat(step(2, "SHADOW").version()).isEqualTo(3);
        renew("slow", 0, 0);
        store().change(FLAG, "orders", 0, "a", "ada", "because");
        assertThat(store().change(FLAG, "orders", 1, "b", "ada", "a flag has no nodes")
                        .version())
                .isEqualTo(2);
    }
}
