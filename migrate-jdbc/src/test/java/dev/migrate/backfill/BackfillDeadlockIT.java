package dev.migrate.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.migrate.Side;
import dev.migrate.jdbc.TablePair;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real deadlock in the target, of which the backfill's transaction is the victim. */
class BackfillDeadlockIT {
    private static final String ALL = "SELECT id, v FROM users ORDER BY id";
    private static final String DEADLOCK = "40P01";
    private TablePair pair;

    @BeforeEach
    void open() throws Exception {
        pair = TablePair.ofPostgres();
        String name = pair.database(Side.TARGET).name();
        pair.database(Side.TARGET).execute("ALTER DATABASE " + name + " SET deadlock_timeout = '20ms'");
        for (Side side : Side.values()) {
            pair.execute(side, "CREATE TABLE users (id BIGINT PRIMARY KEY, v INT)");
        }
        pair.execute(
                Side.TARGET,
                "CREATE FUNCTION held_up() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NEW; END'");
        pair.execute(
                Side.TARGET,
                "CREATE TRIGGER held_up BEFORE INSERT ON users FOR EACH ROW WHEN (NEW.id = 14) EXECUTE FUNCTION held_up()");
        pair.execute(Side.LEGACY, "INSERT INTO users SELECT n, n FROM generate_series(1, 30) n");
        pair.dualWrite();
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
                .pause(pair::advance);
    }

    /** R13: gh-ost's kin have taken the deadlock of a chunk in the middle for the end of the table. */
    @Test
    void r13_deadlockInTheMiddle_isAFailure_andTheRestIsCopiedByTheNextRun() throws Exception {
        Backfill backfill = backfill().attempts(1).build();
        SQLException failure = whileDeadlocked(() -> catchThrowableOfType(SQLException.class, () -> backfill.run()));
        assertThat(failure.getSQLState()).isEqualTo(DEADLOCK);
        assertThat(backfill.done().closedBecause()).isPresent();
        assertThat(pair.query(Side.TARGET, "SELECT count(*) FROM users")).containsExactly("10");
        assertThat(backfill().build().run().rowsCopied()).isEqualTo(30);
        assertThat(pair.query(Side.TARGET, ALL)).isEqualTo(pair.query(Side.LEGACY, ALL));
    }

    @Test
    void r13_deadlockInTheMiddle_isTriedAgain() throws Exception {
        BackfillReport report = whileDeadlocked(() -> backfill().build().run());
        assertThat(report.rowsCopied()).isEqualTo(30);
        assertThat(pair.query(Side.TARGET, ALL)).isEqualTo(pair.query(Side.LEGACY, ALL));
    }

    /**
     * Another transaction holds a later key of the second chunk, and asks for an earlier one. The backfill is held up between the two, by a
     * trigger, until that is asked for, so that it is the one whose wait closes the circle.
     */
    private <T> T whileDeadlocked(Callable<T> work) throws Exception {
        ExecutorService beside = Executors.newFixedThreadPool(2); // both of them wait
        try (Connection other = pair.database(Side.TARGET).dataSource().getConnection();
                Statement inOther = other.createStatement();
                Connection gate = pair.database(Side.TARGET).dataSource().getConnection();
                Statement atGate = gate.createStatement()) {
            inOther.execute("SET deadlock_timeout = '1min'");
            other.setAutoCommit(false);
            inOther.execute("INSERT INTO users VALUES (15, 0)");
            atGate.execute("SELECT pg_advisory_lock(1)");
            Future<?> asking = beside.submit(() -> {
                awaitWaiting(1);
                insertAndRollBack(other, inOther);
            });
            Future<?> opening = beside.submit(() -> {
                awaitWaiting(2);
                open(atGate);
            });
            T result = work.call();
            opening.get(1, TimeUnit.MINUTES);
            asking.get(1, TimeUnit.MINUTES);
            return result;
        } finally {
            beside.shutdownNow();
        }
    }

    private void awaitWaiting(int sessions) {
        await().until(() -> pair.query(Side.TARGET, "SELECT pid FROM pg_locks WHERE NOT granted")
                        .size()
                == sessions);
    }

    private static void insertAndRollBack(Connection other, Statement inOther) {
        try {
            inOther.execute("INSERT INTO users VALUES (11, 0)");
            other.rollback();
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void open(Statement atGate) {
        try {
            atGate.execute("SELECT pg_advisory_unlock(1)");
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }
}
