package dev.migrate.jdbc;

import static dev.migrate.Side.LEGACY;
import static dev.migrate.Side.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.jdbc.Orders.Order;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A router inside a transaction that the application has begun on a plain connection, and ends itself. */
class PlainConnectionIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final Duration NEVER = Duration.ofDays(1);

    private interface Statements {
        void on(Connection connection) throws Exception;
    }

    /** What an application does that knows JDBC alone. */
    private static void inPlainTransaction(BypassFixture fixture, Side side, Statements statements) throws Exception {
        try (Connection connection = fixture.db(side).newConnection()) {
            connection.setAutoCommit(false);
            try {
                statements.on(connection);
                connection.commit();
            } catch (Exception failure) {
                connection.rollback();
                throw failure;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    /** Attempts are made in the order of the commits: were there one for the joined write, it would come before the next one's. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void joinedWrite_commitsWithTheApplicationsOwn_andIsCopiedByTheWorkerAlone(TestServer server) throws Exception {
        try (BypassFixture fixture = new BypassFixture(server, NEVER).at(Stage.DUAL_WRITE)) {
            inPlainTransaction(fixture, LEGACY, connection -> {
                fixture.legacy.saveOn(connection, new Order(1, "by hand"));
                fixture.legacyDb.inTransactionOf(connection, () -> fixture.router.write(new Order(2, "joined")));
                assertThat(fixture.router.debt().isNone())
                        .as("seen from outside")
                        .isTrue();
                assertThat(fixture.legacy.all()).isEmpty();
            });
            assertThat(fixture.legacy.all()).isEqualTo(Map.of(1L, "by hand", 2L, "joined"));
            fixture.router.write(new Order(3, "by the router"));
            await().until(() -> fixture.target.all().containsKey(3L));
            assertThat(fixture.target.all()).isEqualTo(Map.of(3L, "by the router"));
            assertThat(fixture.router.debt().keys()).isEqualTo(1);
            fixture.router.repair();
            assertThat(fixture.target.all()).isEqualTo(Map.of(2L, "joined", 3L, "by the router"));
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void applicationThatRollsBack_hasWrittenAndOwesNothing(TestServer server) throws Exception {
        try (BypassFixture fixture = new BypassFixture(server, NEVER).at(Stage.DUAL_WRITE)) {
            IOException changedMind = new IOException("changed my mind");
            assertThatThrownBy(() -> inPlainTransaction(fixture, LEGACY, connection -> {
                        fixture.legacyDb.inTransactionOf(
                                connection, () -> fixture.router.write(new Order(1, "joined")));
                        throw changedMind;
                    }))
                    .isSameAs(changedMind);
            assertThat(fixture.legacy.all()).isEmpty();
            assertThat(fixture.router.debt().isNone()).isTrue();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void workThatFails_isTakenBack_andTheRestOfTheTransactionStays(TestServer server) throws Exception {
        try (BypassFixture fixture = new BypassFixture(server, NEVER).at(Stage.DUAL_WRITE)) {
            IOException half = new IOException("half-way");
            inPlainTransaction(fixture, LEGACY, connection -> {
                fixture.legacy.saveOn(connection, new Order(1, "stays"));
                assertThatThrownBy(() -> fixture.legacyDb.inTransactionOf(connection, () -> {
                            fixture.router.write(new Order(2, "taken back"));
                            throw half;
                        }))
                        .isSameAs(half);
                fixture.legacyDb.inTransactionOf(connection, () -> fixture.router.write(new Order(3, "stays, too")));
            });
            assertThat(fixture.legacy.all()).isEqualTo(Map.of(1L, "stays", 3L, "stays, too"));
            assertThat(fixture.router.debt().keys()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void transactionOfTheSideThatIsNotAuthoritative_isToldWhatToDo(TestServer server) throws Exception {
        try (BypassFixture fixture = new BypassFixture(server, NEVER).at(Stage.DUAL_WRITE)) {
            assertRefused(fixture, TARGET, "LEGACY is authoritative");
            fixture.at(Stage.LIVE);
            assertRefused(fixture, LEGACY, "TARGET is authoritative");
            inPlainTransaction(
                    fixture,
                    TARGET,
                    connection -> fixture.targetDb.inTransactionOf(
                            connection, () -> fixture.router.write(new Order(1, "right side"))));
            fixture.router.repair();
            assertThat(fixture.settled()).containsOnly(Map.of(1L, "right side"));
        }
    }

    private static void assertRefused(BypassFixture fixture, Side side, String because) {
        assertThatThrownBy(() -> inPlainTransaction(
                        fixture,
                        side,
                        connection -> fixture.db(side)
                                .inTransactionOf(connection, () -> fixture.router.write(new Order(1, "wrong side")))))
                .isInstanceOf(RefusedWriteException.class)
                .hasMessageContaining("transaction of the " + side + " side is running")
                .hasMessageContaining(because)
                .hasMessageContaining("within(key, ..)");
    }

    /** Also where the write could be admitted with the commit: the application may do more in its transaction, which would be in vain. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void refusalInATransactionOfTheApplication_isToldAtTheWrite(TestServer server) throws Exception {
        try (BypassFixture fixture = new BypassFixture(server, NEVER).at(Stage.DUAL_WRITE)) {
            fixture.legacyDatabase.execute("update migrate_role set role = 'FENCED'");
            AtomicBoolean isToldAtTheWrite = new AtomicBoolean();
            assertThatThrownBy(() -> fixture.legacyDb.inTransaction(() -> {
                        try {
                            return fixture.router.write(new Order(2, "refused"));
                        } catch (RefusedWriteException refused) {
                            isToldAtTheWrite.set(true);
                            throw refused;
                        }
                    }))
                    .isInstanceOf(RefusedWriteException.class);
            assertThat(isToldAtTheWrite).isTrue();
            assertThat(fixture.legacy.all()).isEmpty();
        }
    }

    /** A refusal that is caught inside must not leave the row behind without its debt. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void refusalThatIsCaughtInside_isTakenBackNevertheless(TestServer server) throws Exception {
        try (BypassFixture fixture = new BypassFixture(server, NEVER).at(Stage.DUAL_WRITE)) {
            fixture.legacyDatabase.execute("update migrate_role set role = 'FENCED'");
            inPlainTransaction(fixture, LEGACY, connection -> {
                fixture.legacy.saveOn(connection, new Order(1, "by hand"));
                assertThatThrownBy(() -> fixture.legacyDb.inTransactionOf(connection, () -> {
                            assertThatThrownBy(() -> fixture.router.write(new Order(2, "refused")))
                                    .isInstanceOf(RefusedWriteException.class);
                            return true;
                        }))
                        .isInstanceOf(RefusedWriteException.class);
            });
            assertThat(fixture.legacy.all()).isEqualTo(Map.of(1L, "by hand"));
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void connectionThatCommitsByItself_andASecondTransaction_areRefused(TestServer server) throws Exception {
        try (BypassFixture fixture = new BypassFixture(server, NEVER);
                Connection connection = fixture.legacyDb.newConnection()) {
            assertThatThrownBy(() -> fixture.legacyDb.inTransactionOf(connection, () -> true))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContainingAll("auto-commit is on", "setAutoCommit(false)");
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> fixture.legacyDb.inTransaction(
                            () -> fixture.legacyDb.inTransactionOf(connection, () -> true)))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("inside a transaction of this database already");
            fixture.legacyDb.inTransactionOf(connection, () -> {
                assertThatThrownBy(() -> fixture.legacyDb.getConnection().commit())
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("whoever opened it ends it");
                return true;
            });
            assertThat(fixture.legacyDb.isActive()).isFalse();
            connection.rollback();
        }
    }
}
