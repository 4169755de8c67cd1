package dev.migrate.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.RowsLeftOut;
import dev.migrate.MigrationException;
import dev.migrate.MigrationStore;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StepRefusedException;
import dev.migrate.backfill.Backfill.Point;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.reconcile.Difference;
import dev.migrate.reconcile.Difference.Kind;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.reconcile.ReconciliationReport;
import dev.migrate.reconcile.Review;
import dev.migrate.reconcile.Review.State;
import dev.migrate.reconcile.ReviewQueue;
import dev.migrate.store.InMemoryMigrationStore;
import dev.migrate.table.Fields;
import dev.migrate.table.Mapping;
import dev.migrate.table.RowRefusedException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Rows that the mapping or the target refuses, left out of a backfill and kept for review. */
class RefusedRowsIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final String ALL = "SELECT id, email, age FROM users ORDER BY id";
    private static final Mapping MAPPING =
            Mapping.byName().derive("age").from("age").there(RefusedRowsIT::age).oneWay();
    private TablePair pair;

    private static Object age(Fields legacy) {
        if (legacy.get("age") instanceof Number age && age.intValue() == -7) {
            throw new IllegalStateException("who is -7?");
        }
        return legacy.get("age");
    }

    private void open(TestServer server) throws Exception {
        open(new TablePair(server, server));
    }

    /** Rows 1 to 15, in chunks of five; 4 is refused by a check, 7 by a unique key, 12 by the mapping. */
    private void open(TablePair with) throws Exception {
        pair = with;
        String table = "CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(100), age INT";
        pair.execute(Side.LEGACY, table + ")");
        pair.execute(
                Side.TARGET, table + ", CONSTRAINT one_email UNIQUE (email), CONSTRAINT of_age CHECK (age < 100))");
        for (int id = 1; id <= 15; id++) {
            pair.execute(Side.LEGACY, "INSERT INTO users VALUES (?, ?, ?)", (long) id, "u" + id + "@x", id);
        }
        pair.execute(Side.LEGACY, "UPDATE users SET age = 400 WHERE id = 4");
        pair.execute(Side.LEGACY, "UPDATE users SET email = 'u2@x' WHERE id = 7");
        pair.execute(Side.LEGACY, "UPDATE users SET age = -7 WHERE id = 12");
        pair.dualWrite();
    }

    @AfterEach
    void close() throws Exception {
        assertThat(pair.openConnections(Side.LEGACY) + pair.openConnections(Side.TARGET))
                .as("connections not given back")
                .isZero();
        pair.close();
    }

    private Backfill.Builder backfill() {
        return Backfill.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .mapping(MAPPING)
                .pause(pair::advance)
                .attempts(1)
                .chunkRows(5);
    }

    private Reconciliation reconciliation() {
        return Reconciliation.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .mapping(MAPPING)
                .looks(2, Duration.ZERO)
                .build();
    }

    private ReviewQueue reviews() {
        return reconciliation().reviews();
    }

    private List<String> keys(State state) {
        return reviews().list(state, 100).stream().map(Review::key).sorted().toList();
    }

    private String reason(String key) {
        return reviews().find(key).orElseThrow().found().difference().reason();
    }

    private List<String> left() throws Exception {
        return pair.query(Side.TARGET, "SELECT record_key, state FROM migrate_refused ORDER BY record_key");
    }

    private void mend(int id) throws Exception {
        pair.execute(Side.LEGACY, "UPDATE users SET email = ?, age = ? WHERE id = ?", "m" + id, 50, (long) id);
    }

    private void assertSame() throws Exception {
        assertThat(pair.query(Side.TARGET, ALL)).isEqualTo(pair.query(Side.LEGACY, ALL));
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void refusedRows_areLeftOutAndReviewed_andHoldAuthority_untilTheyAreMended(TestServer server) throws Exception {
        open(server);
        Backfill backfill = backfill().reviewRefused(3).build();
        BackfillReport report = backfill.run();
        assertThat(report)
                .extracting(BackfillReport::rowsCopied, BackfillReport::rowsLeftOut, BackfillReport::rowsSkipped)
                .containsExactly(12L, 3L, 0L);
        assertThat(keys(State.OPEN)).containsExactly("l:12", "l:4", "l:7");
        assertThat(reason("l:4")).containsPattern("check|of_age").doesNotContain("400");
        assertThat(reason("l:7")).startsWith("unique key").doesNotContain("u2@x");
        assertThat(reason("l:12"))
                .isEqualToIgnoringCase("the mapping of column 'age', which threw a java.lang.IllegalStateException");
        assertThat(pair.events).contains(new RowsLeftOut("users", "users", 3));
        assertThat(backfill.done().closedBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("3 rows are refused and wait for review"));
        pair.migration.moveTo(Stage.SHADOW, "test");
        assertThatThrownBy(() -> pair.migration.moveTo(Stage.SHADOW.plusPercent(5), "test"))
                .isInstanceOf(StepRefusedException.class)
                .hasMessageContaining("3 rows are refused");
        ReconciliationReport pass = reconciliation().run();
        assertThat(pass.isClean()).isFalse();
        assertThat(pass.confirmed())
                .allMatch(found -> found.kind() == Kind.MISSING_IN_TARGET && found.reason() != null)
                .extracting(Difference::key)
                .containsExactlyInAnyOrder("l:4", "l:7", "l:12");
        mend(4);
        mend(12);
        assertThat(backfill().reviewRefused(3).build().run().rowsLeftOut()).isEqualTo(1);
        assertThat(keys(State.OPEN)).containsExactly("l:7");
        mend(7);
        BackfillReport last = backfill().build().run();
        assertThat(last)
                .extracting(BackfillReport::rowsRead, BackfillReport::rowsCopied, BackfillReport::rowsLeftOut)
                .containsExactly(15L, 15L, 0L);
        assertSame();
        assertThat(keys(State.CLOSED)).containsExactly("l:12", "l:4", "l:7");
        assertThat(left()).isEmpty();
        assertThat(pair.events).contains(new RowsLeftOut("users", "users", 0));
        assertThat(backfill.done().closedBecause()).isEmpty();
        pair.migration.moveTo(Stage.SHADOW.plusPercent(5), "test");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void acceptedRow_isSettled_andTheNextPassIsCleanAndSaysSo(TestServer server) throws Exception {
        open(server);
        mend(7);
        mend(12);
        Backfill backfill = backfill().reviewRefused(1).build();
        backfill.run();
        assertThat(backfill.done().closedBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("1 row is refused and wait"));
        reviews().claim("l:4", "ada", Duration.ofMinutes(1));
        reviews().accept("l:4", "ada", "a test account");
        assertThat(backfill.done().closedBecause()).isEmpty();
        assertThat(left()).isEmpty();
        ReconciliationReport pass = reconciliation().run();
        assertThat(pass.isClean()).isTrue();
        assertThat(pass.accepted()).extracting(Difference::key).containsExactly("l:4");
        assertThat(pass.accepted().get(0).reason()).containsPattern("check|of_age");
        assertThat(keys(State.ACCEPTED)).containsExactly("l:4");
        assertThat(backfill().reviewRefused(1).build().run().rowsLeftOut())
                .as("nobody asks again")
                .isZero();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void writesGoOn_andACopyOrADeleteSettlesTheRow(TestServer server) throws Exception {
        open(server);
        Backfill backfill = backfill().reviewRefused(10).build();
        backfill.run();
        pair.write(Side.LEGACY, 4L, "UPDATE users SET age = 40 WHERE id = 4");
        pair.write(Side.LEGACY, 7L, "DELETE FROM users WHERE id = 7");
        assertThat(backfill.done().closedBecause())
                .as("on its way, and not there yet")
                .hasValueSatisfying(why -> assertThat(why).contains("2 rows are refused"));
        pair.drain(Side.LEGACY, pair.legacy("users"), pair.target("users"), MAPPING);
        pair.execute(Side.LEGACY, "DELETE FROM users WHERE id = 12");
        assertThat(backfill.done().closedBecause()).isEmpty();
        assertThat(keys(State.CLOSED)).containsExactly("l:12", "l:4", "l:7");
        assertThat(reviews().audit("l:4", 1).get(0).note()).contains("copy has brought the row");
        assertSame();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void decisionForLegacy_isCarriedOut_andSettlesTheRow(TestServer server) throws Exception {
        open(server);
        Backfill backfill = backfill().reviewRefused(10).build();
        backfill.run();
        mend(4);
        reviews().claim("l:4", "ada", Duration.ofMinutes(1));
        reviews().decide("l:4", Side.LEGACY, "ada", "corrected");
        assertThat(backfill.done().closedBecause())
                .as("decided, and not carried out")
                .hasValueSatisfying(why -> assertThat(why).contains("3 rows are refused"));
        reconciliation().planDecided().apply("reviews of today");
        assertThat(backfill.done().closedBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("2 rows are refused"));
        assertThat(pair.query(Side.TARGET, "SELECT age FROM users WHERE id = 4"))
                .containsExactly("50");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void moreThanMayBeLeftOut_endsTheBackfill_andKeepsNothingOfTheChunk(TestServer server) throws Exception {
        open(server);
        assertThatThrownBy(() -> backfill().reviewRefused(2).build().run())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("reviewRefused(2)")
                .hasMessageContaining("chunk 3")
                .hasMessageContaining("mend the rows");
        assertThat(left()).containsExactly("l:4|REFUSED", "l:7|REFUSED");
        assertThat(pair.query(Side.TARGET, "SELECT count(*) FROM users")).containsExactly("8");
        mend(4);
        backfill().reviewRefused(2).build().run();
        assertThat(left()).containsExactly("l:12|REFUSED", "l:7|REFUSED");
        assertThatThrownBy(() -> backfill().build().run())
                .as("without the option, the first such row ends it")
                .isInstanceOf(RowRefusedException.class);
        assertThat(left()).containsExactly("l:12|REFUSED", "l:7|REFUSED");
    }

    @Test
    void rowThatIsRefusedOnlyForAMoment_isNotLeftOut() throws Exception {
        open(SERVERS.get(0));
        mend(7);
        mend(12);
        BackfillReport report = backfill()
                .reviewRefused(1)
                .attempts(2)
                .pause(length -> {
                    try {
                        mend(4);
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                })
                .build()
                .run();
        assertThat(report.rowsLeftOut()).isZero();
        assertSame();
    }

    @Test
    void mappingThatThrows_endsABackfillThatLeavesNothingOut_andNamesTheRowAndTheColumn() throws Exception {
        open(SERVERS.get(0));
        mend(4);
        mend(7);
        assertThatThrownBy(() -> backfill().build().run())
                .isInstanceOf(RowRefusedException.class)
                .hasMessageContaining("l:12")
                .hasMessageMatching("(?is).*column 'age'.*")
                .hasMessageContaining("correct the row in legacy or the mapping")
                .hasMessageNotContaining("who is")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    /** The row that the mapping makes nothing of is in the target, as by a write of before. */
    @Test
    void mappingThatThrows_isADifferenceOfTheColumn_andNotTheEndOfThePass() throws Exception {
        open(SERVERS.get(0));
        pair.execute(Side.TARGET, "INSERT INTO users VALUES (12, 'u12@x', 12)");
        backfill().reviewRefused(10).build().run();
        assertThat(left()).containsExactly("l:4|REFUSED", "l:7|REFUSED");
        assertThat(reconciliation().run().confirmed())
                .filteredOn(found -> found.key().equals("l:12"))
                .extracting(Difference::kind, found -> found.fields().get(0).toLowerCase(Locale.ROOT))
                .containsExactly(tuple(Kind.DIFFERENT, "age"));
    }

    @ParameterizedTest
    @EnumSource(Point.class)
    void killedAnywhere_noRefusedRowIsLost_andNoReviewIsLeftOver(Point at) throws Exception {
        open(SERVERS.get(0));
        killed(at, 10);
        assertThat(doneWithoutAReview()).as("done, but unknown to the reviews").isEmpty();
        backfill().reviewRefused(10).build().run();
        assertThat(keys(State.OPEN)).containsExactly("l:12", "l:4", "l:7");
        assertThat(left()).containsExactly("l:12|REFUSED", "l:4|REFUSED", "l:7|REFUSED");
        mend(4);
        mend(7);
        mend(12);
        killed(at, 10);
        backfill().reviewRefused(10).build().run();
        assertThat(keys(State.OPEN)).isEmpty();
        assertThat(left()).isEmpty();
        assertSame();
    }

    /** In the first chunk that has a refused row, and again in the second. */
    private void killed(Point at, int most) {
        for (int time = 0; time < 2; time++) {
            try {
                backfill()
                        .reviewRefused(most)
                        .probe(point -> {
                            if (point == at) {
                                throw new Killed();
                            }
                        })
                        .build()
                        .run();
            } catch (Killed killed) {
                assertThat(killed).isNotNull();
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        }
    }

    private List<String> doneWithoutAReview() throws Exception {
        List<String> missing = new ArrayList<>();
        for (String key : pair.query(
                Side.TARGET,
                "SELECT record_key FROM migrate_refused r WHERE EXISTS (SELECT 1 FROM migrate_chunk c WHERE c.chunk = r.chunk"
                        + " AND c.state = 'DONE')")) {
            if (reviews()
                    .find(key)
                    .filter(review -> review.state() == State.OPEN)
                    .isEmpty()) {
                missing.add(key);
            }
        }
        return missing;
    }

    /** Another node asks whether all is done just when the chunk is copied and its reviews are yet to be opened. */
    @Test
    void reviewThatWasClosedLongAgo_settlesNothing() throws Exception {
        open(SERVERS.get(0));
        mend(7);
        mend(12);
        Difference before = new Difference("l:4", Kind.MISSING_IN_TARGET, Side.LEGACY, List.of());
        Review review = reviews().add(new Review.Found(before, "l:4"), "ada");
        reviews().close("l:4", review.version(), "ada", "equal then");
        List<Long> seen = new ArrayList<>();
        Backfill other = backfill().build();
        backfill()
                .reviewRefused(1)
                .probe(point -> {
                    if (point == Point.COPIED) {
                        seen.add(new Refusals(other, other.chunks()).settle());
                    }
                })
                .build()
                .run();
        assertThat(seen).startsWith(1L);
        assertThat(keys(State.OPEN)).containsExactly("l:4");
        assertThat(left()).containsExactly("l:4|REFUSED");
    }

    @Test
    void storeThatKeepsNoReviews_isRefusedWithTheRemedy() throws Exception {
        open(SERVERS.get(0));
        MigrationStore real = new InMemoryMigrationStore();
        MigrationStore bare = (MigrationStore) Proxy.newProxyInstance(
                MigrationStore.class.getClassLoader(),
                new Class<?>[] {MigrationStore.class},
                (proxy, method, arguments) -> {
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
        try (Migration migration = Migration.named("bare").store(bare).build()) {
            Backfill.Builder builder = Backfill.of(migration)
                    .legacy(pair.legacy("users"))
                    .target(pair.target("users"))
                    .reviewRefused(1);
            assertThatThrownBy(builder::build)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("reviewRefused(..)")
                    .hasMessageContaining("keeps no reviews")
                    .hasMessageContaining("JdbcMigrationStore");
        }
        assertThatThrownBy(() -> backfill().reviewRefused(0))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("reviewRefused");
    }
}
