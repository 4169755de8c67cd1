package dev.migrate.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.Side;
import dev.migrate.backfill.Backfill.Point;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.side.SideBooks;
import dev.migrate.table.Mapping;
import dev.migrate.table.RowRefusedException;
import dev.migrate.table.TableSide;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * A backfill while its rows are written, deleted and copied, cut off at every point; and the same with parts of the protocol left
 * out, which must be seen to lose something.
 */
class BackfillLiveIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final int ROWS = 25;
    private static final String TABLE = "CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(100))";
    private static final String ALL = "SELECT id, email FROM users ORDER BY id";
    private TablePair pair;

    private void open(TestServer server) throws Exception {
        pair = new TablePair(server, server);
        pair.execute(Side.LEGACY, TABLE);
        pair.execute(Side.TARGET, TABLE);
        pair.dualWrite();
        pair.target("users").chunks("users", 0);
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
    }

    private void begin() throws Exception {
        for (Side side : Side.values()) {
            for (String table : List.of("users", "migrate_journal", "migrate_ledger")) {
                pair.execute(side, "DELETE FROM " + table);
            }
        }
        pair.execute(Side.TARGET, "DELETE FROM migrate_chunk");
        pair.execute(Side.TARGET, "DELETE FROM migrate_backfill");
        for (int id = 2; id <= 2 * ROWS; id += 2) {
            pair.execute(Side.LEGACY, "INSERT INTO users VALUES (?, ?)", (long) id, "first" + id);
        }
    }

    private Backfill.Builder backfill() {
        return Backfill.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .pause(pair::advance)
                .chunkRows(10);
    }

    private void drain() throws Exception {
        pair.drain(Side.LEGACY, pair.legacy("users"), pair.target("users"), Mapping.byName());
    }

    private void update(long id, String email) throws Exception {
        pair.write(Side.LEGACY, id, "UPDATE users SET email = ? WHERE id = ?", email, id);
    }

    private void insert(long id, String email) throws Exception {
        pair.write(Side.LEGACY, id, "INSERT INTO users VALUES (?, ?)", id, email);
    }

    private void delete(long id) throws Exception {
        pair.write(Side.LEGACY, id, "DELETE FROM users WHERE id = ?", id);
    }

    private boolean isSame() throws Exception {
        return pair.query(Side.TARGET, ALL).equals(pair.query(Side.LEGACY, ALL));
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

    /** A copier that commits between the backfill's look and its insert; on PostgreSQL, which tells who waits. */
    @Test
    void rowThatACopierInsertsMeanwhile_isLeftToIt() throws Exception {
        open(SERVERS.get(1));
        begin();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Connection copier = pair.targetDb.newConnection()) {
            copier.setAutoCommit(false);
            try (Statement insert = copier.createStatement()) {
                insert.execute("INSERT INTO users VALUES (4, 'first4')");
            }
            Future<BackfillReport> report =
                    other.submit(() -> backfill().build().run());
            await().until(() -> !pair.query(Side.TARGET, "SELECT pid FROM pg_locks WHERE NOT granted")
                    .isEmpty());
            copier.commit();
            assertThat(report.get().rowsCopied()).isEqualTo(ROWS - 1);
        } finally {
            other.shutdown();
        }
        assertThat(isSame()).isTrue();
    }

    /** Each row has a parent; those of legacy and target are deleted between the reading of a chunk and its writing. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowWhoseParentGoesMeanwhile_isLeftOut(TestServer server) throws Exception {
        open(server);
        begin();
        parents();
        AtomicInteger scans = new AtomicInteger();
        TableSide legacy = scanning(
                pair.legacy("users"),
                () -> quietly(() -> {
                    long gone = 20L * scans.incrementAndGet() - 12;
                    for (Side side : Side.values()) {
                        pair.execute(side, "DELETE FROM parents WHERE id = ?", gone);
                    }
                }));
        BackfillReport report = backfill().legacy(legacy).build().run();
        assertThat(scans).as("no chunk is copied twice").hasValue(3);
        assertThat(report.rowsCopied()).isEqualTo(ROWS - 3);
        assertThat(isSame()).isTrue();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowWhoseParentIsOnItsWay_isLeftToItsOwnCopy(TestServer server) throws Exception {
        open(server);
        begin();
        parents();
        pair.execute(Side.LEGACY, "INSERT INTO parents VALUES (9)");
        insert(9, "late");
        assertThat(backfill().build().run().rowsCopied()).isEqualTo(ROWS);
        pair.execute(Side.TARGET, "INSERT INTO parents VALUES (9)");
        drain();
        assertThat(isSame()).isTrue();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowThatNobodyElseBrings_isNamed(TestServer server) throws Exception {
        open(server);
        begin();
        parents();
        pair.execute(Side.TARGET, "DELETE FROM parents WHERE id = 8");
        assertThatThrownBy(() -> backfill().build().run())
                .isInstanceOf(RowRefusedException.class)
                .hasMessageContaining("l:8 ");
    }

    private void parents() throws Exception {
        for (Side side : Side.values()) {
            pair.execute(side, "CREATE TABLE parents (id BIGINT PRIMARY KEY)");
            for (long id = 2; id <= 2 * ROWS; id += 2) {
                pair.execute(side, "INSERT INTO parents VALUES (?)", id);
            }
            pair.execute(
                    side,
                    "ALTER TABLE users ADD CONSTRAINT parent FOREIGN KEY (id) REFERENCES parents (id) ON DELETE CASCADE");
        }
    }

    /** Cut off at its k-th point, for every k, with writes of copied and of uncopied rows before it is resumed. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void killedAtEveryPoint_resumesExactly(TestServer server) throws Exception {
        open(server);
        boolean wasKilled = true;
        int last = 0;
        for (int kill = 1; wasKilled; kill++) {
            begin();
            wasKilled = runUntil(kill);
            update(4, "later");
            delete(12);
            insert(13, "between");
            if (kill % 2 == 0) {
                drain();
            }
            BackfillReport report = backfill().build().run();
            assertThat(report.chunks()).isEqualTo(3);
            drain();
            assertThat(pair.query(Side.TARGET, ALL))
                    .as("killed at point " + kill)
                    .isEqualTo(pair.query(Side.LEGACY, ALL));
            last = kill;
        }
        assertThat(last).as("points").isGreaterThan(18);
    }

    private boolean runUntil(int kill) throws Exception {
        AtomicInteger points = new AtomicInteger();
        try {
            backfill()
                    .probe(point -> {
                        if (points.incrementAndGet() == kill) {
                            throw new Killed();
                        }
                    })
                    .build()
                    .run();
            return false;
        } catch (Killed asAsked) {
            return true;
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void writesAndCopiesAtAnyPoint_converge(TestServer server) throws Exception {
        open(server);
        for (int seed = 1; seed <= (server.product().equals("h2") ? 60 : 15); seed++) {
            begin();
            schedule(new Random(seed), pair.legacy("users"), pair.target("users"));
            assertThat(pair.query(Side.TARGET, ALL)).as("seed " + seed).isEqualTo(pair.query(Side.LEGACY, ALL));
        }
    }

    /** Random writes and copies at each point of a backfill, which is also cut off now and then; ends with nothing owed. */
    private void schedule(Random random, TableSide legacy, TableSide target) throws Exception {
        for (boolean isDone = false; !isDone; ) {
            Backfill backfill = backfill()
                    .legacy(legacy)
                    .target(target)
                    .probe(point -> quietly(() -> disturb(random, point != Point.WRITTEN)))
                    .build();
            try {
                backfill.run();
                isDone = true;
            } catch (Killed again) {
                drain();
            }
        }
        drain();
    }

    /** While rows are written and not committed, a copy of the same thread would wait for itself. */
    private void disturb(Random random, boolean mayCopy) throws Exception {
        for (int writes = random.nextInt(3); writes > 0; writes--) {
            long id = 1 + random.nextInt(2 * ROWS);
            boolean isThere = !pair.query(Side.LEGACY, "SELECT id FROM users WHERE id = " + id)
                    .isEmpty();
            if (!isThere) {
                insert(id, "i" + random.nextInt(1_000));
            } else if (random.nextBoolean()) {
                update(id, "u" + random.nextInt(1_000));
            } else {
                delete(id);
            }
        }
        if (mayCopy && random.nextInt(3) == 0) {
            drain();
        }
        if (random.nextInt(12) == 0) {
            throw new Killed();
        }
    }

    @Test
    void deletedAfterItWasRead_isOwedAgain_andGoes() throws Exception {
        open(SERVERS.get(0));
        begin();
        deleteAfterReading(UnaryOperator.identity());
        assertThat(isSame()).isTrue();
    }

    @Test
    void withoutOwingAgain_theRowComesBackForGood() throws Exception {
        open(SERVERS.get(0));
        begin();
        deleteAfterReading(books -> overriding(books, "owe", null));
        assertThat(isSame()).as("the broken variant is caught").isFalse();
    }

    @Test
    void withoutLookIntoLedger_aDeletedRowIsSeenAgain() throws Exception {
        open(SERVERS.get(0));
        begin();
        assertThat(seesDeletedRow(UnaryOperator.identity())).isFalse();
        begin();
        assertThat(seesDeletedRow(books -> overriding(books, "heldAmong", Set.of())))
                .as("the broken variant is caught")
                .isTrue();
    }

    /** A commit whose answer was lost is found to have gone through, and the owing is done by the range. */
    @Test
    void commitWhoseAnswerWasLost_isNotRepeated() throws Exception {
        open(SERVERS.get(0));
        begin();
        AtomicInteger copies = new AtomicInteger();
        TableSide target = proxy(TableSide.class, pair.target("users"), (method, args, result) -> {
            if (method.equals("copy") && copies.incrementAndGet() == 2) {
                throw new java.sql.SQLNonTransientConnectionException("lost", "08006");
            }
            return result;
        });
        assertThat(backfill().target(target).build().run().rowsCopied()).isEqualTo(ROWS);
        assertThat(isSame()).isTrue();
    }

    /** Looked at in the wrong order, a copy that moves from journal to ledger in between is in neither. */
    @Test
    void journalIsAskedBeforeLedger() throws Exception {
        open(SERVERS.get(0));
        begin();
        TableSide legacy = scanning(
                pair.legacy("users"),
                () -> quietly(() -> {
                    if (pair.query(Side.LEGACY, "SELECT id FROM users WHERE id = 8")
                                    .size()
                            == 1) {
                        delete(8);
                    }
                }));
        backfill()
                .legacy(legacy)
                .probe(point -> {
                    if (point == Point.LOOKED_INTO_JOURNAL) {
                        quietly(this::drain);
                    }
                })
                .build()
                .run();
        drain();
        assertThat(isSame()).isTrue();
    }

    private void deleteAfterReading(UnaryOperator<SideBooks> journal) throws Exception {
        AtomicInteger reads = new AtomicInteger();
        TableSide legacy = scanning(withBooks(pair.legacy("users"), journal), () -> {
            if (reads.incrementAndGet() == 1) {
                quietly(() -> {
                    delete(8);
                    update(6, "later");
                    drain();
                });
            }
        });
        // the ledger is looked into before the rows are written; a copy may still arrive in between
        TableSide target = withBooks(
                pair.target("users"), books -> reads.get() <= 1 ? overridingOnce(books, "heldAmong", Set.of()) : books);
        backfill().legacy(legacy).target(target).build().run();
        drain();
    }

    private boolean seesDeletedRow(UnaryOperator<SideBooks> ledger) throws Exception {
        delete(8);
        drain();
        pair.execute(Side.LEGACY, "INSERT INTO users VALUES (8, 'back')");
        backfill().target(withBooks(pair.target("users"), ledger)).build().run();
        return !pair.query(Side.TARGET, "SELECT id FROM users WHERE id = 8").isEmpty();
    }

    /** The same table, which does something after each scan. */
    private static TableSide scanning(TableSide table, Runnable after) {
        return proxy(TableSide.class, table, (method, args, result) -> {
            if (method.equals("scan")) {
                after.run();
            }
            return result;
        });
    }

    private static TableSide withBooks(TableSide table, UnaryOperator<SideBooks> change) {
        return proxy(
                TableSide.class,
                table,
                (method, args, result) -> method.equals("books") ? change.apply((SideBooks) result) : result);
    }

    private static SideBooks overriding(SideBooks books, String overridden, Object answer) {
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(),
                new Class<?>[] {SideBooks.class},
                (self, method, args) -> method.getName().equals(overridden) ? answer : invoke(books, method, args));
    }

    private static SideBooks overridingOnce(SideBooks books, String overridden, Object answer) {
        AtomicInteger calls = new AtomicInteger();
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(),
                new Class<?>[] {SideBooks.class},
                (self, method, args) -> method.getName().equals(overridden) && calls.incrementAndGet() == 1
                        ? answer
                        : invoke(books, method, args));
    }

    private interface After {
        Object result(String method, Object[] args, Object result) throws Exception;
    }

    private static <T> T proxy(Class<T> type, T inner, After after) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, args) -> after.result(method.getName(), args, invoke(inner, method, args))));
    }

    private static Object invoke(Object on, java.lang.reflect.Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(on, args);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
