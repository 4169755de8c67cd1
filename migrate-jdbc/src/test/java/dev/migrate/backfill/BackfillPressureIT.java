package dev.migrate.backfill;

import static dev.migrate.side.DebtLimits.ANY_AGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Side;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.jdbc.JdbcRecords;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.side.DebtLimits;
import dev.migrate.side.SideBooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backfill beside much debt: slowed, and not stopped. */
class BackfillPressureIT {
    private static final TestServer H2 = TestDatabases.servers().get(0);
    private static final int ROWS = 25;
    private static final int CHUNKS = 3;
    private TablePair pair;
    private DualWriteRouter<Long, Long> router;

    @BeforeEach
    void open() throws Exception {
        pair = new TablePair(H2, H2);
        for (Side side : Side.values()) {
            pair.execute(side, "CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(100))");
        }
        pair.dualWrite();
        for (long id = 0; id < ROWS; id++) {
            pair.execute(Side.LEGACY, "INSERT INTO users VALUES (?, ?)", id, "at" + id);
        }
        router = DualWriteRouter.of(pair.migration)
                .legacy(nothing(pair.legacyDb))
                .target(nothing(pair.targetDb))
                .key((Long id) -> id)
                .repairEvery(Duration.ofDays(1))
                .debtLimits(DebtLimits.builder().slowBackfill(3, ANY_AGE).build())
                .build();
    }

    private static JdbcRecords<Long, Long> nothing(dev.migrate.jdbc.JoiningDataSource database) {
        return JdbcRecords.of(database, (c, id) -> Optional.empty(), (c, id) -> id, (c, id) -> {});
    }

    @AfterEach
    void close() throws Exception {
        router.close();
        pair.close();
    }

    private List<SideBooks.Key> owe(int keys) {
        List<SideBooks.Key> owed = IntStream.range(0, keys)
                .mapToObj(i -> new SideBooks.Key("l:" + (1_000 + i), i))
                .toList();
        pair.books(Side.LEGACY).owe(owed, java.time.Instant.EPOCH);
        return owed;
    }

    private List<Duration> pausesOf(Consumer<Integer> atPause) throws Exception {
        List<Duration> pauses = new ArrayList<>();
        BackfillReport report = Backfill.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .chunkRows(10)
                .pause(length -> {
                    pauses.add(length);
                    atPause.accept(pauses.size());
                })
                .build()
                .run();
        assertThat(report.rowsCopied()).isEqualTo(ROWS);
        assertThat(pair.query(Side.TARGET, "SELECT count(*) FROM users")).containsExactly("" + ROWS);
        return pauses;
    }

    @Test
    void littleDebt_isNoReasonToWait() throws Exception {
        owe(2);
        assertThat(pausesOf(nth -> {})).isEmpty();
    }

    @Test
    void muchDebt_isWaitedFor_beforeEachChunkAndNotForEver() throws Exception {
        owe(3);
        assertThat(pausesOf(nth -> {})).hasSize(30 * (CHUNKS + 1)).containsOnly(Duration.ofSeconds(1));
    }

    @Test
    void debtThatFalls_endsTheWaiting() throws Exception {
        List<SideBooks.Key> owed = owe(3);
        SideBooks books = pair.books(Side.LEGACY);
        String first = owed.get(0).text();
        assertThat(pausesOf(nth -> {
                    if (nth == 5) {
                        books.settle(first, books.owed(first).orElseThrow());
                    }
                }))
                .hasSize(5);
    }
}
