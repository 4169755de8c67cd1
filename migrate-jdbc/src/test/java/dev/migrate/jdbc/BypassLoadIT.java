package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.jdbc.Orders.Order;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Two applications write the same table under load, one by the router and one past it, while authority moves to the target and back. */
class BypassLoadIT {
    static final List<TestServer> SERVERS = BypassFixture.SERVERS;
    private static final int ROUTED = 2;
    private static final int PLAIN = 2;
    private static final int KEYS = 60;
    private static final long PAUSE_NANOS = 1_000_000;

    @ParameterizedTest
    @FieldSource("SERVERS")
    void noWriteIsMissed_whileTheLadderIsWalkedBothWays(TestServer server) throws Exception {
        try (BypassFixture fixture = new BypassFixture(server).withTriggers()) {
            fixture.at(Stage.DUAL_WRITE);
            Map<Long, String> acknowledged = new ConcurrentHashMap<>();
            AtomicBoolean isRunning = new AtomicBoolean(true);
            ExecutorService threads = Executors.newFixedThreadPool(ROUTED + PLAIN);
            List<Future<Integer>> writers = new ArrayList<>();
            for (int client = 0; client < ROUTED + PLAIN; client++) {
                long first = (long) client * KEYS;
                Random random = new Random(client);
                boolean isRouted = client < ROUTED;
                writers.add(threads.submit(() -> isRouted
                        ? writeRouted(fixture, first, random, acknowledged, isRunning)
                        : new PlainApplication(fixture, first, random, acknowledged).run(isRunning)));
            }
            threads.shutdown();
            fixture.at(Stage.SHADOW);
            for (double share : new double[] {5, 25, 50}) {
                fixture.migration.moveTo(Stage.SHADOW.plusPercent(share), "test");
            }
            fixture.at(Stage.RAMP_DOWN);
            fixture.at(Stage.LIVE);
            fixture.migration.turnBackTo(Stage.SHADOW.plusPercent(30), "back");
            fixture.at(Stage.LIVE);
            fixture.at(Stage.SHADOW);
            fixture.at(Stage.LIVE);
            isRunning.set(false);
            for (Future<Integer> writer : writers) {
                assertThat(writer.get()).isPositive();
            }
            assertThat(fixture.settled()).containsOnly(new TreeMap<>(acknowledged));
            assertThat(fixture.router.parked(1)).isEmpty();
        }
    }

    private static int writeRouted(
            BypassFixture fixture, long first, Random random, Map<Long, String> acknowledged, AtomicBoolean isRunning) {
        int writes = 0;
        for (; isRunning.get(); writes++) {
            long key = first + random.nextInt(KEYS);
            if (random.nextInt(10) == 0) {
                fixture.router.delete(key);
                acknowledged.remove(key);
            } else {
                fixture.router.write(new Order(key, "routed " + writes));
                acknowledged.put(key, "routed " + writes);
            }
        }
        return writes;
    }

    /**
     * Knows both databases, and of the library no more than that a write may be refused: then it goes to the other. On the side that was
     * left, rows may come and go later: a statement that does not find what must be there is on the wrong side, too.
     */
    private record PlainApplication(BypassFixture fixture, long first, Random random, Map<Long, String> acknowledged) {

        int run(AtomicBoolean isRunning) throws SQLException {
            Side side = Side.LEGACY;
            int writes = 0;
            while (isRunning.get()) {
                try {
                    if (write(side, writes)) {
                        writes++;
                        continue;
                    }
                } catch (SQLException refused) {
                    boolean isWrongSide = refused.getSQLState().equals(SqlFailure.REFUSED)
                            || SqlFailure.isDuplicate(refused)
                            || SqlFailure.isContention(refused);
                    assertThat(isWrongSide).as(refused.toString()).isTrue();
                }
                LockSupport.parkNanos(PAUSE_NANOS);
                side = side.other();
            }
            return writes;
        }

        private boolean write(Side side, int number) throws SQLException {
            long key = first + random.nextInt(KEYS);
            long last = random.nextInt(6) == 0 ? Math.min(key + 2, first + KEYS - 1) : key;
            String content = "plain " + number;
            List<Long> there = acknowledged.keySet().stream()
                    .filter(each -> each >= key && each <= last)
                    .toList();
            if (there.isEmpty()) {
                inOne(side, 1, "insert into orders (id, content) values (" + key + ", '" + content + "')");
                acknowledged.put(key, content);
                return true;
            }
            boolean isDelete = random.nextInt(10) == 0;
            boolean isDone = inOne(
                    side,
                    there.size(),
                    (isDelete ? "delete from orders" : "update orders set content = '" + content + "'")
                            + " where id between " + key + " and " + last);
            if (isDone && isDelete) {
                there.forEach(acknowledged::remove);
            } else if (isDone) {
                there.forEach(each -> acknowledged.put(each, content));
            }
            return isDone;
        }

        private boolean inOne(Side side, int expectedRows, String sql) throws SQLException {
            try (Connection connection = fixture.db(side).newConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                boolean isDone = statement.executeUpdate(sql) == expectedRows;
                if (isDone) {
                    connection.commit();
                } else {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
                return isDone;
            }
        }
    }
}
