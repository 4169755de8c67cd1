package dev.migrate.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.table.ChunkCopy;
import dev.migrate.table.Chunks;
import dev.migrate.table.Chunks.Chunk;
import dev.migrate.table.Chunks.Claim;
import dev.migrate.table.TableSide;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Chunks whose size follows the time that they take, and chunks that are too large for the target. */
class ChunkSizeIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final TestServer H2 = SERVERS.get(0);
    private static final String RANGES = "SELECT rows_read FROM migrate_chunk ORDER BY chunk";
    private static final String ALL = "SELECT id FROM users ORDER BY id";
    private TablePair pair;

    private void open(TestServer server, int rows) throws Exception {
        pair = new TablePair(server, server);
        for (Side side : Side.values()) {
            pair.execute(side, "CREATE TABLE users (id BIGINT PRIMARY KEY)");
        }
        pair.dualWrite();
        pair.execute(Side.LEGACY, "CREATE TABLE digit (i BIGINT)");
        pair.execute(Side.LEGACY, "INSERT INTO digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)");
        pair.execute(
                Side.LEGACY,
                "INSERT INTO users SELECT n FROM (SELECT 1 + a.i + 10 * b.i + 100 * c.i + 1000 * d.i AS n"
                        + " FROM digit a, digit b, digit c, digit d) numbers WHERE n <= " + rows);
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
    }

    private Backfill.Builder backfill() {
        return Backfill.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .pause(pair::advance);
    }

    private void assertSame() throws Exception {
        assertThat(pair.query(Side.TARGET, ALL)).isEqualTo(pair.query(Side.LEGACY, ALL));
    }

    @Test
    void chunksThatTakeLessThanAskedFor_grow() throws Exception {
        open(H2, 1_600);
        backfill().chunkRows(100).chunkTime(Duration.ofDays(1)).build().run();
        assertThat(pair.query(Side.TARGET, RANGES).subList(8, 12)).containsExactly("100", "100", "150", "150");
        assertSame();
    }

    @Test
    void aChunkThatTakesFarTooLong_isFollowedByOneOfATenth() throws Exception {
        open(H2, 1_600);
        backfill().chunkRows(1_000).chunkTime(Duration.ofNanos(1)).build().run();
        assertThat(pair.query(Side.TARGET, RANGES)).containsExactly("1000", "100", "100", "100", "100", "100", "100");
        assertSame();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void aChunkThatTheTargetDoesNotTake_isHalved_andNothingIsCopiedTwice(TestServer server) throws Exception {
        open(server, 1_000);
        BackfillReport report = backfill()
                .target(takingAtMost(pair.target("users"), 250))
                .chunkRows(800)
                .chunkTime(Duration.ofDays(1))
                .attempts(10)
                .build()
                .run();
        assertSame();
        assertThat(report.rowsCopied()).isEqualTo(1_000);
        assertThat(report.rowsRead()).isEqualTo(1_000);
        assertThat(report.chunks())
                .isEqualTo(pair.query(Side.TARGET, RANGES).size())
                .isGreaterThanOrEqualTo(5);
        assertThat(pair.query(Side.TARGET, RANGES))
                .allSatisfy(rows -> assertThat(Integer.parseInt(rows)).isLessThanOrEqualTo(250));
        // Each begins where another ends, but for the first.
        assertThat(pair.query(
                        Side.TARGET,
                        "SELECT count(*) FROM migrate_chunk a WHERE NOT EXISTS"
                                + " (SELECT 1 FROM migrate_chunk b WHERE b.upto_key = a.after_key)"))
                .containsExactly("1");
    }

    @Test
    void chunksOfOneSize_areNotHalved() throws Exception {
        open(H2, 1_000);
        Backfill backfill = backfill()
                .target(takingAtMost(pair.target("users"), 250))
                .chunkRows(800)
                .build();
        assertThatThrownBy(backfill::run).isInstanceOf(SQLTimeoutException.class);
        assertThat(pair.query(Side.TARGET, RANGES)).containsExactly("0");
    }

    /** Whoever was overtaken splits nothing, and whoever has split has overtaken those who knew the whole. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void split_isFenced(TestServer server) throws Exception {
        open(server, 10);
        JdbcTable target = pair.target("users");
        Chunks chunks = target.chunks("users", 7);
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        Claim ours = new Claim("ours", now, now.plusSeconds(1));
        Claim theirs = new Claim("theirs", now.plusSeconds(2), now.plusSeconds(3));
        Chunk whole = chunks.plan(1, null, "c:1,3:s:8", ours).orElseThrow();
        Chunk rest = chunks.split(whole, "c:1,3:s:4").orElseThrow();
        assertThat(rest).isEqualTo(new Chunk(1, "c:1,3:s:4", "c:1,3:s:8", Chunks.State.OPEN, 2));
        assertThat(chunks.split(whole, "c:1,3:s:6")).isEmpty();
        assertThat(chunks.finish(whole)).isFalse();
        assertThat(chunks.latest()).contains(rest);
        assertThat(chunks.progress().planned()).isEqualTo(2);
        pair.execute(Side.TARGET, "UPDATE migrate_chunk SET state = 'COPIED' WHERE chunk = 1");
        assertThat(chunks.split(rest, "c:1,3:s:6")).isEmpty();
        Chunk first = chunks.claim(theirs).orElseThrow();
        assertThat(first).isEqualTo(new Chunk(0, null, "c:1,3:s:4", Chunks.State.OPEN, 1));
        Chunk again = chunks.split(first, "c:1,3:s:2").orElseThrow();
        assertThat(again.number()).isZero();
        assertThat(chunks.claim(theirs)).map(Chunk::number).contains(-1);
        assertThat(chunks.split(new Chunk(5, null, "c:1,3:s:9", Chunks.State.OPEN, 1), "c:1,3:s:2"))
                .isEqualTo(Optional.empty());
    }

    @Test
    void aTimeThatIsNone_isRefused() throws Exception {
        open(H2, 1);
        assertThatThrownBy(() -> backfill().chunkTime(Duration.ZERO))
                .isInstanceOf(MigrationException.class)
                .hasMessage("chunkTime must be positive, but was PT0S; give a longer time");
    }

    /** A target that has no time for more. */
    private static TableSide takingAtMost(JdbcTable table, int rows) {
        return (TableSide) Proxy.newProxyInstance(
                TableSide.class.getClassLoader(), new Class<?>[] {TableSide.class}, (proxy, method, given) -> {
                    if (method.getName().equals("copy")
                            && ((ChunkCopy) given[0]).legacy().count(((ChunkCopy) given[0]).range()) > rows) {
                        throw new SQLTimeoutException("canceling statement due to statement timeout", "57014");
                    }
                    try {
                        return method.invoke(table, given);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
