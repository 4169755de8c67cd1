package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.reconcile.RepairPlan.Action;
import dev.migrate.reconcile.RepairPlan.Line;
import dev.migrate.reconcile.RepairPlan.Rule;
import dev.migrate.reconcile.RepairReport.Outcome;
import dev.migrate.reconcile.Review.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class RepairDecisionsIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final int ROWS = 25;
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final RepairRules NEWEST = RepairRules.newest("changed_at", "changed_at", Duration.ofSeconds(5));

    private static UsersPair open() throws Exception {
        return new UsersPair(SERVERS.get(0), ROWS);
    }

    private static void decide(ReviewQueue queue, String key, Side right) {
        assertThat(queue.claim(key, "ada", LEASE)).isPresent();
        queue.decide(key, right, "ada", "by letter");
    }

    @Test
    void manual_changesNothing_andOpensOneReviewEach_howeverOftenItIsApplied() throws Exception {
        try (UsersPair users = open()) {
            users.plant();
            List<String> planted = users.rows(Side.TARGET);
            for (int pass = 0; pass < 3; pass++) {
                RepairPlan plan = users.reconciliation().run().plan(RepairPolicy.MANUAL);
                assertThat(plan.lines()).isEmpty();
                assertThat(plan.reviews()).hasSize(4);
                plan.apply("pass " + pass);
            }
            ReviewQueue queue = users.reconciliation().reviews();
            assertThat(users.rows(Side.TARGET)).isEqualTo(planted);
            assertThat(queue.list(State.OPEN, 10))
                    .hasSize(4)
                    .allSatisfy(review -> assertThat(review.version()).isEqualTo(1));
            assertThat(queue.list(State.OPEN, 10).toString()).doesNotContain("secret", "u14@x", "l:14");
        }
    }

    @Test
    void decisions_areCarriedOutAsTheyWereMade_andTheReviewsClosed() throws Exception {
        try (UsersPair users = open()) {
            users.plant();
            users.reconciliation().run().plan(RepairPolicy.MANUAL).apply("pass");
            ReviewQueue queue = users.reconciliation().reviews();
            decide(queue, "l:3", Side.LEGACY);
            decide(queue, "l:14", Side.TARGET);
            RepairPlan plan = users.reconciliation().planDecided();
            assertThat(plan.lines())
                    .containsExactlyInAnyOrder(
                            new Line("l:3", Side.TARGET, Action.INSERT, List.of(), Rule.REVIEW),
                            new Line("l:14", Side.LEGACY, Action.UPDATE, fields(users), Rule.REVIEW));
            assertThat(plan.apply("Friday").count(Outcome.REPAIRED)).isEqualTo(2);
            assertThat(queue.list(State.CLOSED, 10)).extracting(Review::key).containsExactlyInAnyOrder("l:3", "l:14");
            assertThat(queue.count(State.OPEN)).isEqualTo(2);
            assertThat(users.pair.query(Side.LEGACY, "SELECT email FROM users WHERE id = 14"))
                    .containsExactly("secret");
            users.drain();
            assertThat(users.reconciliation().run().confirmed())
                    .extracting(Difference::key)
                    .containsExactlyInAnyOrder("l:20", "l:15000");
        }
    }

    private static List<String> fields(UsersPair users) throws Exception {
        return users.reconciliation().run().confirmed().stream()
                .filter(difference -> difference.key().equals("l:14"))
                .findFirst()
                .orElseThrow()
                .fields();
    }

    @Test
    void decisionOfWhatDiffersOtherwiseByNow_isNotCarriedOut_andOpenedAgain() throws Exception {
        try (UsersPair users = open()) {
            users.plant();
            users.reconciliation().run().plan(RepairPolicy.MANUAL).apply("pass");
            ReviewQueue queue = users.reconciliation().reviews();
            decide(queue, "l:14", Side.TARGET);
            users.pair.execute(Side.TARGET, "UPDATE users SET age = 14 WHERE id = 14");
            RepairPlan plan = users.reconciliation().planDecided();
            assertThat(plan.lines()).isEmpty();
            assertThat(plan.reviews()).extracting(Difference::key).containsExactly("l:14");
            plan.apply("Friday");
            assertThat(queue.find("l:14").orElseThrow().state()).isEqualTo(State.OPEN);
        }
    }

    @Test
    void reviewWhoseSidesAreFoundEqual_isClosedByThePass() throws Exception {
        try (UsersPair users = open()) {
            users.plant();
            users.reconciliation().run().plan(RepairPolicy.MANUAL).apply("pass");
            users.pair.execute(Side.TARGET, "DELETE FROM users WHERE id = 15000");
            decide(users.reconciliation().reviews(), "l:3", Side.TARGET);
            users.pair.execute(Side.LEGACY, "DELETE FROM users WHERE id = 3");
            users.reconciliation().run();
            ReviewQueue queue = users.reconciliation().reviews();
            assertThat(queue.list(State.CLOSED, 10))
                    .extracting(Review::key)
                    .containsExactlyInAnyOrder("l:3", "l:15000");
            assertThat(queue.audit("l:15000", 1))
                    .extracting(Review.Entry::note)
                    .containsExactly("a pass has found both sides equal");
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void newest_letsTheLaterRowWin_andAPersonDecideWhatIsTooCloseToCall(TestServer server) throws Exception {
        try (UsersPair users = new UsersPair(server, ROWS)) {
            String set = "UPDATE users SET age = 99, changed_at = ";
            users.pair.execute(Side.TARGET, set + "'2026-01-01 00:00:06' WHERE id = 1");
            users.pair.execute(Side.TARGET, set + "'2025-12-31 23:59:54' WHERE id = 2");
            users.pair.execute(Side.TARGET, set + "'2026-01-01 00:00:05' WHERE id = 3");
            users.pair.execute(Side.TARGET, set + "'2025-12-31 23:59:55' WHERE id = 4");
            users.pair.execute(Side.TARGET, set + "NULL WHERE id = 5");
            users.pair.execute(Side.TARGET, "UPDATE users SET age = 99 WHERE id = 6");
            users.pair.execute(Side.TARGET, "DELETE FROM users WHERE id = 7");
            RepairPlan plan = users.reconciliation().run().plan(NEWEST);
            assertThat(plan.lines())
                    .extracting(Line::key, Line::writes)
                    .containsExactly(tuple("l:1", Side.LEGACY), tuple("l:2", Side.TARGET));
            assertThat(plan.reviews()).extracting(Difference::key).containsExactly("l:3", "l:4", "l:5", "l:6", "l:7");
            plan.apply("INC-7");
            decide(users.reconciliation().reviews(), "l:5", Side.LEGACY);
            users.drain();
            assertThat(users.reconciliation().run().plan(NEWEST).lines())
                    .extracting(Line::key, Line::rule)
                    .containsExactly(tuple("l:5", Rule.REVIEW));
        }
    }

    @Test
    void newest_comparesNumbersToo_andRefusesColumnsThatMakeNoSense() throws Exception {
        try (UsersPair users = open()) {
            users.pair.execute(Side.TARGET, "UPDATE users SET age = 99 WHERE id = 1");
            users.pair.execute(Side.TARGET, "UPDATE users SET email = 'x' WHERE id = 2");
            ReconciliationReport report = users.reconciliation().run();
            RepairPlan plan = report.plan(RepairRules.newest("age", "age", Duration.ZERO));
            assertThat(plan.lines()).extracting(Line::key).containsExactly("l:1");
            assertThat(plan.count(Side.LEGACY, Action.UPDATE)).isEqualTo(1);
            assertThat(plan.reviews()).extracting(Difference::key).containsExactly("l:2");
            assertRefused(report, RepairRules.newest("age", "age", Duration.ofSeconds(1)), "window must be zero");
            assertRefused(report, RepairRules.newest("age", "changed_at", Duration.ZERO), "name others");
            assertRefused(report, RepairRules.newest("email", "email", Duration.ZERO), "must both be whole numbers");
            assertRefused(report, RepairRules.newest("nowhere", "age", Duration.ZERO), "no column 'nowhere'");
        }
    }

    private static void assertRefused(ReconciliationReport report, RepairRules rules, String because) {
        assertThatThrownBy(() -> report.plan(rules))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining(because);
    }

    @Test
    void rules_thatMakeNoSense_areRefused() {
        assertThatThrownBy(() -> RepairRules.of(RepairPolicy.NEWEST_WINS))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("name them with newest(..)");
        assertThatThrownBy(() -> RepairRules.newest("a", "b", Duration.ofNanos(-1)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("window must not be negative, but was PT-0.000000001S");
        assertThatThrownBy(() -> RepairRules.of(RepairPolicy.MANUAL).atMost(0))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("atMost must be between 1 and 1000000, but was 0");
    }

    @Test
    void overrideDecidesOfOneRow_andTheCapLeavesTheRest() throws Exception {
        try (UsersPair users = open()) {
            users.plant();
            RepairRules rules = RepairRules.of(RepairPolicy.AUTHORITATIVE_WINS)
                    .override("l:14", Side.TARGET)
                    .atMost(2);
            RepairPlan plan = users.reconciliation().run().plan(rules);
            assertThat(plan.lines())
                    .extracting(Line::key, Line::writes, Line::rule)
                    .containsExactly(
                            tuple("l:14", Side.LEGACY, Rule.OVERRIDE), tuple("l:20", Side.TARGET, Rule.POLICY));
            assertThat(plan.beyondCap()).isEqualTo(2);
            assertThat(plan).hasToString("RepairPlan[2 rows, 0 to review, 2 beyond the cap]");
            assertThat(plan.apply("INC-7").count(Outcome.REPAIRED)).isEqualTo(2);
        }
    }

    @Test
    void history_keepsWhatEachPassHasFound_andTheFirstCleanOneOpensItsGateForGood() throws Exception {
        try (UsersPair users = open()) {
            users.plant();
            assertThat(users.reconciliation().firstCleanPass().closedBecause()).isPresent();
            users.reconciliation().run().plan(RepairPolicy.AUTHORITATIVE_WINS).apply("INC-7");
            users.pair.advance(Duration.ofMinutes(1));
            users.reconciliation().run();
            users.pair.advance(Duration.ofMinutes(1));
            users.pair.execute(Side.TARGET, "DELETE FROM users WHERE id = 3");
            users.reconciliation().run();
            List<Pass> passes = users.reconciliation().history(10);
            assertThat(passes).extracting(Pass::isClean).containsExactly(false, true, false);
            assertThat(passes).extracting(Pass::differences).containsExactly(1L, 0L, 4L);
            assertThat(passes).extracting(Pass::repaired).containsExactly(0L, 0L, 4L);
            assertThat(passes.get(2).count(Difference.Kind.EXTRA_IN_TARGET)).isEqualTo(2);
            assertThat(passes.get(2).rowsCompared()).isEqualTo(ROWS + 1);
            assertThat(users.reconciliation().history(1)).containsExactly(passes.get(0));
            assertThat(users.reconciliation().firstCleanPass().closedBecause()).isEmpty();
        }
    }
}
