package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StepRefusedException;
import dev.migrate.UnknownOutcomeException;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.dualwrite.Guarantee;
import dev.migrate.jdbc.VersionedNotes.Note;
import dev.migrate.side.SideBooks;
import dev.migrate.test.ManualTime;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Two nodes, two remote services that compare versions, and a node that stands still in the middle of a call while authority moves. */
class PausedNodeIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration LEASE = Duration.ofSeconds(3);

    /** The services, and two nodes that share a store. */
    private static final class Cluster implements AutoCloseable {
        final SideFixture database;
        final ManualTime time = new ManualTime();
        final VersionedNotes legacy = new VersionedNotes();
        final VersionedNotes target = new VersionedNotes();
        final CountDownLatch isPaused = new CountDownLatch(1);
        final CountDownLatch standsStill = new CountDownLatch(1);
        final CountDownLatch goesOn = new CountDownLatch(1);
        final Node paused;
        final Node other;

        Cluster(TestServer server) throws SQLException {
            database = new SideFixture(server);
            paused = new Node("paused", this);
            paused.migration.moveTo(Stage.DUAL_WRITE, "test");
            paused.migration.moveTo(Stage.SHADOW, "test");
            other = new Node("other", this);
            legacy.onTheWay = note -> {
                if (note.text().equals("paused")) {
                    isPaused.countDown();
                    goesOn.await();
                }
            };
        }

        FutureTask<Note> pausedWrite(long key) throws InterruptedException {
            FutureTask<Note> writing = new FutureTask<>(() -> paused.router.write(new Note(key, "paused")));
            new Thread(writing).start();
            isPaused.await();
            paused.migration.threads().after(Duration.ZERO, this::standStill);
            standsStill.await();
            time.advance(LEASE);
            return writing;
        }

        /** On the node's timer, so that it does not renew its lease. */
        private void standStill() {
            standsStill.countDown();
            try {
                goesOn.await();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }

        void awaitEqual() {
            await().atMost(Duration.ofSeconds(60))
                    .until(() ->
                            other.router.repair() >= 0 && other.router.debt().isNone());
            assertThat(legacy.all()).isEqualTo(target.all());
        }

        @Override
        public void close() throws SQLException {
            goesOn.countDown();
            paused.close();
            other.close();
            database.close();
        }
    }

    private static final class Node implements AutoCloseable {
        final Migration migration;
        final DualWriteRouter<Long, Note> router;

        Node(String name, Cluster cluster) {
            migration = Migration.named("notes")
                    .store(new JdbcMigrationStore(cluster.database.pool).time(cluster.time))
                    .time(cluster.time)
                    .refreshEvery(Duration.ofMillis(100))
                    .lease(LEASE)
                    .stepBudget(Duration.ofSeconds(2))
                    .operator(() -> "test")
                    .node(name)
                    .build();
            router = DualWriteRouter.of(migration)
                    .legacy(cluster.legacy)
                    .target(cluster.target)
                    .key(Note::id)
                    .callsEndWithin(LIMIT)
                    .longestWait(Duration.ofSeconds(60))
                    .repairEvery(Duration.ofDays(1))
                    .build();
        }

        @Override
        public void close() {
            router.close();
            migration.close();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void callThatArrivesAfterAuthorityHasMoved_isNotAcknowledged_andHealed(TestServer server) throws Exception {
        try (Cluster cluster = new Cluster(server)) {
            assertThat(cluster.other.router.guarantee()).isEqualTo(Guarantee.VERSIONED);
            cluster.other.router.write(new Note(1L, "before"));
            cluster.awaitEqual();
            FutureTask<Note> paused = cluster.pausedWrite(1L);

            assertThatThrownBy(() -> cluster.other.migration.moveTo(Stage.LIVE, "while a call is under way"))
                    .isInstanceOf(StepRefusedException.class)
                    .hasMessageContaining("1 writes had not ended");
            cluster.time.advance(LIMIT);
            cluster.other.migration.moveTo(Stage.LIVE, "the call should have ended");
            assertThat(cluster.other.router.read(1L)).hasValue(new Note(1L, "before"));

            cluster.goesOn.countDown();
            assertThatThrownBy(() -> paused.get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UnknownOutcomeException.class);
            cluster.awaitEqual();
            assertThat(cluster.target.all().get(1L).text()).isEqualTo("before");
        }
    }

    /** Nothing was written, so it is written where authority is by now. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void callThatArrivesAfterALaterWrite_isRefusedByTheSide_andMadeOnTheOther(TestServer server) throws Exception {
        try (Cluster cluster = new Cluster(server)) {
            FutureTask<Note> paused = cluster.pausedWrite(1L);
            cluster.time.advance(LIMIT);
            cluster.other.migration.moveTo(Stage.LIVE, "the call should have ended");
            cluster.other.router.write(new Note(1L, "after"));
            cluster.awaitEqual();

            cluster.goesOn.countDown();
            assertThat(paused.get(60, TimeUnit.SECONDS)).isEqualTo(new Note(1L, "paused"));
            cluster.awaitEqual();
            assertThat(cluster.target.all().get(1L).text()).isEqualTo("paused");
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void callThatIsSlowButInTime_isAcknowledged_andWhatItWroteIsCopied(TestServer server) throws Exception {
        try (Cluster cluster = new Cluster(server)) {
            FutureTask<Note> paused = cluster.pausedWrite(1L);
            cluster.time.advance(LIMIT.minus(LEASE).minusSeconds(1));
            cluster.other.router.repair();
            cluster.goesOn.countDown();
            assertThat(paused.get(60, TimeUnit.SECONDS)).isEqualTo(new Note(1L, "paused"));
            cluster.awaitEqual();
            assertThat(cluster.target.all()).containsKey(1L);
        }
    }

    /** A node that dies in a call leaves its intent, and any other carries over what the call has done. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void callOfANodeThatHasDied_isCarriedOverByAnother(TestServer server) throws Exception {
        try (Cluster cluster = new Cluster(server)) {
            SideBooks books = new JdbcMigrationStore(cluster.database.pool)
                    .time(cluster.time)
                    .books("notes", "default", Side.LEGACY);
            SideBooks.Key key = new SideBooks.Key("l:9", Position.segmentOf(cluster.other.migration.bucketOf(9L)));
            books.intents().begin(key, cluster.time.instant().plus(LIMIT), "a node that dies");
            cluster.legacy.write(9L, new Note(9L, "its last words"));
            cluster.other.router.repair();
            assertThat(cluster.target.all()).isEmpty();
            cluster.time.advance(LIMIT);
            cluster.awaitEqual();
            assertThat(cluster.target.all().get(9L).text()).isEqualTo("its last words");
        }
    }
}
