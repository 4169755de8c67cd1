package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationEvent.ChangesReconciled;
import dev.migrate.MigrationEvent.ReconciliationProgress;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.internal.CanonicalKeys;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.reconcile.Difference.Kind;
import dev.migrate.side.SideBooks;
import dev.migrate.table.Mapping;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ChangedReconciliationIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();

    /** For what is the same on each: PostgreSQL takes long to make a database. */
    static final List<TestServer> QUICK = SERVERS.size() == 1
            ? SERVERS
            : SERVERS.stream()
                    .filter(server -> !server.product().equals("postgresql"))
                    .toList();

    private static final int ROWS = 60;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String UPDATE = "UPDATE users SET email = ?, changed_at = ? WHERE id = ?";

    /** Later than all rows that are there, and before any that a test writes. */
    private static final Instant SINCE = Instant.parse("2026-06-01T00:00:00Z");

    private static final ChangedRows ROWS_BY_COLUMN = ChangedRows.by("changed_at")
            .zone(ZoneOffset.UTC)
            .overlap(Duration.ofSeconds(2))
            .since(SINCE);

    private UsersPair users;
    private ShiftedClock legacy;
    private ShiftedClock target;
    private Reconciliation reconciliation;

    private void open(TestServer server) throws Exception {
        users = new UsersPair(server, ROWS);
        legacy = new ShiftedClock(users.pair.legacy("users"));
        target = new ShiftedClock(users.pair.target("users"));
        reconciliation = users.reconciliation(legacy.table, target.table);
    }

    @AfterEach
    void close() throws Exception {
        users.close();
    }

    /** The clocks of both databases go on. */
    private void turn(Duration length) {
        legacy.shift = legacy.shift.plus(length);
        target.shift = target.shift.plus(length);
    }

    private static LocalDateTime now() {
        return LocalDateTime.ofInstant(Instant.now().truncatedTo(ChronoUnit.SECONDS), ZoneOffset.UTC);
    }

    private void stray(Side side, long id, String email) throws Exception {
        users.pair.execute(side, UPDATE, email, now(), id);
    }

    private List<String> keys(ChangedReport report) {
        return report.confirmed().stream().map(Difference::key).sorted().toList();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void strayChangesOfEitherSide_areFoundAndRepaired_andNothingElseIsRead(TestServer server) throws Exception {
        open(server);
        ChangedReport first = reconciliation.changed(ROWS_BY_COLUMN);
        assertThat(first.rowsCompared()).isZero();
        assertThat(first.hasFoundNothing()).isTrue();
        assertThat(first.reliesOnOverlap()).isEqualTo(!server.product().equals("postgresql"));
        stray(Side.TARGET, 14, "secret");
        stray(Side.LEGACY, 7, "new");
        users.pair.execute(Side.TARGET, "INSERT INTO users VALUES (15000, 'extra', 1, ?)", now());
        users.pair.execute(Side.TARGET, "UPDATE users SET email = 'older' WHERE id = 30");
        ChangedReport report = reconciliation.changed(ROWS_BY_COLUMN);
        assertThat(keys(report)).containsExactly("l:14", "l:15000", "l:7");
        assertThat(report.confirmed()).extracting(Difference::kind).contains(Kind.EXTRA_IN_TARGET, Kind.DIFFERENT);
        assertThat(report.rowsCompared()).isEqualTo(3);
        assertThat(legacy.rowsFound).as("three at first sight, and twice again").hasValue(9);
        assertThat(report.open()).isEqualTo(3);
        assertThat(report.hasFoundNothing()).isFalse();
        assertThat(report)
                .asString()
                .contains("3 changed rows compared, 3 differences")
                .doesNotContain("secret");
        turn(HOUR);
        assertThat(keys(reconciliation.changed(ROWS_BY_COLUMN)))
                .as("until they are equal, each pass looks at them")
                .hasSize(3);
        turn(HOUR);
        ChangedReport last = reconciliation.changed(ROWS_BY_COLUMN);
        assertThat(last.plan(RepairPolicy.AUTHORITATIVE_WINS).apply("test").count(RepairReport.Outcome.REPAIRED))
                .isEqualTo(3);
        ChangedReport repaired = reconciliation.changed(ROWS_BY_COLUMN);
        assertThat(repaired.hasFoundNothing()).isTrue();
        assertThat(repaired.open()).isZero();
        turn(HOUR);
        assertThat(reconciliation.changed(ROWS_BY_COLUMN).rowsCompared()).isZero();
        assertThat(reconciliation.history(10).stream().mapToLong(Pass::repaired).sum())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @FieldSource("QUICK")
    void passOverWhatHasChanged_opensNoGate_andIsNoWholePass(TestServer server) throws Exception {
        open(server);
        assertThat(reconciliation.changed(ROWS_BY_COLUMN).hasFoundNothing()).isTrue();
        assertThat(reconciliation.clean().closedBecause()).isPresent();
        assertThat(reconciliation.firstCleanPass().closedBecause()).isPresent();
        assertThat(reconciliation.history(10)).singleElement().satisfies(pass -> {
            assertThat(pass.kind()).isEqualTo(Pass.Kind.CHANGED);
            assertThat(pass.isClean()).isFalse();
        });
        assertThat(users.pair.events).noneMatch(ReconciliationProgress.class::isInstance);
        assertThat(users.pair.events)
                .contains(new ChangesReconciled(users.pair.migration.name(), target.table.name(), 0, 0, 0, true));
        users.reconciliation().run();
        assertThat(reconciliation.firstCleanPass().closedBecause()).isEmpty();
    }

    /** The row has its time an hour before the pass that cannot see it. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowThatIsCommittedLate_isFound_whereTransactionsAreKnownOrTheOverlapCoversThem(TestServer server)
            throws Exception {
        open(server);
        ChangedRows rows =
                server.product().equals("postgresql") ? ROWS_BY_COLUMN : ROWS_BY_COLUMN.overlap(HOUR.plus(HOUR));
        assertThat(keysOfLateCommit(rows)).containsExactly("l:9");
    }

    /** What a pass without the two would do. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowThatIsCommittedLate_isLost_whereNothingCoversIt(TestServer server) throws Exception {
        open(server);
        legacy.ignoresTransactions = true;
        assertThat(keysOfLateCommit(ROWS_BY_COLUMN)).isEmpty();
    }

    private List<String> keysOfLateCommit(ChangedRows rows) throws Exception {
        try (Connection late = users.pair.database(Side.LEGACY).dataSource().getConnection()) {
            late.setAutoCommit(false);
            try (PreparedStatement update = late.prepareStatement(UPDATE)) {
                update.setString(1, "late");
                update.setObject(2, now());
                update.setLong(3, 9);
                update.executeUpdate();
            }
            turn(HOUR);
            assertThat(reconciliation.changed(rows).rowsCompared())
                    .as("not committed yet")
                    .isZero();
            late.commit();
        }
        return keys(reconciliation.changed(rows));
    }

    /** What is committed after a side was read has a time before the end of the pass. */
    @ParameterizedTest
    @FieldSource("QUICK")
    void rowThatIsWrittenWhileAPassReads_isFoundByTheNext(TestServer server) throws Exception {
        open(server);
        assertThat(keysOfWriteDuringAPass(changes -> changes)).containsExactly("l:20");
    }

    @ParameterizedTest
    @FieldSource("QUICK")
    void rowThatIsWrittenWhileAPassReads_isLost_whereTheMarkIsTakenAtTheEnd(TestServer server) throws Exception {
        open(server);
        assertThat(keysOfWriteDuringAPass(ChangedReconciliationIT::markedAtTheEnd))
                .isEmpty();
    }

    private List<String> keysOfWriteDuringAPass(UnaryOperator<Changes> variant) throws Exception {
        target.before("scanSince", () -> {
            stray(Side.LEGACY, 20, "during");
            turn(HOUR);
        });
        Comparing comparing = reconciliation.comparing();
        ChangedReport during = reconciliation.changed(comparing, variant.apply(Changes.of(comparing, ROWS_BY_COLUMN)));
        assertThat(during.rowsCompared()).isZero();
        assertThat(during.isMarkMoved()).isTrue();
        return keys(reconciliation.changed(ROWS_BY_COLUMN));
    }

    private static Changes markedAtTheEnd(Changes real) {
        return new Changes() {
            @Override
            public String name() {
                return real.name();
            }

            @Override
            public void from(List<String> place) {
                real.from(place);
            }

            @Override
            public void begin() throws Exception {
                real.begin();
            }

            @Override
            public void scan(TableSide.Sink<TableKey> sink) throws Exception {
                real.scan(sink);
                real.begin();
            }

            @Override
            public List<String> next() {
                return real.next();
            }

            @Override
            public boolean reliesOnOverlap() {
                return real.reliesOnOverlap();
            }
        };
    }

    @ParameterizedTest
    @FieldSource("QUICK")
    void passThatFails_leavesTheMarkWhereItWas(TestServer server) throws Exception {
        open(server);
        reconciliation.changed(ROWS_BY_COLUMN);
        stray(Side.LEGACY, 5, "seen twice");
        turn(HOUR);
        target.before("find", () -> {
            throw new IllegalStateException("the target has failed");
        });
        assertThatThrownBy(() -> reconciliation.changed(ROWS_BY_COLUMN)).hasMessage("the target has failed");
        assertThat(keys(reconciliation.changed(ROWS_BY_COLUMN))).containsExactly("l:5");
    }

    @ParameterizedTest
    @FieldSource("QUICK")
    void twoNodesAtTheSameTime_bothSeeAllOfIt_andOneMovesTheMark(TestServer server) throws Exception {
        open(server);
        reconciliation.changed(ROWS_BY_COLUMN);
        stray(Side.LEGACY, 5, "seen by both");
        AtomicReference<ChangedReport> other = new AtomicReference<>();
        target.before("scanSince", () -> other.set(users.reconciliation().changed(ROWS_BY_COLUMN)));
        ChangedReport report = reconciliation.changed(ROWS_BY_COLUMN);
        assertThat(keys(report)).containsExactly("l:5").isEqualTo(keys(other.get()));
        assertThat(other.get().isMarkMoved()).isTrue();
        assertThat(report.isMarkMoved()).isFalse();
        assertThat(report).asString().endsWith("mark not moved]");
        turn(HOUR);
        assertThat(keys(reconciliation.changed(ROWS_BY_COLUMN))).containsExactly("l:5");
    }

    /** A copy brings the time of its write along, and comes when it comes: what is owed is looked at again by itself. */
    @ParameterizedTest
    @FieldSource("QUICK")
    void keyThatIsOwed_isLookedAtUntilItsCopyHasCome_equalOrNot(TestServer server) throws Exception {
        open(server);
        LocalDateTime at = now();
        for (Side side : Side.values()) {
            users.pair.execute(side, UPDATE, "same", at, 11L);
        }
        users.pair.write(Side.LEGACY, 12L, UPDATE, "written", at, 12L);
        String equal = CanonicalKeys.encode(11L);
        SideBooks books = users.pair.books(Side.LEGACY);
        books.owe(List.of(new SideBooks.Key(equal, 0)), Instant.EPOCH);
        ChangedReport report = reconciliation.changed(ROWS_BY_COLUMN);
        assertThat(report.inFlight()).containsExactly("l:12");
        assertThat(report.hasFoundNothing()).isTrue();
        assertThat(report.open()).isEqualTo(2);
        turn(HOUR);
        assertThat(reconciliation.changed(ROWS_BY_COLUMN).open()).isEqualTo(2);
        users.pair.execute(Side.TARGET, "UPDATE users SET email = 'spoilt' WHERE id = 11"); // as a bad copy would
        books.settle(equal, books.owed(equal).orElseThrow());
        users.drain();
        ChangedReport later = reconciliation.changed(ROWS_BY_COLUMN);
        assertThat(keys(later)).containsExactly("l:11");
        assertThat(later.rowsCompared()).isEqualTo(2);
        assertThat(later.inFlight()).isEmpty();
        assertThat(later.open()).isEqualTo(1);
    }

    @ParameterizedTest
    @FieldSource("QUICK")
    void keyThatTheSecondLookHasCleared_isLeftOpenWhileItIsOwed(TestServer server) throws Exception {
        open(server);
        LocalDateTime at = now();
        users.pair.write(Side.LEGACY, 12L, UPDATE, "written", at, 12L);
        Reconciliation waiting = Reconciliation.of(users.pair.migration)
                .legacy(legacy.table)
                .target(target.table)
                .looks(2, Duration.ofSeconds(1))
                .pause(length -> UsersPair.quietly(() -> users.pair.execute(Side.TARGET, UPDATE, "written", at, 12L)))
                .build();
        ChangedReport report = waiting.changed(ROWS_BY_COLUMN);
        assertThat(report.inFlight()).isEmpty();
        assertThat(report.hasFoundNothing()).isTrue();
        assertThat(report.open()).isEqualTo(1);
    }

    @ParameterizedTest
    @FieldSource("QUICK")
    void moreThanIsLookedAtAgain_leavesTheMarkWhereItWas(TestServer server) throws Exception {
        open(server);
        for (long id = 1; id <= 5; id++) {
            stray(Side.LEGACY, id, "stray");
        }
        Reconciliation few = Reconciliation.of(users.pair.migration)
                .legacy(legacy.table)
                .target(target.table)
                .mostDifferences(2)
                .pageRows(2)
                .build();
        ChangedReport report = few.changed(ROWS_BY_COLUMN);
        assertThat(report.notLookedAtAgain()).isEqualTo(3);
        assertThat(report.isMarkMoved()).isFalse();
        turn(HOUR);
        assertThat(keys(reconciliation.changed(ROWS_BY_COLUMN))).hasSize(5);
    }

    @ParameterizedTest
    @FieldSource("QUICK")
    void rowWithoutATime_isLookedAtByEachPass(TestServer server) throws Exception {
        open(server);
        users.pair.execute(Side.LEGACY, "UPDATE users SET changed_at = NULL WHERE id = 8");
        users.pair.execute(Side.TARGET, "UPDATE users SET changed_at = NULL WHERE id = 8");
        assertThat(reconciliation.changed(ROWS_BY_COLUMN).rowsCompared()).isEqualTo(2);
        turn(HOUR);
        users.pair.execute(Side.TARGET, "UPDATE users SET email = 'stray' WHERE id = 8");
        assertThat(keys(reconciliation.changed(ROWS_BY_COLUMN))).containsExactly("l:8");
    }

    @ParameterizedTest
    @FieldSource("QUICK")
    void columnOfAnotherName_isTheOneThatItIsMappedTo_orTheOneThatIsNamed(TestServer server) throws Exception {
        open(server);
        users.pair.execute(Side.TARGET, "ALTER TABLE users RENAME COLUMN changed_at TO written_at");
        Reconciliation.Builder builder = Reconciliation.of(users.pair.migration).legacy(users.pair.legacy("users"));
        Reconciliation mapped = builder.target(users.pair.target("users"))
                .mapping(Mapping.byName().rename("changed_at", "written_at"))
                .build();
        users.pair.execute(Side.TARGET, "UPDATE users SET email = 'stray', written_at = ? WHERE id = 3", now());
        assertThat(keys(mapped.changed(ROWS_BY_COLUMN))).containsExactly("l:3");
        Reconciliation named = builder.target(users.pair.target("users"))
                .mapping(Mapping.byName())
                .build();
        ChangedRows both =
                ChangedRows.by("changed_at", "written_at").zone(ZoneOffset.UTC).since(SINCE);
        assertThat(keys(named.changed(both))).containsExactly("l:3");
        assertThatThrownBy(() -> named.changed(ROWS_BY_COLUMN))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("is mapped to none of table 'users'")
                .hasMessageContaining("by(\"");
    }

    @ParameterizedTest
    @FieldSource("QUICK")
    void whatCannotTellOfChanges_isRefusedByName(TestServer server) throws Exception {
        open(server);
        refused(ChangedRows.by("nothing").since(SINCE), "has no column 'nothing'; it has");
        refused(
                ChangedRows.by("age").since(SINCE),
                "of table 'users' must be a date with a time of day",
                "(INTEGER)",
                "name another with by(..)");
        refused(ChangedRows.by("changed_at").since(SINCE), "times without a zone", "say it with zone(..)");
        refused(
                ChangedRows.by("changed_at").zone(ZoneOffset.UTC),
                "no mark to begin at",
                "in migration 'users'",
                "say with since(..)",
                "run()");
        refused(
                ROWS_BY_COLUMN.since(Instant.now().plus(Duration.ofDays(2))),
                "which is before",
                "since(..) is in the future");
        reconciliation.changed(ROWS_BY_COLUMN);
        turn(HOUR.negated());
        refused(ROWS_BY_COLUMN, "the clock was set back", "forgetChanged(..)");
        reconciliation.forgetChanged(ROWS_BY_COLUMN, "the clock was set back");
        reconciliation.changed(ROWS_BY_COLUMN);
        reconciliation.forgetChanged(ROWS_BY_COLUMN, "begin later");
        refused(ChangedRows.by("changed_at").zone(ZoneOffset.UTC), "no mark to begin at");
        reconciliation.forgetChanged(ChangedRows.by("changed_at"), "the zone does not matter here");
    }

    /** MariaDB has no such column. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void columnWithAZone_needsNoOther_andAKeyMayHaveTwoColumns(TestServer server) throws Exception {
        open(server);
        boolean hasZone = !server.product().equals("mariadb");
        String type = hasZone ? "TIMESTAMP WITH TIME ZONE" : "DATETIME(6)";
        for (Side side : Side.values()) {
            users.pair.execute(
                    side,
                    "CREATE TABLE notes (a BIGINT, b VARCHAR(20), changed_at " + type
                            + " NOT NULL, v INT, PRIMARY KEY (a, b))");
            for (String b : List.of("x", "y", "'")) {
                LocalDateTime at = b.equals("y") ? now() : LocalDateTime.ofInstant(SINCE.minus(HOUR), ZoneOffset.UTC);
                users.pair.execute(
                        side, "INSERT INTO notes VALUES (1, ?, ?, 1)", b, hasZone ? at.atOffset(ZoneOffset.UTC) : at);
            }
        }
        users.pair.execute(Side.TARGET, "UPDATE notes SET v = 2 WHERE b = 'y'");
        Reconciliation notes = users.reconciliation(users.pair.legacy("notes"), users.pair.target("notes"));
        ChangedRows rows = ChangedRows.by("CHANGED_AT").since(SINCE);
        ChangedReport report = notes.changed(hasZone ? rows : rows.zone(ZoneOffset.UTC));
        assertThat(keys(report)).containsExactly("c:2,3:l:1,3:s:y");
        assertThat(report.rowsCompared()).isEqualTo(2);
    }

    private void refused(ChangedRows rows, String... parts) {
        assertThatThrownBy(() -> reconciliation.changed(rows))
                .isInstanceOf(MigrationException.class)
                .satisfies(refusal -> assertThat(refusal.getMessage()).contains(parts));
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void journal_knowsWhatWasWrittenAndDeleted_andNothingElse(TestServer server) throws Exception {
        open(server);
        ChangedRows rows = ChangedRows.byJournal().overlap(Duration.ofSeconds(2));
        users.pair.write(Side.LEGACY, 1L, UPDATE, "written", now(), 1L);
        users.pair.write(Side.LEGACY, 2L, UPDATE, "written", now(), 2L);
        users.drain();
        ChangedReport first = reconciliation.changed(rows);
        assertThat(first.rowsCompared()).as("all that the ledger has").isEqualTo(2);
        assertThat(first.hasFoundNothing()).isTrue();
        turn(HOUR);
        assertThat(reconciliation.changed(rows).rowsCompared()).isEqualTo(2);
        users.pair.write(Side.LEGACY, 3L, UPDATE, "on its way", now(), 3L);
        users.pair.write(Side.LEGACY, 4L, "DELETE FROM users WHERE id = ?", 4L);
        ChangedReport owed = reconciliation.changed(rows);
        assertThat(owed.inFlight()).containsExactlyInAnyOrder("l:3", "l:4");
        assertThat(owed.rowsCompared()).as("the mark has passed the first two").isEqualTo(2);
        turn(HOUR);
        users.drain();
        users.pair.execute(Side.TARGET, "INSERT INTO users VALUES (4, 'risen', 1, NULL)");
        users.pair.execute(Side.TARGET, "UPDATE users SET email = 'past the router' WHERE id = 50");
        ChangedReport found = reconciliation.changed(rows);
        assertThat(found.confirmed())
                .containsExactly(new Difference("l:4", Kind.EXTRA_IN_TARGET, Side.LEGACY, List.of()));
        assertThat(legacy.rowsFound.get()).isLessThan(ROWS);
    }

    /** The version is drawn an hour before the pass that cannot see it. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void writeThatIsCommittedLate_isFoundByTheJournal_andLostWhereNothingCoversIt(TestServer server) throws Exception {
        open(server);
        ChangedRows covered = ChangedRows.byJournal()
                .overlap(server.product().equals("postgresql") ? Duration.ofSeconds(2) : HOUR.plus(HOUR));
        assertThat(keysOfLateWrite(covered, 9)).containsExactly("l:9");
        reconciliation.forgetChanged(covered, "again");
        legacy.ignoresTransactions = true;
        assertThat(keysOfLateWrite(ChangedRows.byJournal().overlap(Duration.ofSeconds(2)), 10))
                .doesNotContain("l:10");
    }

    private List<String> keysOfLateWrite(ChangedRows rows, long id) throws Exception {
        reconciliation.changed(rows);
        SideBooks books = users.pair.books(Side.LEGACY);
        books.inTransaction(() -> {
            users.pair.execute(Side.LEGACY, UPDATE, "late", now(), id);
            books.admit(CanonicalKeys.encode(id), 0, true);
            for (int pass = 0; pass < 2; pass++) {
                turn(HOUR);
                UsersPair.elsewhere(() -> reconciliation.changed(rows));
            }
            return true;
        });
        users.drain();
        users.pair.execute(Side.TARGET, "UPDATE users SET email = 'spoilt' WHERE id = " + id); // as a bad copy would
        return keys(reconciliation.changed(rows));
    }

    @ParameterizedTest
    @FieldSource("QUICK")
    void journal_isRefusedWhereItHasNotSeenAll(TestServer server) throws Exception {
        open(server);
        reconciliation.changed(ChangedRows.byJournal());
        users.pair.migration.turnBackTo(Position.of(Stage.LEGACY_ONLY), "test");
        refused(ChangedRows.byJournal(), "stands on LEGACY_ONLY", "ChangedRows.by(..)", "run()");
        users.pair.dualWrite();
        refused(ChangedRows.byJournal(), "has stood on LEGACY_ONLY since", "run()", "forgetChanged(..)");
        reconciliation.forgetChanged(ChangedRows.byJournal(), "a full pass was made");
        assertThat(reconciliation.changed(ChangedRows.byJournal()).hasFoundNothing())
                .isTrue();
    }

    @ParameterizedTest
    @FieldSource("QUICK")
    void schedule_makesThem(TestServer server) throws Exception {
        open(server);
        PassSchedule schedule = PassSchedule.of(users.pair.migration)
                .pass("changed", Duration.ofMinutes(5), () -> {
                    ChangedReport report = reconciliation.changed(ROWS_BY_COLUMN);
                    return PassSchedule.Came.of(report.hasFoundNothing(), report.toString());
                })
                .build();
        assertThat(schedule.runDue()).isEqualTo(1);
        users.pair.advance(Duration.ofMinutes(5));
        stray(Side.LEGACY, 5, "found");
        assertThat(schedule.runDue()).isEqualTo(1);
        assertThat(reconciliation.history(1))
                .singleElement()
                .satisfies(pass -> assertThat(pass.differences()).isEqualTo(1));
        schedule.close();
    }
}
