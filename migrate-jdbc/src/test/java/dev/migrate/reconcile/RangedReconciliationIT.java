package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Version;
import dev.migrate.internal.write.Cover;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class RangedReconciliationIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final int NODES = 3;

    /** As between machines. */
    @SuppressWarnings("unchecked")
    private static <T> T sent(T value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
            out.flush();
            return (T) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static Migration node(UsersPair users) {
        return Migration.named("users")
                .store(users.pair.migration.store())
                .time(users.pair.migration.time())
                .build();
    }

    private static RangedReconciliation ranged(UsersPair users, Migration node) {
        return Reconciliation.of(node)
                .legacy(users.pair.legacy("users"))
                .target(users.pair.target("users"))
                .pageRows(5)
                .build()
                .ranged();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void rangesSentToNodes_comparedTwiceAndAtOnce_findWhatOneNodeFinds(TestServer server) throws Exception {
        try (UsersPair users = new UsersPair(server, 60)) {
            users.plant();
            RangedReconciliation here = users.reconciliation().ranged();
            RangePlan plan = here.plan(7);
            List<RangeResult> results = new ArrayList<>();
            List<Migration> nodes = new ArrayList<>();
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Future<RangeResult>> tasks = new ArrayList<>();
                for (int node = 0; node < NODES; node++) {
                    nodes.add(node(users));
                    RangedReconciliation there = ranged(users, nodes.get(node));
                    for (RowRange range : plan.ranges()) {
                        if (range.number() % NODES != node) { // each by two of them
                            tasks.add(threads.submit(() -> sent(there.compare(sent(range)))));
                        }
                    }
                }
                for (Future<RangeResult> task : tasks) {
                    RangeResult result = task.get();
                    List<RangeResult> before = results.stream()
                            .filter(one -> one.range().equals(result.range()))
                            .toList();
                    if (before.isEmpty()) {
                        results.add(result);
                    } else {
                        assertThat(result).isEqualTo(before.get(0));
                    }
                }
            } finally {
                threads.shutdownNow();
                nodes.forEach(Migration::close);
            }
            ReconciliationReport report = here.report(sent(plan), results);
            ReconciliationReport whole = users.reconciliation().run();
            assertThat(report.confirmed()).hasSize(4).containsExactlyInAnyOrderElementsOf(whole.confirmed());
            assertThat(report.rowsCompared()).isEqualTo(whole.rowsCompared());
            report.plan(RepairPolicy.AUTHORITATIVE_WINS).apply("test");
            users.drain();
            users.assertSame();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void textForms_showNoKey(TestServer server) throws Exception {
        try (UsersPair users = new UsersPair(server, 5)) {
            users.pair.execute(Side.TARGET, "DELETE FROM users WHERE id = 3");
            users.pair.execute(Side.LEGACY, "UPDATE users SET id = 987654 WHERE id = 5");
            RangedReconciliation ranged = users.reconciliation().ranged();
            RangePlan plan = ranged.plan(10);
            RangeResult result = ranged.compare(plan.ranges().get(0));
            assertThat(result.suspects()).hasSize(3);
            assertThat(plan.ranges().get(0).upTo().text()).contains("987654");
            assertThat(List.of(plan, plan.ranges(), result, result.suspects()).toString())
                    .doesNotContain("987654")
                    .doesNotContain(result.suspects().get(0).text());
        }
    }

    /** What is on its way is no difference, also where it was when the range was compared and is not any more. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void suspects_areLookedAtAgainByTheReport(TestServer server) throws Exception {
        try (UsersPair users = new UsersPair(server, 20)) {
            RangedReconciliation ranged = users.reconciliation().ranged();
            RangePlan plan = ranged.plan(10);
            users.pair.write(Side.LEGACY, 3L, "UPDATE users SET age = 77 WHERE id = 3");
            users.pair.write(Side.LEGACY, 14L, "UPDATE users SET age = 77 WHERE id = 14");
            List<RangeResult> results = new ArrayList<>();
            for (RowRange range : plan.ranges()) {
                results.add(ranged.compare(range));
            }
            assertThat(results).allMatch(result -> result.suspects().size() == 1);
            assertThat(ranged.report(plan, results))
                    .matches(ReconciliationReport::isClean)
                    .satisfies(report -> assertThat(report.inFlight()).containsExactly("l:3", "l:14"));
            users.drain();
            assertThat(ranged.report(plan, results).inFlight()).isEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void proof_isThatOfThePlansBeginning_andNotOfItsEnd(TestServer server) throws Exception {
        try (UsersPair users = new UsersPair(server, 5)) {
            Cover cover = new Cover(users.pair.migration, Records.DEFAULT_NAME);
            users.pair.write(Side.LEGACY, 3L, "UPDATE users SET age = 7 WHERE id = 3");
            Version before = users.pair.books(Side.LEGACY).owed("l:3").orElseThrow();
            users.pair.migration.moveTo(Stage.LEGACY_ONLY, "test");
            users.pair.execute(Side.TARGET, "UPDATE users SET age = 7 WHERE id = 3");
            users.pair.dualWrite();
            RangedReconciliation ranged = users.reconciliation().ranged();
            RangePlan early = ranged.plan(10);
            assertThat(users.pair.books(Side.LEGACY).settle("l:3", before)).isTrue();
            assertThat(report(ranged, early)).matches(ReconciliationReport::isClean);
            assertThat(cover.needsProof())
                    .as("owed from before when it was planned")
                    .isTrue();
            RangePlan plan = ranged.plan(10);
            users.pair.execute(Side.TARGET, "UPDATE users SET age = 8 WHERE id = 3");
            assertThat(report(ranged, plan).isClean()).isFalse();
            assertThat(cover.needsProof()).as("it was not clean").isTrue();
            users.pair.execute(Side.TARGET, "UPDATE users SET age = 7 WHERE id = 3");
            assertThat(report(ranged, sent(ranged.plan(10)))).matches(ReconciliationReport::isClean);
            assertThat(cover.needsProof()).isFalse();
        }
    }

    private static ReconciliationReport report(RangedReconciliation ranged, RangePlan plan) throws Exception {
        List<RangeResult> results = new ArrayList<>();
        for (RowRange range : plan.ranges()) {
            results.add(ranged.compare(range));
        }
        return ranged.report(plan, results);
    }

    /** In between legacy was written, and nobody owed it. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void planOfBeforeAStepBack_isNoReport(TestServer server) throws Exception {
        try (UsersPair users = new UsersPair(server, 5)) {
            RangedReconciliation ranged = users.reconciliation().ranged();
            RangePlan plan = ranged.plan(10);
            users.pair.migration.moveTo(Stage.LEGACY_ONLY, "test");
            users.pair.dualWrite();
            assertThatThrownBy(() -> report(ranged, plan))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("before the migration left LEGACY_ONLY the last time");
        }
    }
}
