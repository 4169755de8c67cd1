package dev.migrate.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.BackfillProgress;
import dev.migrate.MigrationException;
import dev.migrate.Node;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StepRefusedException;
import dev.migrate.backfill.Backfill.Point;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.table.RowRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class BackfillIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final String TABLE = "CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(100), age INT)";
    private static final String ALL = "SELECT id, email, age FROM users ORDER BY id";
    private TablePair pair;

    private void open(TestServer server) throws Exception {
        pair = new TablePair(server, server);
        pair.execute(Side.LEGACY, TABLE);
        pair.execute(Side.TARGET, TABLE);
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

    private void insertLegacy(int from, int upTo, int step) throws Exception {
        for (int id = from; id <= upTo; id += step) {
            pair.execute(Side.LEGACY, "INSERT INTO users VALUES (?, ?, ?)", (long) id, "u" + id + "@x", id % 90);
        }
    }

    private Backfill.Builder backfill() {
        return Backfill.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .pause(pair::advance)
                .chunkRows(10);
    }

    private void assertSame() throws Exception {
        assertThat(pair.query(Side.TARGET, ALL)).isEqualTo(pair.query(Side.LEGACY, ALL));
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void run_copiesEveryRowOnce_andSaysSo(TestServer server) throws Exception {
        open(server);
        insertLegacy(1, 95, 1);
        pair.dualWrite();
        Backfill backfill = backfill().build();
        assertThat(backfill.done().closedBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("not begun"));
        BackfillReport report = backfill.run();
        assertSame();
        assertThat(report.rowsCopied()).isEqualTo(95);
        assertThat(report.chunks()).isEqualTo(10);
        assertThat(backfill.done().closedBecause()).isEmpty();
        BackfillReport again = backfill().build().run();
        assertThat(again.rowsCopied()).isEqualTo(95);
        List<BackfillProgress> progress = pair.events.stream()
                .filter(BackfillProgress.class::isInstance)
                .map(BackfillProgress.class::cast)
                .toList();
        assertThat(progress).extracting(BackfillProgress::rows).startsWith(10L, 20L, 30L);
        assertThat(progress.get(progress.size() - 1).isDone()).isTrue();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void nodeThatHasNotAcknowledgedDualWriting_isWaitedForBeforeAnythingIsCopied(TestServer server) throws Exception {
        open(server);
        insertLegacy(1, 5, 1);
        pair.dualWrite();
        pair.migration.store().renew("users", new Node.Report("slow", 1, 1, false), Duration.ofDays(1));
        assertThatThrownBy(() -> backfill().build().run())
                .isInstanceOf(StepRefusedException.class)
                .hasMessageContaining("node 'slow'");
        assertThat(pair.query(Side.TARGET, ALL)).isEmpty();
        pair.migration.store().leave("users", "slow");
        backfill().build().run();
        assertSame();
    }

    /** As where the step to DUAL_WRITE was cut off before legacy was told of it: its writes are not owed yet. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void legacyThatDoesNotOweYet_isWaitedForBeforeAnythingIsCopied(TestServer server) throws Exception {
        open(server);
        insertLegacy(1, 5, 1);
        pair.dualWrite();
        SideBooks legacy = pair.books(Side.LEGACY);
        legacy.assign(SegmentRange.ALL, Role.AUTHORITY, false, 1_000);
        assertThatThrownBy(() -> backfill().build().run())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("legacy's own role does not say that its writes are owed")
                .hasMessageContaining("raiseEpoch(..)");
        assertThat(pair.query(Side.TARGET, ALL)).isEmpty();
        backfill()
                .pause(length -> legacy.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1_001))
                .build()
                .run();
        assertSame();
    }

    /** Another process, which has the routers but knows nothing of the backfill. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void backfillThatWasBegun_keepsAuthorityWithLegacy_inEveryProcess(TestServer server) throws Exception {
        open(server);
        insertLegacy(1, 15, 1);
        pair.dualWrite();
        pair.migration.moveTo(Stage.SHADOW, "test");
        assertThatThrownBy(backfill()
                        .probe(point -> {
                            if (point == Point.DONE) {
                                throw new IllegalStateException("killed");
                            }
                        })
                        .build()::run)
                .hasMessage("killed");
        try (Migration elsewhere = Migration.named("users")
                .store(pair.migration.store())
                .time(() -> Instant.EPOCH)
                .build()) {
            assertThatThrownBy(() -> elsewhere.moveTo(Stage.SHADOW.plusPercent(5), "test"))
                    .isInstanceOf(StepRefusedException.class)
                    .hasMessageContaining("the backfill of 'users' is not in this process");
            backfill().build().run();
            elsewhere.moveTo(Stage.SHADOW.plusPercent(5), "test");
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void emptyTable_isDoneAtOnce(TestServer server) throws Exception {
        open(server);
        pair.dualWrite();
        Backfill backfill = backfill().build();
        assertThat(backfill.run().rowsRead()).isZero();
        assertThat(backfill.done().closedBecause()).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowsThatTheTargetHas_areLeftAlone(TestServer server) throws Exception {
        open(server);
        insertLegacy(1, 30, 1);
        pair.execute(Side.TARGET, "INSERT INTO users VALUES (7, 'target', 7)");
        pair.dualWrite();
        BackfillReport report = backfill().build().run();
        assertThat(report.rowsCopied()).isEqualTo(29);
        assertThat(report.rowsSkipped()).isEqualTo(1);
        assertThat(pair.query(Side.TARGET, "SELECT email FROM users WHERE id = 7"))
                .containsExactly("target");
    }

    /** R1: the end is frozen when the backfill begins. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void r1_tableThatGrows_isFinished(TestServer server) throws Exception {
        open(server);
        insertLegacy(1, 30, 1);
        pair.dualWrite();
        AtomicInteger next = new AtomicInteger(31);
        backfill()
                .probe(point -> {
                    if (point == Point.CLAIMED) {
                        quietly(() -> insertLegacy(next.get(), next.addAndGet(20) - 1, 1));
                    }
                })
                .build()
                .run();
        assertThat(pair.query(Side.TARGET, "SELECT count(*) FROM users")).containsExactly("30");
    }

    /** R5: chunks are cut by rows, not by numbers. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void r5_sparseIds_makeNoEmptyChunks(TestServer server) throws Exception {
        open(server);
        insertLegacy(1, 40_000_000, 1_000_000);
        pair.dualWrite();
        assertThat(backfill().build().run().chunks()).isEqualTo(4);
        assertSame();
    }

    /** R3: a row that a tighter key refuses is named, never dropped. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void r3_tighterUniqueKey_isAnErrorThatNamesTheRow(TestServer server) throws Exception {
        open(server);
        insertLegacy(1, 25, 1);
        pair.execute(Side.LEGACY, "UPDATE users SET email = 'u3@x' WHERE id = 14");
        pair.execute(Side.TARGET, "ALTER TABLE users ADD CONSTRAINT one_email UNIQUE (email)");
        pair.dualWrite();
        assertThatThrownBy(() -> backfill().build().run())
                .isInstanceOf(RowRefusedException.class)
                .hasMessageContaining("l:14")
                .hasMessageContaining("unique key")
                .hasMessageNotContaining("u3@x");
        assertThat(pair.query(Side.TARGET, "SELECT count(*) FROM users")).containsExactly("10");
        pair.execute(Side.LEGACY, "UPDATE users SET email = 'other' WHERE id = 14");
        backfill().build().run();
        assertSame();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowThatIsRefusedOnlyForAMoment_passes(TestServer server) throws Exception {
        open(server);
        insertLegacy(1, 25, 1);
        pair.execute(Side.LEGACY, "UPDATE users SET email = 'u3@x' WHERE id = 14");
        pair.execute(Side.TARGET, "ALTER TABLE users ADD CONSTRAINT one_email UNIQUE (email)");
        pair.dualWrite();
        backfill()
                .pause(length -> quietly(() -> pair.execute(Side.LEGACY, "UPDATE users SET email = 'b' WHERE id = 14")))
                .build()
                .run();
        assertSame();
    }

    /** R4, R13: what fails in the middle is a failure, and the backfill is not done. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void r4_r13_failureInTheMiddle_isNeverTheEnd(TestServer server) throws Exception {
        open(server);
        insertLegacy(1, 35, 1);
        pair.dualWrite();
        AtomicInteger chunks = new AtomicInteger();
        Backfill backfill = backfill()
                .probe(point -> {
                    if (point == Point.DONE && chunks.incrementAndGet() == 2) {
                        quietly(() -> pair.execute(Side.LEGACY, "ALTER TABLE users RENAME TO hidden"));
                    }
                })
                .build();
        assertThatThrownBy(backfill::run).isInstanceOf(java.sql.SQLException.class);
        assertThat(backfill.done().closedBecause()).isPresent();
        pair.execute(Side.LEGACY, "ALTER TABLE hidden RENAME TO users");
        backfill().build().run();
        assertSame();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void beforeDualWrite_isRefused(TestServer server) throws Exception {
        open(server);
        assertThatThrownBy(() -> backfill().build().run())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("stands at LEGACY_ONLY; step to DUAL_WRITE first");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void unfinishedBackfill_keepsAuthorityWithLegacy(TestServer server) throws Exception {
        open(server);
        insertLegacy(1, 15, 1);
        pair.dualWrite();
        pair.migration.moveTo(Stage.SHADOW, "test");
        Backfill backfill = backfill().build();
        assertThatThrownBy(() -> pair.migration.moveTo(Stage.SHADOW.plusPercent(5), "test"))
                .isInstanceOf(StepRefusedException.class)
                .hasMessageContaining("backfill of 'users' is not done");
        backfill.run();
        pair.migration.moveTo(Stage.SHADOW.plusPercent(5), "test");
        assertThatThrownBy(() -> backfill().build().run())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("already authoritative");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void goingBackToLegacyOnly_beginsAnotherBackfill(TestServer server) throws Exception {
        open(server);
        insertLegacy(1, 15, 1);
        pair.dualWrite();
        backfill().build().run();
        pair.migration.moveTo(Stage.LEGACY_ONLY, "test");
        insertLegacy(16, 18, 1);
        pair.dualWrite();
        Backfill again = backfill().build();
        assertThat(again.done().closedBecause()).isPresent();
        assertThat(again.run().rowsCopied()).isEqualTo(3);
        assertSame();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void workerThatWasOvertaken_changesNothing(TestServer server) throws Exception {
        open(server);
        insertLegacy(1, 10, 1);
        pair.dualWrite();
        AtomicInteger claims = new AtomicInteger();
        Backfill slow = backfill()
                .probe(point -> {
                    if (point == Point.CLAIMED && claims.incrementAndGet() == 1) {
                        quietly(() -> backfill().build().run());
                        quietly(() -> pair.execute(Side.TARGET, "DELETE FROM users WHERE id = 5"));
                    }
                })
                .build();
        assertThatThrownBy(slow::run)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("taken over by another worker");
        assertThat(pair.query(Side.TARGET, "SELECT count(*) FROM users")).containsExactly("9");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void bulkPool_isItsOwn_andIsClosed(TestServer server) throws Exception {
        open(server);
        insertLegacy(1, 25, 1);
        pair.dualWrite();
        try (JdbcTable legacy =
                        pair.legacy("users").bulk(pair.database(Side.LEGACY).dataSource(), 2);
                JdbcTable target =
                        pair.target("users").bulk(pair.database(Side.TARGET).dataSource(), 2)) {
            backfill().legacy(legacy).target(target).build().run();
            assertThat(bulkThreads()).isNotEmpty();
        }
        assertSame();
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(bulkThreads()).isEmpty());
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowsThatAnotherNodeHasCopied_areToldOfAsWell(TestServer server) throws Exception {
        open(server);
        insertLegacy(1, 95, 1);
        pair.dualWrite();
        AtomicInteger chunks = new AtomicInteger();
        backfill()
                .probe(point -> {
                    if (point == Point.DONE && chunks.incrementAndGet() == 1) {
                        quietly(() -> backfill().build().run());
                        pair.events.clear();
                    }
                })
                .build()
                .run();
        List<BackfillProgress> progress = pair.events.stream()
                .filter(BackfillProgress.class::isInstance)
                .map(BackfillProgress.class::cast)
                .toList();
        assertThat(progress.get(progress.size() - 1).rows()).isEqualTo(95);
        assertThat(progress.get(progress.size() - 1).timeLeft()).hasValue(Duration.ZERO);
    }

    /** The store is asked every five seconds; the rate is that of all nodes, too. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowsOfOtherNodes_areToldOfWhileTheyCopy(TestServer server) throws Exception {
        open(server);
        insertLegacy(1, 95, 1);
        pair.dualWrite();
        AtomicLong nanos = new AtomicLong();
        List<BackfillProgress> progress = new ArrayList<>();
        try (Migration node = Migration.named("users")
                .store(pair.migration.store())
                .time(pair.migration.time())
                .nanoTime(nanos::get)
                .lease(Duration.ofMinutes(1))
                .listener(event -> {
                    if (event instanceof BackfillProgress one) {
                        progress.add(one);
                    }
                })
                .build()) {
            AtomicInteger chunks = new AtomicInteger();
            Backfill.of(node)
                    .legacy(pair.legacy("users"))
                    .target(pair.target("users"))
                    .chunkRows(10)
                    .probe(point -> {
                        if (point == Point.DONE && chunks.incrementAndGet() <= 2) {
                            quietly(() -> copyTwoChunks());
                            nanos.addAndGet(Duration.ofSeconds(chunks.get() == 1 ? 4 : 1)
                                    .toNanos());
                        }
                    })
                    .build()
                    .run();
        }
        assertThat(progress).extracting(BackfillProgress::rows).startsWith(10L, 60L);
        assertThat(progress).extracting(BackfillProgress::rowsPerSecond).startsWith(2.5, 12.0);
        assertThat(progress.get(1).timeLeft()).hasValue(Duration.ofSeconds(3));
    }

    private void copyTwoChunks() {
        AtomicInteger chunks = new AtomicInteger();
        assertThatThrownBy(backfill()
                        .probe(point -> {
                            if (point == Point.DONE && chunks.incrementAndGet() == 2) {
                                throw new IllegalStateException("killed");
                            }
                        })
                        .build()::run)
                .hasMessage("killed");
    }

    private static List<String> bulkThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("migrate-bulk-"))
                .toList();
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void quietly(Work work) {
        try {
            work.run();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
