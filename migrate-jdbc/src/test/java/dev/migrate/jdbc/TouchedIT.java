package dev.migrate.jdbc;

import static dev.migrate.Side.LEGACY;
import static dev.migrate.Side.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Stage;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Writes past the router that are told to it: where there is no trigger, or none can be. */
class TouchedIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final Duration NEVER = Duration.ofDays(1);

    private static BypassFixture withOrders(TestServer server) throws Exception {
        BypassFixture fixture = new BypassFixture(server, NEVER).at(Stage.DUAL_WRITE);
        fixture.past(
                LEGACY,
                "insert into customer (id) values (7), (8)",
                "insert into orders (id, content, customer) values (1, 'a', 7), (2, 'b', 7), (3, 'c', 8)");
        fixture.router.touched(List.of(1L, 2L, 3L));
        assertThat(fixture.settled()).containsOnly(Map.of(1L, "a", 2L, "b", 3L, "c"));
        return fixture;
    }

    private static int execute(BypassFixture fixture, Side side, String sql) throws SQLException {
        return SideFixture.execute(fixture.db(side), sql);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void cascade_isOwedInTheTransactionThatCausesIt(TestServer server) throws Exception {
        try (BypassFixture fixture = withOrders(server)) {
            fixture.legacyDb.inTransaction(() -> {
                execute(fixture, LEGACY, "delete from customer where id = 7");
                fixture.router.touched(List.of(1L, 2L));
                return true;
            });
            assertThat(fixture.settled()).containsOnly(Map.of(3L, "c"));
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void bulkStatements_areOwedOnceAKey_andCopiedAsTheyStand(TestServer server) throws Exception {
        try (BypassFixture fixture = withOrders(server)) {
            fixture.legacyDb.inTransaction(() -> {
                execute(fixture, LEGACY, "insert into orders (id, content) select id + 100, content from orders");
                execute(fixture, LEGACY, "update orders set content = 'new'");
                execute(fixture, LEGACY, "delete from orders where id in (2, 102)");
                fixture.router.touched(List.of(1L, 2L, 3L, 101L, 102L, 103L));
                fixture.router.touched(List.of(1L, 2L, 3L));
                try (Connection connection = fixture.legacyDb.getConnection();
                        Statement select = connection.createStatement();
                        ResultSet rows = select.executeQuery("select count(*) from migrate_journal")) {
                    rows.next();
                    assertThat(rows.getInt(1)).isEqualTo(6);
                }
                return true;
            });
            assertThat(fixture.settled()).containsOnly(Map.of(1L, "new", 3L, "new", 101L, "new", 103L, "new"));
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void whatIsRolledBack_isNotOwed(TestServer server) throws Exception {
        try (BypassFixture fixture = withOrders(server)) {
            IOException changedMind = new IOException("changed my mind");
            assertThatThrownBy(() -> fixture.legacyDb.inTransaction(() -> {
                        execute(fixture, LEGACY, "update orders set content = 'never'");
                        fixture.router.touched(List.of(1L, 2L, 3L));
                        throw changedMind;
                    }))
                    .isSameAs(changedMind);
            assertThat(fixture.router.debt().isNone()).isTrue();
        }
    }

    /** In its own transaction the write can still be undone, and is; what stands already is owed in whatever place. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void writeWhereAuthorityIsMoving_isUndoneWithItsTransaction(TestServer server) throws Exception {
        try (BypassFixture fixture = withOrders(server)) {
            fixture.legacyDatabase.execute("update migrate_role set role = 'FENCED'");
            assertThatThrownBy(() -> fixture.legacyDb.inTransaction(() -> {
                        execute(fixture, LEGACY, "update orders set content = 'refused' where id = 1");
                        fixture.router.touched(List.of(1L));
                        return true;
                    }))
                    .isInstanceOf(RefusedWriteException.class);
            assertThat(fixture.legacy.find(1L))
                    .hasValueSatisfying(order -> assertThat(order.content()).isEqualTo("a"));
            execute(fixture, LEGACY, "update orders set content = 'stands' where id = 1");
            fixture.router.touched(List.of(1L)); // it stands, and is owed whatever the role
            fixture.migration.raiseEpoch("end of the fence");
            assertThat(fixture.settled()).containsOnly(Map.of(1L, "stands", 2L, "b", 3L, "c"));
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void onLive_theTargetOwes(TestServer server) throws Exception {
        try (BypassFixture fixture = withOrders(server)) {
            fixture.at(Stage.LIVE);
            fixture.targetDb.inTransaction(() -> {
                execute(fixture, TARGET, "delete from orders where id < 3");
                fixture.router.touched(List.of(1L, 2L));
                return true;
            });
            assertThat(fixture.settled()).containsOnly(Map.of(3L, "c"));
        }
    }
}
