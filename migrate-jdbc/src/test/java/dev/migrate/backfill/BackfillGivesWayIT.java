package dev.migrate.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.BackfillProgress;
import dev.migrate.MigrationException;
import dev.migrate.Setting;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StepRefusedException;
import dev.migrate.backfill.Backfill.Point;
import dev.migrate.backfill.Throttle.Signal;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backfill that is throttled, paused and cancelled. */
class BackfillGivesWayIT {
    private static final TestServer H2 = TestDatabases.servers().get(0);
    private static final int ROWS = 25;
    private static final int CHUNKS = 3;
    private final List<Duration> pauses = new ArrayList<>();
    private Runnable atPause = () -> {};
    private TablePair pair;

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
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
    }

    private Backfill.Builder backfill() {
        return Backfill.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .chunkRows(10)
                .pause(length -> {
                    pauses.add(length);
                    pair.advance(length);
                    atPause.run();
                });
    }

    private List<String> reasons() {
        return pair.events.stream()
                .filter(BackfillProgress.class::isInstance)
                .map(event -> ((BackfillProgress) event).heldBy())
                .filter(Objects::nonNull)
                .toList();
    }

    private List<Optional<String>> progress() {
        return pair.events.stream()
                .filter(BackfillProgress.class::isInstance)
                .map(event -> Optional.ofNullable(((BackfillProgress) event).heldBy()))
                .toList();
    }

    private long copied() {
        try {
            return Long.parseLong(
                    pair.query(Side.TARGET, "SELECT count(*) FROM users").get(0));
        } catch (java.sql.SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void aThrottle_isWaitedFor_beforeAChunk_andToldOnce() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        BackfillReport report = backfill()
                .throttle(Throttle.of("load", () -> asked.incrementAndGet() <= 4 ? 1.0 : 0.99))
                .build()
                .run();
        assertThat(report.rowsCopied()).isEqualTo(ROWS);
        assertThat(pauses).hasSize(4);
        assertThat(asked).hasValue(4 + CHUNKS + 1);
        assertThat(reasons()).containsExactly("load");
        assertThat(progress()).startsWith(Optional.of("load"), Optional.empty());
        assertThat(progress().get(progress().size() - 1)).isEmpty();
    }

    @Test
    void rowsPerSecond_areKept() throws Exception {
        Instant begun = pair.migration.time().instant();
        backfill().throttle(Throttle.rowsPerSecond(10)).build().run();
        assertThat(Duration.between(begun, pair.migration.time().instant()))
                .isBetween(Duration.ofMillis(2_500), Duration.ofMillis(2_600));
        assertThat(reasons()).containsExactly("rows per second", "rows per second", "rows per second");
    }

    @Test
    void allThrottles_haveToBeOpen() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        backfill()
                .throttle(Throttle.of("never", () -> 0))
                .throttle(Throttle.of("load", () -> asked.incrementAndGet() == 1 ? 3 : 0))
                .build()
                .run();
        assertThat(reasons()).containsExactly("load");
    }

    @Test
    void aStaleSignal_closes() throws Exception {
        Instant begun = pair.migration.time().instant();
        AtomicReference<Signal> last = new AtomicReference<>(new Signal(0, "lag", begun.minusSeconds(3)));
        atPause = () -> last.set(new Signal(0, "lag", pair.migration.time().instant()));
        backfill()
                .throttle(moment -> last.get())
                .staleAfter(Duration.ofSeconds(2))
                .build()
                .run();
        assertThat(pauses).hasSize(1);
        assertThat(reasons()).containsExactly("the signal of lag is stale");
    }

    @Test
    void aSignalThatIsNoNumber_orCannotBeHad_closes() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        backfill()
                .throttle(moment -> switch (asked.incrementAndGet()) {
                    case 1 -> throw new java.io.IOException("secret");
                    case 2 -> new Signal(Double.NaN, "not a number", moment.now());
                    case 3 -> new Signal(-1, "negative", moment.now());
                    default -> new Signal(0, "open", moment.now());
                })
                .build()
                .run();
        assertThat(reasons())
                .containsExactly("a throttle gave no signal: java.io.IOException", "not a number", "negative");
    }

    /** The other node, which has no part in the first one's memory. */
    @Test
    void aPause_isSeenByAnotherNode_untilSomebodyResumes() throws Exception {
        try (Migration elsewhere = elsewhere()) {
            Backfill other = Backfill.of(elsewhere)
                    .legacy(pair.legacy("users"))
                    .target(pair.target("users"))
                    .build();
            AtomicInteger chunks = new AtomicInteger();
            Backfill mine = backfill()
                    .probe(point -> {
                        if (point == Point.DONE && chunks.incrementAndGet() == 1) {
                            other.pause("the night's batch runs");
                        }
                    })
                    .build();
            atPause = () -> {
                assertThat(copied()).isEqualTo(10);
                if (pauses.size() == 7) {
                    other.resume("it has ended");
                }
            };
            assertThat(mine.run().rowsCopied()).isEqualTo(ROWS);
            assertThat(pauses).hasSize(7);
            assertThat(reasons()).singleElement().asString().contains("paused by", "the night's batch runs");
            assertThat(elsewhere.store().audit(Setting.Kind.BACKFILL, "users/default", 9))
                    .extracting(dev.migrate.AuditEntry::why)
                    .containsExactly("it has ended", "the night's batch runs");
        }
    }

    private Migration elsewhere() {
        return Migration.named("users")
                .store(pair.migration.store())
                .time(() -> Instant.EPOCH)
                .build();
    }

    @Test
    void aCancelledBackfill_endsBeforeItsNextChunk_andKeepsAuthorityWithLegacy_untilItIsResumed() throws Exception {
        AtomicInteger chunks = new AtomicInteger();
        Backfill[] own = new Backfill[1];
        own[0] = backfill()
                .probe(point -> {
                    if (point == Point.DONE && chunks.incrementAndGet() == 2) {
                        own[0].cancel("not today");
                    }
                })
                .build();
        assertThatThrownBy(own[0]::run)
                .isInstanceOf(BackfillInterruptedException.class)
                .hasMessageContaining("was cancelled by")
                .hasMessageContaining("not today")
                .hasMessageContaining("resume(why)");
        assertThat(copied()).isEqualTo(20);
        assertThat(reasons()).singleElement().asString().contains("cancelled by", "not today");
        assertThatThrownBy(() -> backfill().build().run()).isInstanceOf(BackfillInterruptedException.class);
        pair.migration.moveTo(Stage.SHADOW, "test");
        assertThatThrownBy(() -> pair.migration.moveTo(Stage.SHADOW.plusPercent(5), "test"))
                .isInstanceOf(StepRefusedException.class)
                .hasMessageContaining("backfill of 'users' is not done");
        own[0].resume("now");
        assertThat(own[0].run().rowsCopied()).isEqualTo(ROWS);
    }

    @Test
    void anOrderWithoutAReason_isRefused() {
        Backfill backfill = backfill().build();
        assertThatThrownBy(() -> backfill.pause(" ")).isInstanceOf(MigrationException.class);
        assertThatThrownBy(() -> backfill().staleAfter(Duration.ZERO))
                .isInstanceOf(MigrationException.class)
                .hasMessage("staleAfter must be positive, but was PT0S; give a longer time");
    }
}
