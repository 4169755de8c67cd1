package dev.migrate.jdbc;

import static dev.migrate.Side.LEGACY;
import static dev.migrate.Side.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StepRefusedException;
import dev.migrate.jdbc.Orders.Order;
import dev.migrate.jdbc.SequenceFixture.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever generates the keys: the side that takes authority begins beyond what the other has issued, both ways, while keys are drawn. */
class SequenceGateIT {
    private static final int CLIENTS = 3;

    static Stream<Kind> kinds() {
        return SequenceFixture.kinds();
    }

    static Stream<Kind> kindsThatDraw() {
        return SequenceFixture.kindsThatDraw();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void takerBeginsBeyondTheGiver_bothWays(Kind kind) throws Exception {
        try (SequenceFixture fixture = new SequenceFixture(kind);
                SequenceGate gate = fixture.gate().margin(100).build()) {
            fixture.at(Stage.DUAL_WRITE);
            long issued = 0;
            for (int i = 0; i < 5; i++) {
                issued = fixture.insert(LEGACY);
                fixture.router.touched(List.of(issued));
            }
            fixture.settle();
            if (!kind.name().equals("auto_increment")) { // which InnoDB itself keeps beyond every row
                assertThat(gate.closedBecause())
                        .hasValueSatisfying(why -> assertThat(why).contains("TARGET", "advance()"));
            }
            fixture.at(Stage.LIVE);
            long byTarget = fixture.insert(TARGET);
            assertThat(byTarget).isGreaterThanOrEqualTo(issued + 100);
            assertThat(gate.closedBecause())
                    .hasValueSatisfying(why -> assertThat(why).contains("LEGACY"));
            fixture.router.touched(List.of(byTarget));
            gate.advance();
            assertThat(gate.closedBecause()).isEmpty();
            fixture.settle();
            fixture.at(Stage.SHADOW);
            long byLegacy = fixture.insert(LEGACY);
            assertThat(byLegacy).isGreaterThan(byTarget);
            fixture.router.touched(List.of(byLegacy));
            fixture.settle();
        }
    }

    /** A broken variant: no gate. What the target generates after the handover are keys that legacy has issued. */
    @ParameterizedTest
    @MethodSource("kinds")
    void withoutTheGate_aCreateMeetsAnotherRow(Kind kind) throws Exception {
        try (SequenceFixture fixture = new SequenceFixture(kind)) {
            fixture.at(Stage.DUAL_WRITE);
            long first = fixture.insert(LEGACY);
            fixture.router.touched(List.of(first));
            fixture.settle();
            fixture.at(Stage.LIVE);
            if (kind.name().equals("auto_increment")) {
                // InnoDB itself goes beyond every row; but not beyond what is still on its way to one
                assertThat(fixture.insert(TARGET)).isEqualTo(first + 1);
            } else {
                assertThatThrownBy(() -> fixture.insert(TARGET))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                failure -> assertThat(SqlFailure.isDuplicate(failure))
                                        .isTrue());
            }
        }
    }

    /** The same, where the application writes by upsert: another order is overwritten. */
    @ParameterizedTest
    @MethodSource("kindsThatDraw")
    void withoutTheGate_aRoutedCreateOverwritesAnotherOrder(Kind kind) throws Exception {
        try (SequenceFixture fixture = new SequenceFixture(kind)) {
            fixture.at(Stage.DUAL_WRITE);
            long drawn = fixture.draw(LEGACY);
            fixture.router.write(new Order(drawn, "the first"));
            fixture.settle();
            fixture.at(Stage.LIVE);
            long again = fixture.draw(TARGET);
            fixture.router.write(new Order(again, "another"));
            assertThat(again).isEqualTo(drawn);
            assertThat(fixture.target.all()).as("the first is gone").hasSize(1).containsEntry(drawn, "another");
        }
    }

    /** Creates all the time, each with a key of the side that the node takes for authoritative, while authority moves by shares and back. */
    @ParameterizedTest
    @MethodSource("kindsThatDraw")
    void noKeyIsIssuedTwice_whileAuthorityMovesUnderLoad(Kind kind) throws Exception {
        try (SequenceFixture fixture = new SequenceFixture(kind);
                SequenceGate gate = fixture.gate().build()) {
            fixture.at(Stage.DUAL_WRITE);
            Set<Long> drawn = ConcurrentHashMap.newKeySet();
            AtomicBoolean isRunning = new AtomicBoolean(true);
            ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
            List<Future<Integer>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                boolean isEager = client == 0;
                clients.add(threads.submit(() -> create(fixture, isEager, drawn, isRunning)));
            }
            threads.shutdown();
            fixture.at(Stage.SHADOW);
            awaitMore(drawn);
            for (double share : new double[] {5, 50}) {
                fixture.migration.moveTo(Stage.SHADOW.plusPercent(share), "test");
                awaitMore(drawn);
            }
            fixture.at(Stage.LIVE);
            awaitMore(drawn);
            fixture.migration.turnBackTo(Stage.SHADOW.plusPercent(30), "test");
            awaitMore(drawn);
            fixture.migration.turnBackTo(Position.of(Stage.SHADOW), "test");
            awaitMore(drawn);
            fixture.at(Stage.LIVE);
            awaitMore(drawn);
            isRunning.set(false);
            int created = 0;
            for (Future<Integer> client : clients) {
                created += client.get();
            }
            fixture.settle();
            assertThat(fixture.target.all()).hasSize(created);
            assertThat(gate.closedBecause()).isEmpty();
        }
    }

    /** A broken variant: the gate is asked before the step, and has no part in it. What is drawn in between is drawn again. */
    @ParameterizedTest
    @MethodSource("kindsThatDraw")
    void gateThatIsOnlyAskedBefore_doesNotKnowWhatIsDrawnMeanwhile(Kind kind) throws Exception {
        try (SequenceFixture fixture = new SequenceFixture(kind)) {
            fixture.at(Stage.SHADOW);
            fixture.draw(LEGACY);
            try (SequenceGate gate = fixture.gate().margin(5).build()) {
                gate.advance();
                assertThat(gate.closedBecause()).isEmpty();
            }
            Set<Long> drawn = ConcurrentHashMap.newKeySet();
            for (int i = 0; i < 2_500; i++) {
                drawn.add(fixture.draw(LEGACY));
            }
            fixture.at(Stage.LIVE);
            assertThat(drawn.contains(fixture.draw(TARGET))).as("drawn again").isTrue();
            fixture.at(Stage.SHADOW);
            try (SequenceGate gate = fixture.gate().margin(5).build()) {
                assertThat(gate.closedBecause()).isPresent();
                fixture.at(Stage.LIVE);
                assertThat(drawn.contains(fixture.draw(TARGET)))
                        .as("drawn again")
                        .isFalse();
            }
        }
    }

    private static void awaitMore(Set<Long> drawn) {
        int before = drawn.size();
        await().atMost(Duration.ofMinutes(2)).until(() -> drawn.size() >= before + 20);
    }

    /** The key is drawn before the write is routed, so that authority may move in between. */
    private static int create(SequenceFixture fixture, boolean isEager, Set<Long> drawn, AtomicBoolean isRunning)
            throws SQLException {
        int created = 0;
        Side side = LEGACY;
        while (isRunning.get()) {
            Position at = fixture.migration.current();
            side = at.isWhole() ? at.stage().authoritative() : isEager ? LEGACY : side.other();
            long key = fixture.draw(side);
            assertThat(drawn.add(key))
                    .as("key " + key + " drawn from " + side + " at " + at)
                    .isTrue();
            fixture.router.write(new Order(key, "by " + side));
            created++;
        }
        return created;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aStepToAShare_setsTheTwoApart_orIsRefusedByName(Kind kind) throws Exception {
        try (SequenceFixture fixture = new SequenceFixture(kind);
                SequenceGate gate = fixture.gate().build()) {
            fixture.at(Stage.SHADOW);
            long issued = fixture.insert(LEGACY);
            fixture.router.touched(List.of(issued));
            if (kind.alternates()) {
                fixture.migration.moveTo(Stage.SHADOW.plusPercent(10), "test");
                List<Long> keys = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    keys.add(fixture.insert(LEGACY));
                    keys.add(fixture.insert(TARGET));
                }
                assertThat(keys).doesNotHaveDuplicates().allMatch(key -> key > issued);
                assertThat(keys.stream().filter(key -> key % 2 == 0)).hasSize(4);
                assertThat(gate.closedBecause()).isEmpty();
            } else {
                assertThatThrownBy(() -> fixture.migration.moveTo(Stage.SHADOW.plusPercent(10), "test"))
                        .isInstanceOf(StepRefusedException.class)
                        .hasMessageContainingAll("column 'id' of table 'orders'", "LIVE at once", "margin(..)");
                try (SequenceGate chosen = fixture.gate().margin(1_000_000).build()) {
                    gate.close();
                    fixture.migration.moveTo(Stage.SHADOW.plusPercent(10), "test");
                    assertThat(fixture.insert(TARGET)).isGreaterThanOrEqualTo(issued + 1_000_000);
                    assertThat(chosen.closedBecause()).isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aSequenceThatStandsFurther_isNeverSetBack(Kind kind) throws Exception {
        try (SequenceFixture fixture = new SequenceFixture(kind);
                SequenceGate gate = fixture.gate().margin(10).build()) {
            fixture.at(Stage.SHADOW);
            JdbcSequence target = kind.on(fixture.targetDb);
            target.advance(5_000);
            long first = fixture.insert(TARGET);
            assertThat(first).isGreaterThanOrEqualTo(5_000);
            gate.advance();
            target.advance(10);
            assertThat(fixture.insert(TARGET)).isGreaterThan(first);
        }
    }

    /** A session of PostgreSQL may have drawn numbers ahead. A broken variant: {@code setval} leaves it what it has. */
    @Test
    void sessionThatHasDrawnAhead_forgetsIt_andWouldNotAfterSetval() throws Exception {
        try (TestDatabase database = TestDatabases.postgres();
                Connection session = database.dataSource().getConnection();
                Statement draw = session.createStatement()) {
            database.execute("create sequence ids cache 50", "create sequence other_ids cache 50");
            JdbcSequence ids = JdbcSequence.named(database.dataSource(), "ids");
            assertThat(next(draw, "ids")).isEqualTo(1);
            assertThat(next(draw, "other_ids")).isEqualTo(1);
            ids.advance(1_000);
            database.execute("select setval('other_ids', 1000)");
            assertThat(next(draw, "ids")).isEqualTo(1_000);
            assertThat(next(draw, "other_ids")).isEqualTo(2);
        }
    }

    private static long next(Statement statement, String sequence) throws SQLException {
        try (ResultSet rows = statement.executeQuery("select nextval('" + sequence + "')")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatCannotBeFound_isRefusedByName(Kind kind) throws Exception {
        try (SequenceFixture fixture = new SequenceFixture(kind)) {
            assertThatThrownBy(() ->
                            JdbcSequence.named(fixture.legacyDb, "no_such_ids").state())
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("there is no sequence 'no_such_ids'");
            assertThatThrownBy(() -> JdbcSequence.behind(fixture.legacyDb, "orders", "content")
                            .state())
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContainingAll("'orders'", "neither an identity", "JdbcSequence.named(..)");
            assertThatThrownBy(() -> SequenceGate.of(fixture.migration)
                            .legacy(kind.on(fixture.legacyDb))
                            .build())
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContainingAll("target of the sequence gate", "target(..)");
            assertThatThrownBy(() -> fixture.gate().margin(0))
                    .hasMessageContaining("margin must be at least 1, but was 0");
        }
    }
}
