package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.side.Owed;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.test.SideBooksContract;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract on a real database; a class for each product extends it. */
abstract class JdbcSideBooksContract extends SideBooksContract {
    private final TestServer server;
    private TestDatabase database;
    private HikariDataSource pool;

    JdbcSideBooksContract(TestServer server) {
        this.server = server;
    }

    @Override
    protected final SideBooks emptyBooks(InstantSource time) {
        database = server.fresh();
        pool = pool(database);
        return books(pool, time);
    }

    static SideBooks books(HikariDataSource pool, InstantSource time) {
        JdbcRecords<String, String> records = JdbcRecords.<String, String>of(
                        pool,
                        (connection, key) -> Optional.empty(),
                        (connection, value) -> value,
                        (connection, key) -> {})
                .time(time);
        return records.books("orders", "records", Side.LEGACY);
    }

    static HikariDataSource pool(TestDatabase database) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        config.setMaximumPoolSize(16);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    /** Whoever settled several debts and waited for one of them could wait for a session that waits for another. */
    @Test
    final void debtThatARunningTransactionHolds_isLeft_andNotWaitedFor() throws Exception {
        SideBooks books = books(pool, InstantSource.system());
        books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
        for (String key : List.of("held", "free")) {
            books.inTransaction(() -> books.admit(key, 7, true));
        }
        Map<String, Version> copied = books.owed(List.of("held", "free"));
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<Set<String>> settled = books.inTransaction(() -> {
                books.admit("held", 7, true);
                Future<Set<String>> settling = other.submit(() -> books.settle(copied));
                assertThat(settling.get(30, TimeUnit.SECONDS)).containsExactly("free");
                return settling;
            });
            assertThat(settled).isDone();
            assertThat(books.owed("held").orElseThrow()).isGreaterThan(copied.get("held"));
        } finally {
            other.shutdownNow();
        }
    }

    /** A handover that waited for a writer, for whose rows that writer waits, would have the database choose which of the two gives up. */
    @Test
    final void keyThatARunningTransactionHolds_isNotHastened_andNotWaitedFor() throws Exception {
        SideBooks books = books(pool, InstantSource.system());
        books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
        for (String key : List.of("held", "free")) {
            books.inTransaction(() -> books.admit(key, 7, true));
        }
        assertThat(books.claim("w", 10, Instant.now(), Duration.ofHours(1))).hasSize(2);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            List<Owed> hastened = books.inTransaction(() -> {
                books.admit("held", 7, true);
                return other.submit(() -> {
                            books.hasten(SegmentRange.ALL);
                            return books.claim("x", 10, Instant.now(), Duration.ofHours(1));
                        })
                        .get(30, TimeUnit.SECONDS);
            });
            assertThat(hastened).extracting(Owed::key).containsExactly("free");
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    final void hastened_isAsMuchAsThereIs() throws Exception {
        SideBooks books = books(pool, InstantSource.system());
        books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
        List<SideBooks.Key> keys = IntStream.range(0, 501)
                .mapToObj(i -> new SideBooks.Key("k" + i, i))
                .toList();
        books.owe(keys, Instant.now().plus(Duration.ofHours(1)));
        assertThat(books.claim("w", 1_000, Instant.now(), Duration.ofHours(1))).isEmpty();
        books.hasten(SegmentRange.ALL);
        assertThat(books.claim("w", 1_000, Instant.now(), Duration.ofHours(1))).hasSize(501);
    }

    /** Many keys are looked up in what is owed where that is little, and by their names where it is much. */
    @Test
    final void manyKeys_areFoundAmongFewAndManyDebts() throws Exception {
        SideBooks books = books(pool, InstantSource.system());
        books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
        List<String> asked = IntStream.range(0, 1_200).mapToObj(i -> "k" + i).toList();
        assertThat(books.owedAmong(asked)).isEmpty();
        books.owe(
                Stream.of("k0", "k700", "another")
                        .map(key -> new SideBooks.Key(key, 7))
                        .toList(),
                Instant.EPOCH);
        assertThat(books.owedAmong(asked)).containsExactlyInAnyOrder("k0", "k700");
        books.owe(
                IntStream.range(1_100, 3_200)
                        .mapToObj(i -> new SideBooks.Key("k" + i, 7))
                        .toList(),
                Instant.EPOCH);
        assertThat(books.owedAmong(asked)).hasSize(102).contains("k0", "k700", "k1100", "k1199");
    }

    @AfterEach
    final void drop() throws SQLException {
        pool.close();
        database.close();
    }
}
