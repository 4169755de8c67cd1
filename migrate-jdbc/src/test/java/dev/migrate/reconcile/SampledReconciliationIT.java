package dev.migrate.reconcile;

import static dev.migrate.Percent.percent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationEvent.ReconciliationProgress;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.reconcile.Difference.Kind;
import dev.migrate.reconcile.SampleReport.Verdict;
import dev.migrate.table.Mapping;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SampledReconciliationIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final int ROWS = 600;
    private static final SampleGoal GOAL =
            SampleGoal.fewerThan(percent(5)).confidence(percent(99)).seed(11);

    /** So few may differ that only a look at all rows can tell. */
    private static final SampleGoal ALL = SampleGoal.fewerThan(percent(0.0001));

    private TablePair pair;

    private void open(TestServer server) throws Exception {
        pair = new TablePair(server, server);
        for (Side side : Side.values()) {
            pair.execute(side, "CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(100), age INT)");
            pair.execute(
                    side,
                    "INSERT INTO users VALUES "
                            + IntStream.rangeClosed(1, ROWS)
                                    .mapToObj(id -> "(" + id + ", 'u" + id + "@x', " + id % 90 + ")")
                                    .collect(Collectors.joining(", ")));
        }
        pair.dualWrite();
    }

    @AfterEach
    void close() throws Exception {
        assertThat(pair.openConnections(Side.LEGACY))
                .as("connections not given back")
                .isZero();
        assertThat(pair.openConnections(Side.TARGET))
                .as("connections not given back")
                .isZero();
        pair.close();
    }

    private Reconciliation.Builder reconciliation() {
        return Reconciliation.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .looks(3, Duration.ofSeconds(1))
                .pause(pair::advance)
                .pageRows(50);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void equalTables_areProvedByTheFirstLook_atTheSameRowsOfBoth(TestServer server) throws Exception {
        open(server);
        AtomicInteger read = new AtomicInteger();
        TableSide counted = afterEachRead(pair.target("users"), keys -> read.addAndGet(keys.size()));
        SampleReport report = reconciliation().target(counted).build().sample(GOAL);
        assertThat(report.verdict()).isEqualTo(Verdict.PROVED);
        assertThat(report.legacy().population()).isEqualTo(ROWS);
        assertThat(report.legacy().sample()).isLessThan(ROWS / 3);
        assertThat(report.legacy().least()).isZero();
        assertThat(report.legacy().most()).isLessThan(ROWS * 5 / 100);
        assertThat(report.target().sample()).isEqualTo(report.legacy().sample());
        assertThat(read).as("rows read for both").hasValue(report.legacy().sample());
        assertThat(report.confirmed()).isEmpty();
        assertThat(report)
                .asString()
                .startsWith("PROVED: fewer than 5 % of legacy's 600 rows are missing or different in the target (99 %"
                        + " confidence): 0 of " + report.legacy().sample() + " drawn at random are, so 0 to "
                        + report.legacy().most() + " of all; fewer than 5 % of the target's 600 rows are extra")
                .endsWith("0 in flight, counted as equal; seed 11");
    }

    /** A sample is no complete comparison, and no number of it may be taken for one of the whole table. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void proofBySample_opensNoGate_andPublishesNothing(TestServer server) throws Exception {
        open(server);
        Reconciliation reconciliation = reconciliation().build();
        assertThat(reconciliation.sample(ALL).isProved()).isTrue();
        assertThat(reconciliation.clean().closedBecause()).isPresent();
        assertThat(pair.events).noneMatch(ReconciliationProgress.class::isInstance);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowsMissingInTheTarget_refuteItOfLegacysRows_andNotOfTheTargets(TestServer server) throws Exception {
        open(server);
        pair.execute(Side.TARGET, "DELETE FROM users WHERE id <= 180");
        SampleReport report = reconciliation().build().sample(GOAL);
        assertThat(report.verdict()).isEqualTo(Verdict.REFUTED);
        assertThat(report.legacy().verdict()).isEqualTo(Verdict.REFUTED);
        assertThat(report.legacy().least()).isBetween(30L, 180L);
        assertThat(report.legacy().most()).isGreaterThanOrEqualTo(180);
        assertThat(report.target().population()).isEqualTo(420);
        assertThat(report.target().verdict()).isEqualTo(Verdict.PROVED);
        assertThat(report.confirmed())
                .hasSize(report.legacy().differing())
                .allMatch(difference -> difference.kind() == Kind.MISSING_IN_TARGET);
        assertThat(report).asString().startsWith("REFUTED: 5 % or more of legacy's 600 rows are missing or different");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void extraRows_refuteItOfTheTargetsRows_andNotOfLegacys(TestServer server) throws Exception {
        open(server);
        pair.execute(Side.LEGACY, "DELETE FROM users WHERE id <= 180");
        SampleReport report = reconciliation().build().sample(GOAL);
        assertThat(report.verdict()).isEqualTo(Verdict.REFUTED);
        assertThat(report.target().verdict()).isEqualTo(Verdict.REFUTED);
        assertThat(report.legacy().verdict()).isEqualTo(Verdict.PROVED);
        assertThat(report.confirmed()).allMatch(difference -> difference.kind() == Kind.EXTRA_IN_TARGET);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void sampleGrows_andAtItsLimit_leavesOpenWhatIsTooClose(TestServer server) throws Exception {
        open(server);
        pair.execute(Side.TARGET, "UPDATE users SET email = 'secret' WHERE id <= 30");
        SampleReport report = reconciliation().build().sample(GOAL.mostRows(400));
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_PROVED);
        assertThat(report.legacy().sample()).isEqualTo(400);
        assertThat(report.target().sample()).isEqualTo(400);
        assertThat(report.legacy().least()).isLessThan(30);
        assertThat(report.legacy().most()).isGreaterThanOrEqualTo(30);
        assertThat(report)
                .asString()
                .startsWith("NOT_PROVED: it is open whether fewer than 5 % of legacy's 600 rows are missing")
                .doesNotContain("secret");
        assertThat(report.confirmed().toString()).doesNotContain("secret");
        assertThat(reconciliation().build().sample(GOAL).verdict())
                .as("of all rows, where exactly 5 % differ")
                .isEqualTo(Verdict.REFUTED);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void sampleOfAllRows_countsThemExactly_onBothSides(TestServer server) throws Exception {
        open(server);
        pair.execute(Side.TARGET, "DELETE FROM users WHERE id = 3");
        pair.execute(Side.TARGET, "UPDATE users SET age = 100 WHERE id = 14");
        pair.execute(Side.TARGET, "INSERT INTO users VALUES (15000, 'extra', 1), (15001, 'extra', 1)");
        SampleReport report = reconciliation().build().sample(SampleGoal.fewerThan(percent(0.2)));
        assertThat(report.confirmed())
                .extracting(Difference::key)
                .containsExactlyInAnyOrder("l:3", "l:14", "l:15000", "l:15001");
        assertThat(report.legacy().differing()).isEqualTo(2);
        assertThat(report.target().differing()).isEqualTo(3);
        assertThat(List.of(report.legacy().least(), report.legacy().most())).containsExactly(2L, 2L);
        assertThat(List.of(report.target().least(), report.target().most())).containsExactly(3L, 3L);
        assertThat(report).asString().contains("2 of 600 are, and these are all", "3 of 601 are, and these are all");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void copyOnItsWay_isNoDifference_whetherItArrivesOrNot(TestServer server) throws Exception {
        open(server);
        pair.write(Side.LEGACY, 5L, "UPDATE users SET email = 'on its way' WHERE id = 5");
        SampleReport stuck = reconciliation().build().sample(ALL);
        assertThat(stuck.inFlight()).containsExactly("l:5");
        assertThat(stuck.verdict()).isEqualTo(Verdict.PROVED);
        assertThat(stuck).asString().contains("; 1 in flight, counted as equal");
        SampleReport arrived = reconciliation().pause(length -> drain()).build().sample(ALL);
        assertThat(arrived.inFlight()).isEmpty();
        assertThat(arrived.verdict()).isEqualTo(Verdict.PROVED);
    }

    private void drain() {
        try {
            pair.drain(Side.LEGACY, pair.legacy("users"), pair.target("users"), Mapping.byName());
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    /** What was seen once is neither told as a difference nor taken for equal. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void suspectsBeyondThoseThatAreLookedAtAgain_leaveItOpen(TestServer server) throws Exception {
        open(server);
        pair.execute(Side.TARGET, "UPDATE users SET age = 100 WHERE id <= 10");
        SampleReport report = reconciliation().mostDifferences(1).build().sample(SampleGoal.fewerThan(percent(1)));
        assertThat(report.confirmed()).hasSize(1);
        assertThat(report.legacy().unsettled()).isEqualTo(9);
        assertThat(report.legacy().least()).isEqualTo(1);
        assertThat(report.legacy().most()).isEqualTo(10);
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_PROVED);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void sameSeed_findsTheSame_andAnotherRunDrawsOthers(TestServer server) throws Exception {
        open(server);
        pair.execute(Side.TARGET, "UPDATE users SET age = 100 WHERE id <= 200");
        Reconciliation reconciliation = reconciliation().build();
        SampleReport first = reconciliation.sample(SampleGoal.fewerThan(percent(5)));
        SampleReport again =
                reconciliation.sample(SampleGoal.fewerThan(percent(5)).seed(first.seed()));
        SampleReport other = reconciliation.sample(SampleGoal.fewerThan(percent(5)));
        assertThat(again.confirmed()).isNotEmpty().isEqualTo(first.confirmed());
        assertThat(other.seed()).isNotEqualTo(first.seed());
        assertThat(other.confirmed()).isNotEqualTo(first.confirmed());
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void emptyTables_areProved_andLimitTooLow_isRefused(TestServer server) throws Exception {
        open(server);
        Reconciliation reconciliation = reconciliation().build();
        assertThatThrownBy(() -> reconciliation.sample(GOAL.mostRows(50)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("mostRows must be at least ")
                .hasMessageContaining(
                        " to show that fewer than 5 % of the 600 rows of 'users' differ, with a confidence"
                                + " of 99 %, but was 50; raise it");
        pair.execute(Side.LEGACY, "DELETE FROM users");
        SampleReport report = reconciliation.sample(GOAL);
        assertThat(report.legacy().verdict()).isEqualTo(Verdict.PROVED);
        assertThat(report.target().verdict()).isEqualTo(Verdict.REFUTED);
        pair.execute(Side.TARGET, "DELETE FROM users");
        assertThat(reconciliation.sample(GOAL).verdict()).isEqualTo(Verdict.PROVED);
    }

    /** A row that is another each time it is looked at is neither told as a difference nor taken for equal. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowThatKeepsChanging_leavesItOpen(TestServer server) throws Exception {
        open(server);
        TableSide changing = afterEachRead(
                pair.target("users"),
                keys -> pair.execute(Side.TARGET, "UPDATE users SET age = age + 100 WHERE id = 7"));
        pair.execute(Side.TARGET, "UPDATE users SET age = 100 WHERE id = 7");
        SampleReport report = reconciliation().target(changing).build().sample(ALL);
        assertThat(report.confirmed()).isEmpty();
        assertThat(report.legacy().unsettled()).isEqualTo(1);
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_PROVED);
        assertThat(report).asString().contains("; 1 kept changing or were too many to be looked at again");
    }

    private static TableSide afterEachRead(TableSide real, TableSide.Sink<Collection<TableKey>> hook) {
        return (TableSide) Proxy.newProxyInstance(
                TableSide.class.getClassLoader(), new Class<?>[] {TableSide.class}, (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(real, arguments);
                        if (method.getName().equals("find")) {
                            @SuppressWarnings("unchecked")
                            Collection<TableKey> keys = (Collection<TableKey>) arguments[0];
                            hook.accept(keys);
                        }
                        return answer;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
