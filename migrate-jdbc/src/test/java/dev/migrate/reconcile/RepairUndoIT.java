package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.reconcile.RepairReport.Outcome;
import dev.migrate.side.Owed;
import dev.migrate.side.RepairedRow;
import dev.migrate.side.SideBooks;
import dev.migrate.table.TableSide;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class RepairUndoIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final int ROWS = 25;

    private static RepairReport repaired(UsersPair users) throws Exception {
        RepairReport report = users.reconciliation()
                .run()
                .plan(RepairPolicy.AUTHORITATIVE_WINS)
                .apply("INC-7");
        assertThat(report.count(Outcome.REPAIRED)).as(report.lines().toString()).isEqualTo(4);
        return report;
    }

    private static List<String> dismissed(UsersPair users) {
        return users.pair.books(Side.LEGACY).owedKeys().dismissed(10).stream()
                .map(Owed::key)
                .toList();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void undoneRepair_putsEachRowBack_barsAHandover_andCanBeRepairedAgain(TestServer server) throws Exception {
        try (UsersPair users = new UsersPair(server, ROWS)) {
            users.plant();
            List<String> planted = users.rows(Side.TARGET);
            RepairReport report = repaired(users);
            users.assertSame();
            RepairReport undone = users.reconciliation().undo(report.run(), "it was legacy that was wrong");
            assertThat(undone.count(Outcome.UNDONE))
                    .as(undone.lines().toString())
                    .isEqualTo(4);
            assertThat(users.rows(Side.TARGET)).isEqualTo(planted);
            assertThat(dismissed(users)).containsExactlyInAnyOrder("l:3", "l:14", "l:20", "l:15000");
            users.drain();
            assertThat(users.rows(Side.TARGET))
                    .as("the journal's worker leaves them")
                    .isEqualTo(planted);
            List<RepairedRow> kept = users.pair.books(Side.TARGET).repairs().latest(8);
            assertThat(kept).hasSize(8).extracting(RepairedRow::why).contains("INC-7", "it was legacy that was wrong");
            assertThat(kept + report.toString() + report.lines() + undone + undone.lines())
                    .doesNotContain("secret")
                    .doesNotContain("u14@x");
            assertThat(users.reconciliation().undo(report.run(), "again").count(Outcome.CHANGED))
                    .isEqualTo(4);
            assertThat(users.rows(Side.TARGET)).isEqualTo(planted);
            repaired(users);
            users.assertSame();
            assertThat(users.pair.books(Side.LEGACY).debt().isNone()).isTrue();
            assertThat(dismissed(users)).isEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowThatWasChangedSince_isLeftAlone(TestServer server) throws Exception {
        try (UsersPair users = new UsersPair(server, ROWS)) {
            users.plant();
            RepairReport report = repaired(users);
            users.pair.write(Side.LEGACY, 14L, "UPDATE users SET email = 'later' WHERE id = 14");
            users.drain();
            users.pair.execute(Side.TARGET, "UPDATE users SET email = 'past the router' WHERE id = 3");
            users.pair.write(Side.LEGACY, 20L, "INSERT INTO users VALUES (20, 'owed', 1, NULL)");
            RepairReport undone = users.reconciliation().undo(report.run(), "INC-8");
            assertThat(undone.lines())
                    .filteredOn(line -> line.outcome() == Outcome.UNDONE)
                    .extracting(RepairReport.Line::key)
                    .containsExactly("l:15000");
            assertThat(undone.count(Outcome.CHANGED)).isEqualTo(3);
            assertThat(dismissed(users)).containsExactly("l:15000");
            users.drain();
            assertThat(users.rows(Side.TARGET))
                    .containsAll(users.rows(Side.LEGACY))
                    .hasSize(ROWS + 1);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void repairOfTheAuthoritativeSide_isUndoneByAnOrdinaryWrite(TestServer server) throws Exception {
        try (UsersPair users = new UsersPair(server, ROWS)) {
            users.plant();
            List<String> planted = users.rows(Side.LEGACY);
            RepairReport report =
                    users.reconciliation().run().plan(RepairPolicy.TARGET_WINS).apply("INC-7");
            assertThat(report.count(Outcome.REPAIRED)).isEqualTo(4);
            users.drain();
            users.assertSame();
            assertThat(users.rows(Side.LEGACY)).isNotEqualTo(planted);
            RepairReport undone = users.reconciliation().undo(report.run(), "INC-8");
            assertThat(undone.count(Outcome.UNDONE))
                    .as(undone.lines().toString())
                    .isEqualTo(4);
            assertThat(users.rows(Side.LEGACY)).isEqualTo(planted);
            assertThat(users.pair.books(Side.LEGACY).debt().keys()).isEqualTo(4);
            users.drain();
            users.assertSame();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void oneRowOfARun_isUndoneByItself(TestServer server) throws Exception {
        try (UsersPair users = new UsersPair(server, ROWS)) {
            users.plant();
            RepairReport report = repaired(users);
            RepairReport undone = users.reconciliation().undo(report.run(), "l:14", "INC-8");
            assertThat(undone.lines()).hasSize(1);
            assertThat(users.pair.query(Side.TARGET, "SELECT email, age FROM users WHERE id = 14"))
                    .containsExactly("secret|null");
            assertThat(users.reconciliation().run().confirmed())
                    .extracting(Difference::key)
                    .containsExactly("l:14");
            assertThat(users.pair.books(Side.LEGACY).retry("l:14")).isTrue();
            users.drain();
            users.assertSame();
            assertThatThrownBy(() -> users.reconciliation().undo(undone.run(), "back and forth"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("has undone another run, and cannot be undone itself");
            assertThatThrownBy(() -> users.reconciliation().undo("no such run", "INC-8"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("run 'no such run' has repaired no such row");
            assertThatThrownBy(() -> users.reconciliation().undo(report.run(), " "))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("why of a repair must not be blank");
            assertThat(users.reconciliation()
                            .forgetRepairs(users.pair.migration.time().instant().plusSeconds(1)))
                    .isEqualTo(5);
            assertThatThrownBy(() -> users.reconciliation().undo(report.run(), "INC-8"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("or its rows were forgotten");
        }
    }

    /** The write is neither overwritten nor dismissed with the debt that the undoing leaves. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void writeWhileARowIsPutBack_wins(TestServer server) throws Exception {
        try (UsersPair users = new UsersPair(server, ROWS)) {
            users.plant();
            RepairReport report = repaired(users);
            TableSide target = UsersPair.before(
                    TableSide.class,
                    users.pair.target("users"),
                    "lock",
                    () -> users.pair.write(Side.LEGACY, 14L, "UPDATE users SET email = 'later' WHERE id = 14"));
            users.reconciliation(users.pair.legacy("users"), target).undo(report.run(), "l:14", "INC-8");
            assertThat(dismissed(users)).isEmpty();
            users.drain();
            users.assertSame();
        }
    }

    /** A delete may take along by a cascade what has arrived after that write, so it is not committed. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowThatIsWrittenWhileItIsTakenAway_stays(TestServer server) throws Exception {
        try (UsersPair users = new UsersPair(server, ROWS)) {
            users.plant();
            RepairReport report = repaired(users);
            TableSide target = UsersPair.before(
                    TableSide.class,
                    users.pair.target("users"),
                    "lock",
                    () -> users.pair.write(Side.LEGACY, 3L, "UPDATE users SET email = 'later' WHERE id = 3"));
            RepairReport undone =
                    users.reconciliation(users.pair.legacy("users"), target).undo(report.run(), "l:3", "INC-8");
            assertThat(undone.count(Outcome.CHANGED)).isEqualTo(1);
            assertThat(users.pair.query(Side.TARGET, "SELECT email FROM users WHERE id = 3"))
                    .containsExactly("u3@x");
        }
    }

    /** It commits after the journal was asked and before the undoing draws its versions; its debt must not be dismissed. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void writeJustBeforeTheVersionsAreDrawn_isNotDismissed(TestServer server) throws Exception {
        try (UsersPair users = new UsersPair(server, ROWS)) {
            users.plant();
            RepairReport report = repaired(users);
            TableSide legacy = withBooks(
                    users.pair.legacy("users"),
                    UsersPair.before(
                            SideBooks.class,
                            users.pair.books(Side.LEGACY),
                            "admit",
                            () -> users.pair.write(
                                    Side.LEGACY, 14L, "UPDATE users SET email = 'later' WHERE id = 14")));
            RepairReport undone =
                    users.reconciliation(legacy, users.pair.target("users")).undo(report.run(), "l:14", "INC-8");
            assertThat(undone.count(Outcome.CHANGED)).isEqualTo(1);
            assertThat(dismissed(users)).isEmpty();
            users.drain();
            users.assertSame();
        }
    }

    /** The journal's worker comes as soon as the versions are drawn, and before the row is put back. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void debtThatIsLeft_isDismissedFromTheFirstMoment(TestServer server) throws Exception {
        try (UsersPair users = new UsersPair(server, ROWS)) {
            users.plant();
            RepairReport report = repaired(users);
            TableSide legacy = withBooks(
                    users.pair.legacy("users"),
                    UsersPair.after(
                            SideBooks.class, users.pair.books(Side.LEGACY), "inTransaction", () -> users.drain()));
            RepairReport undone =
                    users.reconciliation(legacy, users.pair.target("users")).undo(report.run(), "l:14", "INC-8");
            assertThat(undone.count(Outcome.UNDONE)).isEqualTo(1);
            assertThat(dismissed(users)).containsExactly("l:14");
        }
    }

    private static TableSide withBooks(TableSide real, SideBooks books) {
        return (TableSide) Proxy.newProxyInstance(
                TableSide.class.getClassLoader(), new Class<?>[] {TableSide.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("books")) {
                        return books;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    /** Legacy is authoritative, and is written between the last look at the row and the repair's own write. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void authoritativeRowThatIsWrittenAtThatMoment_isNotOverwritten(TestServer server) throws Exception {
        String write = "UPDATE users SET email = 'later' WHERE id = 14";
        assertWriteStays(server, 14, write, "lock", Outcome.CHANGED);
    }

    /** The same, where legacy had no row that could be locked. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void authoritativeRowThatIsInsertedAtThatMoment_isNotOverwritten(TestServer server) throws Exception {
        String write = "INSERT INTO users VALUES (20, 'later', 1, NULL)";
        assertWriteStays(server, 20, write, "insert", Outcome.FAILED);
    }

    private static void assertWriteStays(TestServer server, long id, String write, String before, Outcome outcome)
            throws Exception {
        try (UsersPair users = new UsersPair(server, ROWS)) {
            users.plant();
            TableSide legacy = UsersPair.before(
                    TableSide.class,
                    users.pair.legacy("users"),
                    before,
                    () -> users.pair.write(Side.LEGACY, id, write));
            RepairReport report = users.reconciliation(legacy, users.pair.target("users"))
                    .run()
                    .plan(RepairRules.of(RepairPolicy.AUTHORITATIVE_WINS).override("l:" + id, Side.TARGET))
                    .apply("INC-7");
            assertThat(report.lines())
                    .filteredOn(line -> line.key().equals("l:" + id))
                    .extracting(RepairReport.Line::outcome)
                    .containsExactly(outcome);
            assertThat(users.pair.query(Side.LEGACY, "SELECT email FROM users WHERE id = " + id))
                    .containsExactly("later");
            users.drain();
            users.assertSame();
        }
    }

    /** The target's row is written past the router between the last look at it and the repair's own write. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void shadowsRowThatIsWrittenAtThatMoment_isLeftToTheJournal(TestServer server) throws Exception {
        try (UsersPair users = new UsersPair(server, ROWS)) {
            users.pair.execute(Side.TARGET, "UPDATE users SET age = 7 WHERE id = 14");
            TableSide target = UsersPair.before(
                    TableSide.class,
                    users.pair.target("users"),
                    "lock",
                    () -> users.pair.execute(Side.TARGET, "UPDATE users SET age = 8 WHERE id = 14"));
            RepairReport report = users.reconciliation(users.pair.legacy("users"), target)
                    .run()
                    .plan(RepairPolicy.AUTHORITATIVE_WINS)
                    .apply("INC-7");
            assertThat(report.count(Outcome.CHANGED)).isEqualTo(1);
            assertThat(users.pair.books(Side.TARGET).repairs().latest(1))
                    .as("nothing was repaired")
                    .isEmpty();
            users.drain();
            users.assertSame();
        }
    }
}
