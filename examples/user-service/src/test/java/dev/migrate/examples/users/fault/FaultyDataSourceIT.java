package dev.migrate.examples.users.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.examples.users.TestDatabases;
import dev.migrate.examples.users.jdbc.Sql;
import dev.migrate.examples.users.run.Schema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class FaultyDataSourceIT {

    private static final Duration AN_HOUR = Duration.ofHours(1);
    private static DataSource plain;

    private FaultSwitch faults = new FaultSwitch(AN_HOUR, AN_HOUR);
    private DataSource faulty = new FaultyDataSource(plain, faults);

    @BeforeAll
    static void create() {
        plain = TestDatabases.with(Schema.TARGET);
    }

    private static int insert(DataSource database, long id) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            int rows = Sql.update(
                    connection,
                    "insert into users (id, username, email, password_hash) values (?, ?, ?, repeat('x', 60))",
                    List.of(id, "u" + id, "u" + id + "@example.org"));
            connection.commit();
            return rows;
        }
    }

    private static boolean isThere(long id) throws SQLException {
        try (Connection connection = plain.getConnection()) {
            return Sql.first(connection, "select 1 from users where id = ?", List.of(id), row -> row.getInt(1))
                    .isPresent();
        }
    }

    @Test
    void none_isTheDatabaseItself() throws SQLException {
        assertThat(insert(faulty, 1)).isEqualTo(1);
        assertThat(faults.failures()).isZero();
    }

    @Test
    void errors_failSomeCalls_andACallThatFailed_leavesNothing() throws SQLException {
        faults.turnTo(Fault.ERRORS);
        int failed = 0;
        for (long id = 100; id < 148; id++) {
            try {
                insert(faulty, id);
                assertThat(isThere(id)).isTrue();
            } catch (SQLTransientConnectionException e) {
                failed++;
                assertThat(isThere(id)).isFalse();
            }
        }

        assertThat(failed).isBetween(12, 36);
        assertThat(faults.failures()).isEqualTo(failed);
    }

    @Test
    void errors_endWhenTurnedOff() throws SQLException {
        faults.turnTo(Fault.ERRORS);
        faults.turnTo(Fault.NONE);

        for (long id = 200; id < 220; id++) {
            insert(faulty, id);
        }
        assertThat(faults.failures()).isZero();
    }

    @Test
    void hang_holdsTheCaller_untilTurnedOff() throws Exception {
        faults.turnTo(Fault.HANG);
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try {
            Thread[] thread = new Thread[1];
            Future<Integer> inserted = caller.submit(() -> {
                thread[0] = Thread.currentThread();
                return insert(faulty, 300);
            });
            await().until(() -> thread[0] != null && thread[0].getState() == Thread.State.TIMED_WAITING);
            assertThat(isThere(300)).isFalse();

            faults.turnTo(Fault.NONE);

            assertThat(inserted.get()).isEqualTo(1);
        } finally {
            caller.shutdownNow();
        }
    }

    @Test
    void hang_becomesAnError_whenTheCallersPatienceEnds() throws SQLException {
        faults = new FaultSwitch(AN_HOUR, Duration.ofMillis(1));
        faulty = new FaultyDataSource(plain, faults);
        faults.turnTo(Fault.HANG);

        assertThatThrownBy(() -> insert(faulty, 301))
                .isInstanceOf(SQLTransientConnectionException.class)
                .hasMessageContaining("injected fault");
        assertThat(isThere(301)).isFalse();
    }

    @Test
    void latency_delaysAndSucceeds() throws SQLException {
        faults = new FaultSwitch(Duration.ofMillis(30), AN_HOUR);
        faulty = new FaultyDataSource(plain, faults);
        faults.turnTo(Fault.LATENCY);
        long start = System.nanoTime();

        insert(faulty, 302);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(30));
        assertThat(faults.failures()).isZero();
    }

    @Test
    void unwrap_reachesTheDriver() throws SQLException {
        faults.turnTo(Fault.ERRORS);
        for (int i = 0; i < 4; i++) {
            try (Connection connection = faulty.getConnection()) {
                assertThat(connection.unwrap(PGConnection.class)).isNotNull();
            } catch (SQLTransientConnectionException refused) {
                assertThat(refused.getMessage()).contains("refuses");
            }
        }
    }
}
