package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Installing an owing trigger, and what it does and refuses to be installed on. */
class OwingTriggerIT {
    static final List<TestServer> SERVERS = BypassFixture.SERVERS;
    private static final Migration MIGRATION = OwingFixture.MIGRATION;
    private static final String ORDERS = "create table orders (id bigint primary key, content varchar(100))";

    @ParameterizedTest
    @FieldSource("SERVERS")
    void whatIsInstalled_canBeAskedFor_andTakenAwayWithoutARest(TestServer server) throws Exception {
        try (OwingFixture fixture = new OwingFixture(server, ORDERS, "create table other (id bigint primary key)")) {
            OwingTrigger trigger = fixture.on(fixture.table("orders"));
            OwingTrigger other = fixture.on(fixture.table("other").records("others"));
            assertThat(trigger.isInstalled()).isFalse();
            assertThat(trigger.installed().closedBecause())
                    .hasValueSatisfying(
                            why -> assertThat(why).contains("records 'default'", "table 'orders'", "install()"));
            trigger.install();
            trigger.install();
            other.install();
            assertThat(trigger.isInstalled()).isTrue();
            assertThat(trigger.installed().closedBecause()).isEmpty();
            other.remove();
            assertThat(other.isInstalled()).isFalse();
            assertThat(trigger.isInstalled()).isTrue();
            fixture.side.execute("insert into orders (id) values (1)");
            assertThat(fixture.owed()).containsExactly("l:1");
            trigger.remove();
            trigger.remove();
            fixture.side.execute("insert into orders (id) values (2)");
            assertThat(fixture.owed()).containsExactly("l:1");
            assertThat(fixture.left()).isZero();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void triggerThatIsNotAsItWouldBeMade_isNotInstalled(TestServer server) throws Exception {
        try (OwingFixture fixture = new OwingFixture(server, ORDERS)) {
            JdbcTable table = fixture.table("orders");
            fixture.on(table).install();
            assertThat(fixture.on(table.keyAs(Integer.class)).isInstalled()).isFalse();
            if (fixture.isPostgres) {
                fixture.side.execute("alter table orders disable trigger all");
            } else {
                fixture.side.execute("drop trigger "
                        + first(
                                fixture,
                                "select trigger_name from information_schema.triggers"
                                        + " where trigger_schema = database() limit 1"));
            }
            assertThat(fixture.on(table).isInstalled()).isFalse();
            fixture.on(table).install();
            assertThat(fixture.on(table).isInstalled()).isTrue();
        }
    }

    private static String first(OwingFixture fixture, String query) throws SQLException {
        try (Connection connection = fixture.side.dataSource.newConnection();
                Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** As a schema tool runs it: statement by statement. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void script_installsIt(TestServer server) throws Exception {
        try (OwingFixture fixture = new OwingFixture(server, ORDERS)) {
            OwingTrigger trigger = fixture.on(fixture.table("orders"));
            String script = trigger.script();
            List<String> statements = fixture.isPostgres
                    ? List.of(script)
                    : List.of(script.replace("delimiter //\n", "")
                            .replace("//\ndelimiter ;\n", "//\n")
                            .replaceFirst("(?s)^(.*?);\n(.*?);\n", "$1\n//\n$2\n//\n")
                            .replaceFirst(";\n$", "")
                            .split("\n//\n"));
            try (Connection connection = fixture.side.dataSource.newConnection();
                    Statement statement = connection.createStatement()) {
                for (String each : statements) {
                    statement.execute(each);
                }
            }
            assertThat(trigger.isInstalled()).isTrue();
            fixture.side.execute("insert into orders (id) values (1)");
            assertThat(fixture.owed()).containsExactly("l:1");
        }
    }

    /** Otherwise it would take all writes of a table away that nobody routes yet. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void withoutARouter_itIsNotInstalled(TestServer server) throws Exception {
        try (OwingFixture fixture = new OwingFixture(server, ORDERS)) {
            assertThatThrownBy(() -> OwingTrigger.of(MIGRATION)
                            .legacy(fixture.table("orders"))
                            .install())
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContainingAll("records 'default'", "table 'orders'", "build the router first");
            assertThat(fixture.left()).isZero();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void whatTheDatabaseCannotMakeExactly_isRefusedByName(TestServer server) throws Exception {
        try (OwingFixture fixture = new OwingFixture(
                server,
                "create table priced (price decimal(10, 2) primary key, at timestamp not null, tenant bigint not null)")) {
            JdbcTable table = fixture.table("priced");
            assertRefused(fixture.on(table), "column 'price'", "numeric(10,2)|DECIMAL(10,2)", "touched(..)");
            assertRefused(fixture.on(table.key("tenant", "at")), "column 'at'", "as String", "keyAs(..)");
            assertRefused(
                    fixture.on(table.key("tenant").partition(key -> key.hashCode())),
                    "partition(..) of table 'priced'",
                    "partitionBy(..)");
            assertThatThrownBy(() -> fixture.table("priced")
                            .key("tenant")
                            .partitionBy("price")
                            .shape())
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContainingAll("partitionBy", "'price'", "[tenant]");
        }
    }

    private static void assertRefused(OwingTrigger trigger, String... parts) {
        assertThatThrownBy(trigger::install)
                .isInstanceOf(MigrationException.class)
                .satisfies(refusal -> {
                    for (String part : parts) {
                        assertThat(refusal.getMessage()).containsAnyOf(part.split("\\|"));
                    }
                });
    }

    @Test
    void onH2_itIsRefused() throws Exception {
        try (OwingFixture fixture = new OwingFixture(new H2Server(), ORDERS)) {
            assertRefused(
                    fixture.on(fixture.table("orders")), "PostgreSQL and MariaDB", "'orders' is in h2", "touched(..)");
        }
    }

    /** Rows of an aggregate under the key of the whole, which is no key of theirs: deduplicated within the journal. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowsOfAnAggregate_oweItOnce(TestServer server) throws Exception {
        try (OwingFixture fixture = new OwingFixture(
                server, "create table line (id bigint primary key, order_id bigint not null, part varchar(10))")) {
            fixture.on(fixture.table("line").key("order_id")).install();
            fixture.side.execute("insert into line (id, order_id) values (1, 10), (2, 10), (3, 10), (4, 20)");
            assertThat(fixture.owed()).containsExactly("l:10", "l:20");
            fixture.side.execute("delete from migrate_journal");
            fixture.side.execute("update line set order_id = 30 where id = 1");
            assertThat(fixture.owed()).containsExactly("l:10", "l:30");
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void keysOfTextsAndOddNames_areOwedAsTheyAre(TestServer server) throws Exception {
        try (OwingFixture fixture = new OwingFixture(server)) {
            String quote = fixture.isPostgres ? "\"" : "`";
            String table = quote + "Odd Line" + quote;
            fixture.side.database.execute("create table " + table + " (" + quote + "The Key" + quote
                    + " varchar(20) primary key, content varchar(20))");
            fixture.on(fixture.table("Odd Line")).install();
            fixture.side.execute("insert into " + table + " values ('it''s', 'x')");
            fixture.side.execute("update " + table + " set " + quote + "The Key" + quote + " = 'It''S'");
            assertThat(fixture.owed())
                    .as("also where the table's collation takes both for equal")
                    .containsExactly("s:It'S", "s:it's");
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void keyThatNoRouterCouldHave_isRefused(TestServer server) throws Exception {
        try (OwingFixture fixture = new OwingFixture(
                server, "create table texts (id bigint primary key, name varchar(600), part varchar(10))")) {
            fixture.on(fixture.table("texts").key("name")).install();
            assertThatThrownBy(() -> fixture.side.execute("insert into texts (id) values (1)"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failure -> assertThat(failure.getSQLState()).isEqualTo("MIG02"))
                    .hasMessageContaining("NULL");
            String longest = "secret".repeat(85);
            fixture.side.execute("insert into texts (id, name) values (1, '" + longest + "')");
            assertThat(fixture.owed()).containsExactly("s:" + longest);
            assertThatThrownBy(
                            () -> fixture.side.execute("insert into texts (id, name) values (2, 'x" + longest + "')"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("512 characters")
                    .hasMessageNotContaining("secret");
        }
    }

    /** Another application may have a user of its own, who has no right on the library's tables. MariaDB runs every trigger as its definer. */
    @Test
    void onPostgres_userWithoutRightsOnTheJournal_owesNevertheless() throws Exception {
        try (OwingFixture fixture = new OwingFixture(new PostgresServer(), ORDERS)) {
            fixture.on(fixture.table("orders")).install();
            String user = "u" + fixture.side.database.name();
            fixture.side.database.execute(
                    "create role " + user, "grant select, insert, update, delete on orders to " + user);
            try (Connection connection = fixture.side.database.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("set role " + user);
                assertThatThrownBy(() -> statement.executeQuery("select * from migrate_journal"))
                        .hasMessageContaining("permission denied");
                statement.execute("insert into orders (id) values (1)");
            } finally {
                fixture.side.database.execute("drop owned by " + user, "drop role " + user);
            }
            assertThat(fixture.owed()).containsExactly("l:1");
        }
    }

    @Test
    void onPostgres_truncateIsRefusedOnlyWhereItWouldBeOwed() throws Exception {
        try (OwingFixture fixture = new OwingFixture(new PostgresServer(), ORDERS)) {
            JdbcTable table = fixture.table("orders");
            fixture.on(table).install();
            fixture.side.execute("insert into orders (id) values (1)");
            assertThatThrownBy(() -> fixture.side.execute("truncate orders"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failure -> assertThat(failure.getSQLState()).isEqualTo(SqlFailure.REFUSED))
                    .hasMessageContaining("DELETE");
            fixture.books(table).assign(SegmentRange.ALL, Role.AUTHORITY, false, 2);
            fixture.side.execute("truncate orders");
            fixture.books(table).assign(new SegmentRange(0, 1), Role.FENCED, true, 3);
            assertThatThrownBy(() -> fixture.side.execute("truncate orders"))
                    .hasMessageContaining("refuses to truncate");
        }
    }

    @Test
    void onPostgres_partitionsOweToo_thoseToComeIncluded() throws Exception {
        try (OwingFixture fixture = new OwingFixture(
                new PostgresServer(),
                "create table orders (id bigint primary key, content text) partition by range (id)",
                "create table orders_1 partition of orders for values from (0) to (10)")) {
            fixture.on(fixture.table("orders")).install();
            fixture.side.execute("create table orders_2 partition of orders for values from (10) to (20)");
            fixture.side.execute("insert into orders_1 values (1, 'past the parent')");
            fixture.side.execute("insert into orders_2 values (11, 'past the parent')");
            assertThat(fixture.owed()).containsExactly("l:1", "l:11");
            fixture.side.execute("delete from migrate_journal");
            fixture.side.execute("update orders set id = 12 where id = 1");
            assertThat(fixture.owed()).containsExactly("l:1", "l:12");
        }
    }

    @Test
    void onPostgres_copyAndReplicationAreOwed() throws Exception {
        try (OwingFixture fixture = new OwingFixture(new PostgresServer(), ORDERS)) {
            fixture.on(fixture.table("orders")).install();
            try (Connection connection = fixture.side.database.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                connection
                        .unwrap(org.postgresql.PGConnection.class)
                        .getCopyAPI()
                        .copyIn("copy orders (id) from stdin", new java.io.StringReader("1\n2\n"));
                statement.execute("set session_replication_role = replica");
                statement.execute("insert into orders (id) values (3)");
            }
            assertThat(fixture.owed()).containsExactly("l:1", "l:2", "l:3");
        }
    }

    @Test
    void onPostgres_viewAndParentOfOtherTables_areRefused() throws Exception {
        try (OwingFixture fixture = new OwingFixture(
                new PostgresServer(),
                ORDERS,
                "create view seen as select * from orders",
                "create table parent (id bigint primary key)",
                "create table child () inherits (parent)")) {
            assertRefused(fixture.on(fixture.table("seen").key("id")), "'seen' is not a plain or partitioned table");
            assertRefused(fixture.on(fixture.table("parent")), "'parent' has child tables");
        }
    }

    /** Installing waits for writers, a short time only each time, and says what is in the way. */
    @Test
    void onPostgres_tableThatStaysLocked_isToldOf() throws Exception {
        try (OwingFixture fixture = new OwingFixture(new PostgresServer(), ORDERS)) {
            OwingTrigger trigger = fixture.on(fixture.table("orders"));
            fixture.side.dataSource.inTransaction(() -> {
                fixture.side.execute("insert into orders (id) values (1)");
                assertThatThrownBy(trigger::install)
                        .isInstanceOf(MigrationException.class)
                        .hasMessageContaining("another transaction was in the way");
                return true;
            });
            trigger.install();
            assertThat(trigger.isInstalled()).isTrue();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void partitionColumn_decidesTheSegment_asTheRoutersFunctionDoes(TestServer server) throws Exception {
        try (OwingFixture fixture =
                new OwingFixture(server, "create table line (tenant bigint, id bigint, primary key (tenant, id))")) {
            JdbcTable table = fixture.table("line").partitionBy("tenant");
            fixture.on(table).install();
            fixture.side.execute("insert into line values (7, 1), (7, 2), (8, 1)");
            try (Connection connection = fixture.side.dataSource.newConnection();
                    PreparedStatement select = connection.prepareStatement(
                            "select distinct segment from migrate_journal order by segment");
                    ResultSet rows = select.executeQuery()) {
                Set<Integer> segments = new TreeSet<>();
                while (rows.next()) {
                    segments.add(rows.getInt(1));
                }
                assertThat(segments).containsExactlyInAnyOrder(segment(7L), segment(8L));
            }
        }
    }

    private static int segment(Object key) {
        return dev.migrate.Position.segmentOf(MIGRATION.bucketOf(key));
    }

    /** Both sides of a migration may live in one database; each trigger keeps the books of its own. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void triggersOfBothSides_inOneDatabase_areApart(TestServer server) throws Exception {
        try (OwingFixture fixture =
                new OwingFixture(server, ORDERS, "create table orders_next (id bigint primary key)")) {
            JdbcTable legacy = fixture.table("orders");
            JdbcTable target = fixture.table("orders_next");
            fixture.on(legacy).install();
            target.books("orders", Side.TARGET).assign(SegmentRange.ALL, Role.SHADOW, false, 1);
            OwingTrigger onTarget = OwingTrigger.of(MIGRATION).target(target);
            onTarget.install();
            fixture.side.execute("insert into orders (id) values (1)");
            assertThatThrownBy(() -> fixture.side.execute("insert into orders_next (id) values (1)"))
                    .hasMessageContaining("TARGET side refuses");
            onTarget.remove();
            fixture.side.execute("insert into orders_next (id) values (1)");
            fixture.side.execute("insert into orders (id) values (2)");
            assertThat(fixture.owed()).containsExactly("l:1", "l:2");
        }
    }
}
