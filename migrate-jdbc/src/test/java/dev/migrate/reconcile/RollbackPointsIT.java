package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.jdbc.schema.DatabaseSchema;
import dev.migrate.reconcile.RollbackReport.ChangedPart;
import dev.migrate.reconcile.RollbackReport.Verdict;
import dev.migrate.table.Mapping;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What can be shown of legacy after a way back, with writes in between and without. */
class RollbackPointsIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final int ROWS = 40;
    private TablePair pair;
    private RollbackPoints points;

    /** Both sides have the rows, and the migration stands where the target is about to take over. */
    private void open(TestServer server) throws Exception {
        pair = new TablePair(server, server);
        for (Side side : Side.values()) {
            pair.execute(side, "CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(100), age DECIMAL(9,2))");
            for (long id = 1; id <= ROWS; id++) {
                pair.execute(side, "INSERT INTO users VALUES (?, ?, ?)", id, "u" + id + "@x", (int) id);
            }
        }
        pair.dualWrite();
        pair.migration.moveTo(Stage.SHADOW, "test");
        points = builder().build();
    }

    private RollbackPoints.Builder builder() {
        return RollbackPoints.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .schema(() -> DatabaseSchema.of(pair.legacyDb).fingerprint("users"))
                .pageRows(7)
                .looks(2, Duration.ofSeconds(1))
                .pause(pair::advance);
    }

    @AfterEach
    void close() throws Exception {
        assertThat(pair.openConnections(Side.LEGACY) + pair.openConnections(Side.TARGET))
                .as("connections not given back")
                .isZero();
        pair.close();
    }

    private void toLive() {
        pair.migration.moveTo(Stage.LIVE, "test");
        pair.assign(Side.TARGET);
    }

    private void back() {
        pair.migration.moveTo(Stage.SHADOW, "INC-7");
        pair.assign(Side.LEGACY);
    }

    private void drain() throws Exception {
        pair.drain(Side.TARGET, pair.target("users"), pair.legacy("users"), Mapping.byName());
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void whereNothingWasWritten_everyRowIsProvedToBeAsItWas(TestServer server) throws Exception {
        open(server);
        assertThat(points.taken("before LIVE").closedBecause()).isPresent();
        RollbackPoint point = points.take("before LIVE", "release 7");
        assertThat(points.taken("before LIVE").closedBecause()).isEmpty();
        assertThat(point.rows()).isEqualTo(ROWS);
        assertThat(points.list())
                .extracting(RollbackPoint::name, RollbackPoint::rows, RollbackPoint::position)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("before LIVE", (long) ROWS, Position.of(Stage.SHADOW)));
        assertThat(points.list().get(0).schema()).isEqualTo(point.schema()).isPresent();
        toLive();
        back();
        assertThat(points.proved("before LIVE").closedBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("was not checked in this process"));
        RollbackReport report = points.check("before LIVE");
        assertThat(report).isEqualTo(new RollbackReport(Verdict.PROVED, ROWS, 0, List.of(), List.of(), List.of()));
        assertThat(points.proved("before LIVE").closedBecause()).isEmpty();
    }

    /** What was written on the target meanwhile must be in legacy, and everything else be as it was. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowsWrittenSince_areHeldToTheTarget_andTheOthersToThePoint(TestServer server) throws Exception {
        open(server);
        points.take("p", "test");
        toLive();
        pair.write(Side.TARGET, 3L, "UPDATE users SET email = 'later' WHERE id = 3");
        pair.write(Side.TARGET, 4L, "DELETE FROM users WHERE id = 4");
        pair.write(Side.TARGET, 99L, "INSERT INTO users VALUES (99, 'further', 1)");
        drain();
        back();
        RollbackReport report = points.check("p");
        assertThat(report.verdict()).as(report.toString()).isEqualTo(Verdict.PROVED);
        assertThat(report.rowsAsThen() + report.rowsAsTarget()).isEqualTo(ROWS);
        assertThat(report.rowsAsTarget()).isBetween(2L, 8L);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void writesThatHaveNotArrived_areNotProvable_andProvedOnceTheyHave(TestServer server) throws Exception {
        open(server);
        points.take("p", "test");
        toLive();
        pair.write(Side.TARGET, 3L, "UPDATE users SET email = 'later' WHERE id = 3");
        RollbackReport report = points.check("p");
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_PROVABLE);
        assertThat(report.reasons()).singleElement().asString().contains("1 rows are still on their way");
        assertThat(points.proved("p").closedBecause()).isPresent();
        drain();
        assertThat(points.check("p").verdict()).isEqualTo(Verdict.PROVED);
    }

    /** Equal to the point is not enough: the copy of a write was undone, and the books say that there was one. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void lostWrite_differs_althoughLegacyIsAsItWas(TestServer server) throws Exception {
        open(server);
        points.take("p", "test");
        toLive();
        pair.write(Side.TARGET, 3L, "UPDATE users SET email = 'secret' WHERE id = 3");
        drain();
        pair.execute(Side.LEGACY, "UPDATE users SET email = 'u3@x' WHERE id = 3");
        back();
        RollbackReport report = points.check("p");
        assertThat(report.verdict()).isEqualTo(Verdict.DIFFERS);
        assertThat(report.keys()).containsExactly("l:3");
        assertThat(report.toString()).doesNotContain("secret").doesNotContain("l:3");
        assertThat(points.proved("p").closedBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("DIFFERS"));
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowsMissingInLegacy_areNamed(TestServer server) throws Exception {
        open(server);
        points.take("p", "test");
        toLive();
        pair.write(Side.TARGET, 99L, "INSERT INTO users VALUES (99, 'further', 1)");
        drain();
        pair.execute(Side.LEGACY, "DELETE FROM users WHERE id = 99");
        back();
        assertThat(points.check("p").keys()).containsExactly("l:99");
    }

    /** The same on both sides, but by nobody that the journal knows: no comparison of the two would tell. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void changeThatNoJournalKnows_differs_inItsPart(TestServer server) throws Exception {
        open(server);
        points.take("p", "test");
        toLive();
        for (Side side : Side.values()) {
            pair.execute(side, "DELETE FROM users WHERE id = 5");
        }
        back();
        RollbackReport report = points.check("p");
        assertThat(report.verdict()).isEqualTo(Verdict.DIFFERS);
        assertThat(report.keys()).isEmpty();
        assertThat(report.changed())
                .singleElement()
                .satisfies(part -> assertThat(part.rowsThen() - part.rowsNow()).isEqualTo(1))
                .extracting(ChangedPart::parts)
                .isEqualTo(1_024);
        assertThat(report.reasons())
                .singleElement()
                .asString()
                .contains("1 of 1024 parts were changed past the library");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void writesOfLegacyOnly_areInNoJournal_andNotCalledWrong(TestServer server) throws Exception {
        open(server);
        points.take("p", "test");
        pair.migration.moveTo(Stage.DUAL_WRITE, "INC-7");
        pair.migration.moveTo(Stage.LEGACY_ONLY, "INC-7");
        assertThat(points.check("p").verdict()).isEqualTo(Verdict.PROVED);
        pair.execute(Side.LEGACY, "UPDATE users SET age = 77 WHERE id = 5");
        RollbackReport report = points.check("p");
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_PROVABLE);
        assertThat(report.keys()).containsExactly("l:5");
        assertThat(report.changed()).hasSize(1);
        assertThat(report.reasons())
                .hasSize(2)
                .anySatisfy(why -> assertThat(why).contains("check before the last step back"))
                .anySatisfy(why -> assertThat(why).contains("written without a journal for a time"));
    }

    /** Writes of before the point are no writes since, where the epoch was raised in between. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void afterTheEpochIsRaised_aPointKnowsWhatWasWrittenBefore(TestServer server) throws Exception {
        open(server);
        pair.write(Side.LEGACY, 5L, "UPDATE users SET age = 6 WHERE id = 5");
        pair.drain(Side.LEGACY, pair.legacy("users"), pair.target("users"), Mapping.byName());
        points.take("vague", "test");
        pair.assign(Side.LEGACY); // as raiseEpoch does through the router
        points.take("exact", "test");
        assertThat(points.check("vague").rowsAsTarget()).isPositive();
        assertThat(points.check("exact").rowsAsTarget()).isZero();
        for (Side side : Side.values()) {
            pair.execute(side, "UPDATE users SET age = 7 WHERE id = 5");
        }
        assertThat(points.check("vague").verdict()).as("may have been written").isEqualTo(Verdict.PROVED);
        assertThat(points.check("exact").verdict()).isEqualTo(Verdict.DIFFERS);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void alteredSchema_differs(TestServer server) throws Exception {
        open(server);
        points.take("p", "test");
        RollbackPoints withoutSchema = builder().schema(() -> "").build();
        withoutSchema.take("rows alone", "test");
        pair.execute(Side.LEGACY, "CREATE INDEX users_email ON users (email)");
        RollbackReport report = points.check("p");
        assertThat(report.verdict()).isEqualTo(Verdict.DIFFERS);
        assertThat(report.rowsAsThen()).isEqualTo(ROWS);
        assertThat(report.reasons()).containsExactly("legacy's schema is not what it was");
        assertThat(points.check("rows alone").verdict()).isEqualTo(Verdict.PROVED);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void moreDifferencesThanAreNamed_areCounted(TestServer server) throws Exception {
        open(server);
        points = builder().parts(1).mostKeys(2).build();
        points.take("p", "test");
        toLive();
        pair.write(Side.TARGET, 1L, "UPDATE users SET age = 77 WHERE id = 1");
        drain();
        pair.execute(Side.LEGACY, "DELETE FROM users WHERE id <= 5");
        RollbackReport report = points.check("p");
        assertThat(report.verdict()).isEqualTo(Verdict.DIFFERS);
        assertThat(report.keys()).hasSize(2);
        assertThat(report.rowsAsTarget()).isEqualTo(ROWS - 5);
        assertThat(report.reasons()).singleElement().asString().contains("3 more rows differed at first sight");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void names_areChecked(TestServer server) throws Exception {
        open(server);
        points.take("p", "test");
        assertThatThrownBy(() -> points.take("p", "again"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("there is a rollback point 'p' of default")
                .hasMessageContaining("another name");
        assertThatThrownBy(() -> points.take("a/b", "test"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("1 to 60 characters without a slash, but was 'a/b'");
        assertThatThrownBy(() -> points.check("q"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("no rollback point 'q'")
                .hasMessageContaining("[p]");
        assertThatThrownBy(() -> RollbackPoints.of(pair.migration)
                        .legacy(pair.legacy("users"))
                        .build())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("target of the rollback points in migration 'users' is missing");
    }
}
