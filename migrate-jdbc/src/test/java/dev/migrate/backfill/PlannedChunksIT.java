package dev.migrate.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Gate;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StepRefusedException;
import dev.migrate.backfill.Backfill.Point;
import dev.migrate.backfill.PlannedChunk.Result;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.table.Mapping;
import dev.migrate.table.RowRefusedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class PlannedChunksIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final String ALL = "SELECT id, email FROM users ORDER BY id";
    private static final int NODES = 3;
    private TablePair pair;

    private void open(TestServer server, int rows) throws Exception {
        pair = new TablePair(server, server);
        for (Side side : Side.values()) {
            pair.execute(side, "CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(100))");
        }
        for (long id = 1; id <= rows; id++) {
            pair.execute(Side.LEGACY, "INSERT INTO users VALUES (?, ?)", id, "u" + id);
        }
        pair.dualWrite();
    }

    @AfterEach
    void close() throws Exception {
        assertThat(pair.openConnections(Side.LEGACY) + pair.openConnections(Side.TARGET))
                .as("connections not given back")
                .isZero();
        pair.close();
    }

    private Backfill.Builder backfill(Migration node) {
        return Backfill.of(node)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .pause(pair::advance)
                .chunkRows(10);
    }

    private Backfill backfill() {
        return backfill(pair.migration).build();
    }

    private Backfill probed(Consumer<Point> probe) {
        return backfill(pair.migration).probe(probe).build();
    }

    private Migration node() {
        return Migration.named("users")
                .store(pair.migration.store())
                .time(pair.migration.time())
                .build();
    }

    private void assertSame() throws Exception {
        assertThat(pair.query(Side.TARGET, ALL)).isEqualTo(pair.query(Side.LEGACY, ALL));
    }

    /** As between machines. */
    private static PlannedChunk sent(PlannedChunk chunk) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(chunk);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (PlannedChunk) in.readObject();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void chunksSentToNodes_threeTimesEachAndAtOnce_areCopiedExactlyOnce(TestServer server) throws Exception {
        open(server, 95);
        Backfill planning = backfill();
        List<PlannedChunk> chunks = planning.plan();
        assertThat(chunks).hasSize(10);
        List<PlannedChunk> tasks = new ArrayList<>();
        for (int times = 0; times < 3; times++) {
            tasks.addAll(chunks);
        }
        Collections.shuffle(tasks, new Random(7));
        List<Migration> nodes = new ArrayList<>();
        List<Backfill> backfills = new ArrayList<>();
        for (int at = 0; at < NODES; at++) {
            nodes.add(node());
            backfills.add(backfill(nodes.get(at)).build());
        }
        Map<Integer, List<Result>> results = new HashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(NODES);
        try {
            List<Future<Result>> running = new ArrayList<>();
            for (int at = 0; at < tasks.size(); at++) {
                Backfill there = backfills.get(at % NODES);
                PlannedChunk chunk = sent(tasks.get(at));
                running.add(threads.submit(() -> there.copy(chunk)));
            }
            for (int at = 0; at < tasks.size(); at++) {
                results.computeIfAbsent(tasks.get(at).number(), number -> new ArrayList<>())
                        .add(running.get(at).get());
            }
        } finally {
            threads.shutdownNow();
            nodes.forEach(Migration::close);
        }
        assertThat(results)
                .hasSize(10)
                .allSatisfy((number, of) ->
                        assertThat(of).containsOnlyOnce(Result.COPIED).hasSize(3));
        assertThat(planning.done().closedBecause()).isEmpty();
        assertThat(planning.plan()).as("what is left").isEmpty();
        BackfillReport report = planning.run();
        assertThat(report.rowsCopied()).isEqualTo(95);
        assertThat(report.rowsSkipped()).isZero();
        assertThat(report.chunks()).isEqualTo(10);
        assertSame();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void chunkOfAnother_isHeld_untilItsLeaseHasRunOut_andTheOvertakenCommitsNothing(TestServer server)
            throws Exception {
        open(server, 10);
        PlannedChunk chunk = backfill().plan().get(0);
        List<Result> meanwhile = new ArrayList<>();
        Backfill slow = probed(point -> {
            if (point == Point.CLAIMED) {
                meanwhile.add(copy(chunk));
                pair.advance(Duration.ofSeconds(10));
                meanwhile.add(copy(chunk));
                meanwhile.add(copy(chunk));
            }
        });
        assertThatThrownBy(() -> slow.copy(chunk))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("taken over by another worker");
        assertThat(meanwhile).containsExactly(Result.HELD, Result.COPIED, Result.ALREADY_DONE);
        assertSame();
        assertThat(backfill().run().rowsCopied()).isEqualTo(10);
    }

    private Result copy(PlannedChunk chunk) {
        try {
            return backfill().copy(chunk);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    /** Between the commit of the rows and the owing of what was written meanwhile. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void taskThatDiedAfterItsCommit_isEndedByTheNext(TestServer server) throws Exception {
        open(server, 20);
        PlannedChunk chunk = backfill().plan().get(0);
        AtomicReference<Point> died = new AtomicReference<>();
        Backfill dying = probed(point -> {
            if (point == Point.COPIED && died.compareAndSet(null, point)) {
                throw new IllegalStateException("killed");
            }
        });
        assertThatThrownBy(() -> dying.copy(chunk)).hasMessage("killed");
        pair.write(Side.LEGACY, 3L, "UPDATE users SET email = 'later' WHERE id = 3");
        assertThat(copy(chunk)).isEqualTo(Result.HELD);
        pair.advance(Duration.ofSeconds(10));
        assertThat(copy(chunk)).isEqualTo(Result.COPIED);
        assertThat(backfill().run().rowsCopied())
                .as("the other chunk is left to run()")
                .isEqualTo(20);
        pair.drain(Side.LEGACY, pair.legacy("users"), pair.target("users"), Mapping.byName());
        assertSame();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void chunkThatFailed_canBeTriedAgainAtOnce(TestServer server) throws Exception {
        open(server, 10);
        pair.execute(Side.LEGACY, "UPDATE users SET email = 'u3' WHERE id = 4");
        pair.execute(Side.TARGET, "ALTER TABLE users ADD CONSTRAINT one_email UNIQUE (email)");
        PlannedChunk chunk = backfill().plan().get(0);
        assertThatThrownBy(() -> backfill().copy(chunk)).isInstanceOf(RowRefusedException.class);
        pair.execute(Side.LEGACY, "UPDATE users SET email = 'other' WHERE id = 4");
        assertThat(copy(chunk)).isEqualTo(Result.COPIED);
        assertSame();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void planned_butNotCopied_isNotDone_andKeepsAuthorityWithLegacy(TestServer server) throws Exception {
        open(server, 15);
        Backfill backfill = backfill();
        pair.migration.moveTo(Stage.SHADOW, "test");
        List<PlannedChunk> chunks = backfill.plan();
        assertThat(backfill.plan()).isEqualTo(chunks);
        assertThat(copy(chunks.get(1))).isEqualTo(Result.COPIED);
        assertThat(backfill.plan()).containsExactly(chunks.get(0));
        try (Migration elsewhere = node()) {
            assertThatThrownBy(() -> elsewhere.moveTo(Stage.SHADOW.plusPercent(5), "test"))
                    .isInstanceOf(StepRefusedException.class)
                    .hasMessageContaining("the backfill of 'users' is not in this process");
        }
        backfill.run();
        assertSame();
        pair.migration.moveTo(Stage.SHADOW.plusPercent(5), "test");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void gatesAndOrders_holdForPlansAndCopiesToo(TestServer server) throws Exception {
        open(server, 15);
        Gate closed = () -> Optional.of("not today");
        assertThatThrownBy(() -> backfill(pair.migration).gate(closed).build().plan())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("not today");
        Backfill backfill = backfill();
        List<PlannedChunk> chunks = backfill.plan();
        backfill.cancel("lunch");
        assertThatThrownBy(() -> backfill.copy(chunks.get(0)))
                .isInstanceOf(BackfillInterruptedException.class)
                .hasMessageContaining("lunch");
        backfill.resume("back");
        Backfill interrupted = backfill(pair.migration)
                .throttle(Throttle.of("load", () -> {
                    Thread.currentThread().interrupt();
                    return 1;
                }))
                .build();
        assertThatThrownBy(() -> interrupted.copy(chunks.get(0))).isInstanceOf(BackfillInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(pair.query(Side.TARGET, ALL)).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void chunksOfOtherRecords_ofBefore_andOfNowhere_areRefused(TestServer server) throws Exception {
        open(server, 15);
        PlannedChunk chunk = backfill().plan().get(0);
        Backfill backfill = backfill();
        assertThatThrownBy(() -> backfill.copy(new PlannedChunk("others/default", chunk.generation(), 1)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("must be of 'users/default', but was of 'others/default'");
        assertThatThrownBy(() -> backfill.copy(new PlannedChunk(chunk.subject(), chunk.generation(), 99)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("chunk 99")
                .hasMessageContaining("plan() again");
        pair.migration.moveTo(Stage.LEGACY_ONLY, "test");
        pair.dualWrite();
        assertThatThrownBy(() -> backfill.copy(chunk))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("before the migration left LEGACY_ONLY the last time");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void emptyTable_hasNoChunk(TestServer server) throws Exception {
        open(server, 0);
        assertThat(backfill().plan()).isEmpty();
        assertThat(backfill().run().rowsRead()).isZero();
    }
}
