package dev.migrate.jdbc;

import static dev.migrate.Side.LEGACY;
import static dev.migrate.Side.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Traffic;
import dev.migrate.jdbc.Orders.Order;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Writes past the router: an owing trigger owes them all, and lets none through to the wrong side. */
class BypassIT {
    static final List<TestServer> SERVERS = BypassFixture.SERVERS;
    private static final String OWED = "select count(*) from migrate_journal";
    private static final String THREE_ORDERS =
            "insert into orders (id, content, customer) values (1, 'a', 7), (2, 'b', 7), (3, 'c', 8)";

    private static BypassFixture withOrders(TestServer server, boolean hasTriggers) throws Exception {
        BypassFixture fixture = new BypassFixture(server);
        if (hasTriggers) {
            fixture.withTriggers();
        }
        fixture.past(LEGACY, "insert into customer (id) values (7), (8)", THREE_ORDERS);
        fixture.at(Stage.DUAL_WRITE);
        fixture.router.touched(List.of(1L, 2L, 3L));
        assertThat(fixture.settled()).containsOnly(Map.of(1L, "a", 2L, "b", 3L, "c"));
        return fixture;
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void cascade_isCopied(TestServer server) throws Exception {
        try (BypassFixture fixture = withOrders(server, true)) {
            fixture.past(LEGACY, "delete from customer where id = 7");
            assertThat(fixture.settled()).containsOnly(Map.of(3L, "c"));
        }
    }

    /** A broken variant: nothing owes what the cascade has removed. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void withoutTrigger_cascadeIsLost(TestServer server) throws Exception {
        try (BypassFixture fixture = withOrders(server, false)) {
            fixture.past(LEGACY, "delete from customer where id = 7");
            assertThat(fixture.settled()).containsExactly(Map.of(3L, "c"), Map.of(1L, "a", 2L, "b", 3L, "c"));
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void bulkStatements_areCopied_andOweEachKeyOnce(TestServer server) throws Exception {
        try (BypassFixture fixture = withOrders(server, true)) {
            fixture.router.close(); // so that the journal stands still
            fixture.past(
                    LEGACY,
                    "insert into orders (id, content) select id + 100, content from orders",
                    "update orders set content = 'new'",
                    "update orders set content = 'newer' where id < 3",
                    "delete from orders where id in (2, 102)");
            assertThat(fixture.count(LEGACY, OWED)).isEqualTo(6);
            assertThat(fixture.count(LEGACY, OWED + " where seq > 0 and record_key in ('l:2', 'l:102')"))
                    .isEqualTo(2);
        }
        try (BypassFixture fixture = withOrders(server, true)) {
            fixture.past(LEGACY, "insert into orders (id, content) select id + 100, content from orders");
            fixture.past(LEGACY, "update orders set content = 'new'");
            fixture.past(LEGACY, "update orders set content = 'newer' where id < 3");
            fixture.past(LEGACY, "delete from orders where id in (2, 102)");
            assertThat(fixture.settled()).containsOnly(Map.of(1L, "newer", 3L, "new", 101L, "new", 103L, "new"));
        }
    }

    /** Of a trigger that changes the row before it is written, and of one that writes another row after it. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void valuesThatTriggersMake_areCopiedAsTheyStand(TestServer server) throws Exception {
        try (BypassFixture fixture = withOrders(server, true)) {
            if (server.product().equals("postgresql")) {
                fixture.legacyDatabase.execute(
                        "create function shout() returns trigger language plpgsql as"
                                + " 'begin new.content := upper(new.content); return new; end'",
                        "create trigger shout before insert or update on orders for each row execute function shout()",
                        "create function welcome() returns trigger language plpgsql as 'begin insert into orders (id, content)"
                                + " values (new.id + 1000, ''welcome''); return null; end'",
                        "create trigger welcome after insert on customer for each row execute function welcome()");
            } else {
                fixture.legacyDatabase.execute(
                        "create trigger shout_i before insert on orders for each row set new.content = upper(new.content)",
                        "create trigger shout_u before update on orders for each row set new.content = upper(new.content)",
                        "create trigger welcome after insert on customer for each row"
                                + " insert into orders (id, content) values (new.id + 1000, 'welcome')");
            }
            fixture.past(
                    LEGACY, "insert into customer (id) values (9)", "update orders set content = 'loud' where id = 1");
            assertThat(fixture.settled()).containsOnly(Map.of(1L, "LOUD", 2L, "b", 3L, "c", 1009L, "WELCOME"));
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void keyThatChanges_isOwedAsItWasAndAsItIs(TestServer server) throws Exception {
        try (BypassFixture fixture = withOrders(server, true)) {
            fixture.past(LEGACY, "update orders set id = id + 10, content = 'moved' where id < 3");
            assertThat(fixture.settled()).containsOnly(Map.of(3L, "c", 11L, "moved", 12L, "moved"));
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void rolledBackWrite_owesNothing(TestServer server) throws Exception {
        try (BypassFixture fixture = withOrders(server, true)) {
            assertThatThrownBy(() -> fixture.past(
                            LEGACY,
                            "update orders set content = 'never'",
                            "delete from customer where id = 7",
                            "insert into orders (id, content) values (3, 'twice')"))
                    .isInstanceOf(SQLException.class);
            assertThat(fixture.count(LEGACY, OWED)).isZero();
            assertThat(fixture.settled()).containsOnly(Map.of(1L, "a", 2L, "b", 3L, "c"));
        }
    }

    /** What a savepoint takes back is not owed, and what comes after it in the same transaction is. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void writeBehindASavepoint_isOwedAsFarAsItStands(TestServer server) throws Exception {
        try (BypassFixture fixture = withOrders(server, true)) {
            fixture.past(
                    LEGACY,
                    "savepoint s",
                    "update orders set content = 'taken back' where id = 1",
                    "rollback to savepoint s",
                    "update orders set content = 'stays' where id = 1");
            assertThat(fixture.settled()).containsOnly(Map.of(1L, "stays", 2L, "b", 3L, "c"));
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void onLegacyOnly_nothingIsOwed_andTheTargetRefuses(TestServer server) throws Exception {
        try (BypassFixture fixture = new BypassFixture(server).withTriggers()) {
            fixture.past(LEGACY, "insert into orders (id, content) values (1, 'a')");
            fixture.past(LEGACY, "update orders set content = 'b'", "delete from orders");
            assertThat(fixture.count(LEGACY, OWED)).isZero();
            assertRefused(fixture, TARGET, "insert into orders (id, content) values (1, 'a')");
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void writeToTheShadow_isRefused_whicheverSideItIs(TestServer server) throws Exception {
        try (BypassFixture fixture = withOrders(server, true)) {
            String write = "update orders set content = 'wrong side' where id = 1";
            assertRefused(fixture, TARGET, write);
            fixture.at(Stage.LIVE);
            assertRefused(fixture, LEGACY, write);
            assertRefused(fixture, LEGACY, "delete from customer where id = 7");
            fixture.past(TARGET, "update orders set content = 'right side' where id = 1");
            assertThat(fixture.settled()).containsOnly(Map.of(1L, "right side", 2L, "b", 3L, "c"));
            fixture.at(Stage.SHADOW);
            assertRefused(fixture, TARGET, write);
            fixture.past(LEGACY, "update orders set content = 'back again' where id = 1");
            assertThat(fixture.settled()).containsOnly(Map.of(1L, "back again", 2L, "b", 3L, "c"));
        }
    }

    private static void assertRefused(BypassFixture fixture, Side side, String write) throws SQLException {
        Map<Long, String> before = (side == LEGACY ? fixture.legacy : fixture.target).all();
        assertThatThrownBy(() -> fixture.past(side, write))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        failure -> assertThat(failure.getSQLState()).isEqualTo(SqlFailure.REFUSED))
                .hasMessageContaining(
                        "records 'default' of migration 'orders': the " + side + " side refuses this write")
                .hasMessageContaining("it is the shadow for the row's key")
                .hasMessageContainingAll("on the other side", "router")
                .hasMessageNotContaining("wrong side");
        assertThat((side == LEGACY ? fixture.legacy : fixture.target).all()).isEqualTo(before);
    }

    /** A broken variant: the trigger owes, but asks nobody. After the handover legacy takes a write that nobody reads or copies. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void triggerThatIgnoresTheRole_takesAWriteOnTheWrongSide(TestServer server) throws Exception {
        try (BypassFixture fixture = withOrders(server, true)) {
            for (String statement : variant(fixture, LEGACY, "is distinct from 'SHADOW'", "= 'NONE'")) {
                fixture.legacyDatabase.execute(statement);
            }
            fixture.at(Stage.LIVE);
            fixture.past(LEGACY, "update orders set content = 'acknowledged' where id = 1");
            assertThat(fixture.settled())
                    .containsExactly(Map.of(1L, "acknowledged", 2L, "b", 3L, "c"), Map.of(1L, "a", 2L, "b", 3L, "c"));
        }
    }

    /** What the triggers share, with one rule changed. */
    private static List<String> variant(BypassFixture fixture, Side side, String... changes) throws SQLException {
        String script = fixture.trigger(side).script();
        boolean isPostgres = fixture.legacyDatabase.product().equals("postgresql");
        String owe = isPostgres
                ? script.substring(
                        script.indexOf("create or replace function \"public\".migrate_owe_1("),
                        script.indexOf("create or replace function \"public\".migrate_refuse_truncate_1"))
                : script.substring(
                        script.indexOf("create or replace procedure"),
                        script.indexOf("\n//\ncreate or replace trigger"));
        String changed = isPostgres
                ? owe.replace("held.role is distinct from 'SHADOW'", "held.role = 'NONE'")
                        .replace("current_setting('migrate.copying', true) is distinct from 'on'", "held.role = 'NONE'")
                : owe.replace("held_role <> 'SHADOW' or @migrate_copying is null", "held_role = 'NONE'");
        assertThat(changed).isNotEqualTo(owe);
        return List.of(changed.replaceAll("\n--.*", ""));
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void routedWrite_isOwedInTheSameRow(TestServer server) throws Exception {
        try (BypassFixture fixture = withOrders(server, true)) {
            fixture.legacyDb.inTransaction(() -> {
                fixture.router.write(new Order(1, "routed"));
                fixture.router.delete(2L);
                return true;
            });
            assertThat(fixture.settled()).containsOnly(Map.of(1L, "routed", 3L, "c"));
            fixture.at(Stage.LIVE);
            fixture.router.write(new Order(2, "routed to the target"));
            assertThat(fixture.settled()).containsOnly(Map.of(1L, "routed", 2L, "routed to the target", 3L, "c"));
        }
    }

    /** A refusal by the trigger is one to the router, too: where the transaction is the caller's, it is told so, and else the write waits. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void routedWriteThatTheTriggerRefuses_isRefusedAsAnyOther(TestServer server) throws Exception {
        try (BypassFixture fixture = withOrders(server, true);
                Traffic.Watch watch = fixture.migration.traffic().watch()) {
            fixture.legacyDatabase.execute("update migrate_role set role = 'FENCED'");
            assertThatThrownBy(
                            () -> fixture.legacyDb.inTransaction(() -> fixture.router.write(new Order(1, "refused"))))
                    .isInstanceOf(RefusedWriteException.class)
                    .hasRootCauseInstanceOf(SQLException.class);
            ExecutorService client = Executors.newSingleThreadExecutor();
            Future<Order> waiting = client.submit(() -> fixture.router.write(new Order(1, "in the end")));
            await().until(() -> watch.sample(LEGACY).calls() > 2);
            assertThat(waiting.isDone()).isFalse();
            fixture.migration.raiseEpoch("end of the fence");
            assertThat(waiting.get().content()).isEqualTo("in the end");
            client.shutdown();
            assertThat(watch.sample(LEGACY).failures())
                    .as("no failure of the side to a rollout's guard")
                    .isZero();
            assertThat(fixture.settled()).containsOnly(Map.of(1L, "in the end", 2L, "b", 3L, "c"));
        }
    }
}
