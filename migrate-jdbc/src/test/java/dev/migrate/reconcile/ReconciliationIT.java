package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationEvent.ReconciliationProgress;
import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Version;
import dev.migrate.backfill.Backfill;
import dev.migrate.internal.write.Cover;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.reconcile.RepairReport.Outcome;
import dev.migrate.side.SideBooks;
import dev.migrate.table.Mapping;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ReconciliationIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final String TABLE = "CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(100), age INT)";
    private static final String ALL = "SELECT id, email, age FROM users ORDER BY id";
    private TablePair pair;

    private void open(TestServer server, int rows) throws Exception {
        pair = new TablePair(server, server);
        pair.execute(Side.LEGACY, TABLE);
        pair.execute(Side.TARGET, TABLE);
        for (long id = 1; id <= rows; id++) {
            pair.execute(Side.LEGACY, "INSERT INTO users VALUES (?, ?, ?)", id, "u" + id + "@x", (int) id % 90);
        }
        pair.dualWrite();
        Backfill.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .build()
                .run();
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
                .pageRows(10);
    }

    private void plant() throws Exception {
        pair.execute(Side.TARGET, "DELETE FROM users WHERE id = 3");
        pair.execute(Side.TARGET, "UPDATE users SET email = 'secret', age = 7 WHERE id = 14");
        pair.execute(Side.TARGET, "INSERT INTO users VALUES (15000, 'extra', 1)");
        pair.execute(Side.LEGACY, "DELETE FROM users WHERE id = 20");
    }

    private void assertSame() throws Exception {
        assertThat(pair.query(Side.TARGET, ALL)).isEqualTo(pair.query(Side.LEGACY, ALL));
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void equalTables_areClean_andOpenTheGate(TestServer server) throws Exception {
        open(server, 35);
        Reconciliation reconciliation = reconciliation().build();
        assertThat(reconciliation.clean().closedBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("has not been run"));
        ReconciliationReport report = reconciliation.run();
        boolean isSigned = server.product().equals("postgresql");
        assertThat(report.rowsCompared()).isEqualTo(35);
        assertThat(report.rowsClearedBySignature()).isEqualTo(isSigned ? 35 : 0);
        assertThat(report.isClean()).isTrue();
        assertThat(reconciliation.clean().closedBecause()).isEmpty();
        assertThat(pair.events)
                .filteredOn(ReconciliationProgress.class::isInstance)
                .hasSize(isSigned ? 2 : 5);
    }

    /** A copier of before, paused since, could put an old value where both sides are equal now. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void whileKeysAreOwedFromBeforeTheStepBack_aComparisonProvesNothing(TestServer server) throws Exception {
        open(server, 5);
        SideBooks legacy = pair.books(Side.LEGACY);
        pair.write(Side.LEGACY, 3L, "UPDATE users SET age = 7 WHERE id = 3");
        Version old = legacy.owed("l:3").orElseThrow();
        pair.migration.moveTo(Stage.LEGACY_ONLY, "test");
        pair.execute(Side.TARGET, "UPDATE users SET age = 7 WHERE id = 3");
        pair.dualWrite();
        Cover cover = new Cover(pair.migration, Records.DEFAULT_NAME);
        assertThat(reconciliation().build().run()).matches(ReconciliationReport::isClean);
        assertThat(cover.needsProof()).isTrue();
        assertThat(legacy.settle("l:3", old)).isTrue();
        pair.write(Side.LEGACY, 4L, "UPDATE users SET age = 7 WHERE id = 4"); // owed now, and brought after
        assertThat(reconciliation().build().run()).matches(ReconciliationReport::isClean);
        assertThat(cover.needsProof()).isFalse();
    }

    /** As where the step to DUAL_WRITE was cut off before legacy was told of it. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void proofIsBegun_onlyOnceLegacyOwesItsWrites(TestServer server) throws Exception {
        open(server, 5);
        pair.migration.moveTo(Stage.LEGACY_ONLY, "test");
        pair.migration.moveTo(Stage.DUAL_WRITE, "test");
        assertThatThrownBy(() -> reconciliation().build().run())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("legacy's own role does not say that its writes are owed");
        pair.assign(Side.LEGACY);
        assertThat(reconciliation().build().run()).matches(ReconciliationReport::isClean);
        assertThat(new Cover(pair.migration, Records.DEFAULT_NAME).needsProof()).isFalse();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void differences_areNamedWithTheirFields_withoutValues(TestServer server) throws Exception {
        open(server, 35);
        plant();
        Reconciliation reconciliation = reconciliation().build();
        ReconciliationReport report = reconciliation.run();
        assertThat(report.confirmed())
                .extracting(Difference::key, Difference::kind)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("l:3", Difference.Kind.MISSING_IN_TARGET),
                        org.assertj.core.groups.Tuple.tuple("l:14", Difference.Kind.DIFFERENT),
                        org.assertj.core.groups.Tuple.tuple("l:20", Difference.Kind.EXTRA_IN_TARGET),
                        org.assertj.core.groups.Tuple.tuple("l:15000", Difference.Kind.EXTRA_IN_TARGET));
        assertThat(report.confirmed())
                .filteredOn(difference -> difference.key().equals("l:14"))
                .allSatisfy(difference ->
                        assertThat(difference.fields()).map(String::toLowerCase).containsExactly("email", "age"));
        assertThat(report + " " + report.confirmed()
                        + report.plan(RepairPolicy.AUTHORITATIVE_WINS).lines())
                .doesNotContain("secret")
                .doesNotContain("u14@x");
        assertThat(reconciliation.clean().closedBecause()).isPresent();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void plan_changesNothing_andApplied_makesBothSidesTheSame(TestServer server) throws Exception {
        open(server, 35);
        plant();
        List<String> before = pair.query(Side.TARGET, ALL);
        RepairPlan plan = reconciliation().build().run().plan(RepairPolicy.AUTHORITATIVE_WINS);
        assertThat(plan.lines())
                .hasSize(4)
                .allSatisfy(line -> assertThat(line.writes()).isEqualTo(Side.TARGET));
        assertThat(pair.query(Side.TARGET, ALL)).isEqualTo(before);
        RepairReport report = plan.apply("INC-7");
        assertThat(report.count(Outcome.REPAIRED)).as(report.lines().toString()).isEqualTo(4);
        assertSame();
        assertThat(reconciliation().build().run().isClean()).isTrue();
        assertThat(pair.books(Side.LEGACY).debt().isNone()).isTrue();
        assertThat(plan.apply("INC-7 again").count(Outcome.CHANGED)).isEqualTo(4);
    }

    /** R11: what was written since the plan was made is not overwritten. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void r11_rowWrittenSinceThePlan_isLeftAlone(TestServer server) throws Exception {
        open(server, 35);
        plant();
        RepairPlan plan = reconciliation().build().run().plan(RepairPolicy.AUTHORITATIVE_WINS);
        pair.write(Side.LEGACY, 14L, "UPDATE users SET email = 'later' WHERE id = 14");
        RepairReport report = plan.apply("INC-7");
        assertThat(report.count(Outcome.CHANGED)).isEqualTo(1);
        assertThat(report.count(Outcome.REPAIRED)).isEqualTo(3);
        pair.drain(Side.LEGACY, pair.legacy("users"), pair.target("users"), Mapping.byName());
        assertSame();
    }

    /** R12: a copy on its way is no difference. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void r12_owedKey_isInFlight_andClearedOnceItHasArrived(TestServer server) throws Exception {
        open(server, 35);
        pair.write(Side.LEGACY, 5L, "UPDATE users SET email = 'on its way' WHERE id = 5");
        ReconciliationReport stuck = reconciliation().build().run();
        assertThat(stuck.inFlight()).containsExactly("l:5");
        assertThat(stuck.confirmed()).isEmpty();
        AtomicInteger drained = new AtomicInteger();
        ReconciliationReport report = reconciliation()
                .pause(length -> {
                    try {
                        drained.addAndGet(
                                pair.drain(Side.LEGACY, pair.legacy("users"), pair.target("users"), Mapping.byName()));
                    } catch (Exception failure) {
                        throw new AssertionError(failure);
                    }
                })
                .build()
                .run();
        assertThat(drained).hasValue(1);
        assertThat(report.inFlight()).isEmpty();
        assertThat(report.isClean()).isTrue();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void policyAgainstAuthority_isAnOrdinaryWrite_thatIsOwed(TestServer server) throws Exception {
        open(server, 35);
        plant();
        RepairPlan plan = reconciliation().build().run().plan(RepairPolicy.TARGET_WINS);
        assertThat(plan.lines()).allSatisfy(line -> assertThat(line.writes()).isEqualTo(Side.LEGACY));
        assertThat(plan.apply("INC-8").count(Outcome.REPAIRED)).isEqualTo(4);
        assertSame();
        assertThat(pair.query(Side.LEGACY, "SELECT email FROM users WHERE id = 14"))
                .containsExactly("secret");
        assertThat(pair.books(Side.LEGACY).debt().keys()).isEqualTo(4);
        pair.drain(Side.LEGACY, pair.legacy("users"), pair.target("users"), Mapping.byName());
        assertSame();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void whereTheTargetIsAuthoritative_legacyIsRepaired(TestServer server) throws Exception {
        open(server, 35);
        pair.migration.moveTo(Stage.SHADOW, "test");
        pair.migration.moveTo(Stage.LIVE, "test");
        pair.assign(Side.TARGET);
        plant();
        RepairPlan plan = reconciliation().build().run().plan(RepairPolicy.AUTHORITATIVE_WINS);
        assertThat(plan.lines())
                .hasSize(4)
                .allSatisfy(line -> assertThat(line.writes()).isEqualTo(Side.LEGACY));
        assertThat(plan.apply("INC-9").count(Outcome.REPAIRED)).isEqualTo(4);
        assertSame();
        assertThat(pair.query(Side.LEGACY, "SELECT count(*) FROM users WHERE id = 3"))
                .containsExactly("0");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void moreDifferencesThanAreKept_areCounted(TestServer server) throws Exception {
        open(server, 35);
        pair.execute(Side.TARGET, "DELETE FROM users WHERE id > 5");
        ReconciliationReport report =
                reconciliation().mostDifferences(12).build().run();
        assertThat(report.confirmed()).hasSize(12);
        assertThat(report.notLookedAtAgain()).isEqualTo(18);
        assertThat(report.isClean()).isFalse();
    }
}
