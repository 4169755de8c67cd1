package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.store.InMemoryMigrationStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** MariaDB changes rows by foreign keys without firing their triggers: the tables from which that comes owe them. */
class MariaDbCascadesIT {
    private final Migration migration = Migration.named("orders")
            .store(new InMemoryMigrationStore(InstantSource.system()))
            .build();
    private SideFixture fixture;

    @BeforeEach
    void open() throws SQLException {
        fixture = new SideFixture(new MariaDbServer());
    }

    @AfterEach
    void close() throws SQLException {
        fixture.close();
        migration.close();
    }

    private OwingTrigger trigger(JdbcTable table) {
        table.books("orders", Side.LEGACY).assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
        return OwingTrigger.of(migration).legacy(table);
    }

    private OwingTrigger trigger(String table) {
        return trigger(JdbcTable.of(fixture.dataSource, table));
    }

    private Set<String> owedBy(String... statements) throws SQLException {
        fixture.execute("delete from migrate_journal");
        for (String statement : statements) {
            fixture.execute(statement);
        }
        Set<String> owed = new TreeSet<>();
        try (Connection connection = fixture.dataSource.newConnection();
                Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("select record_key from migrate_journal where seq > 0")) {
            while (rows.next()) {
                owed.add(rows.getString(1));
            }
        }
        return owed;
    }

    @Test
    void deletesOverSeveralTables_areOwed() throws SQLException {
        fixture.database.execute(
                "create table region (id bigint primary key)",
                "create table customer (id bigint primary key, region bigint,"
                        + " foreign key (region) references region (id) on delete cascade)",
                "create table depot (id bigint primary key, region bigint,"
                        + " foreign key (region) references region (id) on delete restrict)",
                "create table orders (id bigint primary key, customer bigint, depot bigint, partner bigint,"
                        + " foreign key (customer) references customer (id) on delete cascade,"
                        + " foreign key (depot) references depot (id) on delete cascade,"
                        + " foreign key (partner) references customer (id) on delete set null)",
                "insert into region values (1), (2)",
                "insert into customer values (10, 1), (11, 1), (20, 2)",
                "insert into depot values (5, 2)",
                "insert into orders values (100, 10, null, null), (101, 11, 5, 10), (102, 20, null, 11), (103, 20, 5, null)");
        trigger("orders").install();
        assertThat(owedBy("delete from customer where id = 10")).containsExactly("l:100", "l:101");
        assertThat(owedBy("delete from region where id = 1"))
                .as("one row of a customer, and one whose partner is gone")
                .containsExactly("l:101", "l:102");
        assertThat(owedBy("delete from depot where id = 5")).containsExactly("l:103");
        assertThat(fixture.count("select count(*) from orders where partner is null"))
                .isEqualTo(1);
        assertThat(owedBy("delete from customer where id = 20")).containsExactly("l:102");
    }

    @Test
    void updatesOfAReferredKey_areOwedUnderBothKeys() throws SQLException {
        fixture.database.execute(
                "create table customer (id bigint primary key, name varchar(10))",
                "create table line (customer bigint, id bigint, primary key (customer, id),"
                        + " foreign key (customer) references customer (id) on update cascade)",
                "insert into customer values (1, 'a'), (2, 'b')",
                "insert into line values (1, 7), (1, 8), (2, 7)");
        trigger("line").install();
        assertThat(owedBy("update customer set name = 'c'")).isEmpty();
        assertThat(owedBy("update customer set id = 3 where id = 1"))
                .containsExactly("c:2,3:l:1,3:l:7", "c:2,3:l:1,3:l:8", "c:2,3:l:3,3:l:7", "c:2,3:l:3,3:l:8");
    }

    /** What a foreign key removes on a side that is not authoritative is refused as any other write. */
    @Test
    void cascadeOnTheShadow_isRefused() throws SQLException {
        fixture.database.execute(
                "create table customer (id bigint primary key)",
                "create table orders (id bigint primary key, customer bigint,"
                        + " foreign key (customer) references customer (id) on delete cascade)",
                "insert into customer values (1)",
                "insert into orders values (10, 1)");
        trigger("orders").install();
        JdbcTable.of(fixture.dataSource, "orders")
                .books("orders", Side.LEGACY)
                .assign(SegmentRange.ALL, Role.SHADOW, false, 2);
        assertThatThrownBy(() -> fixture.execute("delete from customer"))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        failure -> assertThat(failure.getSQLState()).isEqualTo(SqlFailure.REFUSED));
        assertThat(fixture.count("select count(*) from orders")).isEqualTo(1);
    }

    /** A broken variant: triggers on the table alone see nothing of it. */
    @Test
    void withoutTheAncestorsTrigger_theCascadeIsLost() throws SQLException {
        fixture.database.execute(
                "create table customer (id bigint primary key)",
                "create table orders (id bigint primary key, customer bigint,"
                        + " foreign key (customer) references customer (id) on delete cascade)",
                "insert into customer values (1)",
                "insert into orders values (10, 1)");
        OwingTrigger trigger = trigger("orders");
        trigger.install();
        try (Connection connection = fixture.dataSource.newConnection();
                Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("select trigger_name from information_schema.triggers"
                        + " where trigger_schema = database() and event_object_table = 'customer'")) {
            assertThat(rows.next()).isTrue();
            fixture.execute("drop trigger " + rows.getString(1));
        }
        assertThat(trigger.isInstalled()).isFalse();
        assertThat(owedBy("delete from customer")).isEmpty();
        assertThat(fixture.count("select count(*) from orders")).isZero();
    }

    @Test
    void foreignKeyThatComesLater_isMissed_untilInstalledAnew() throws SQLException {
        fixture.database.execute(
                "create table customer (id bigint primary key)",
                "create table orders (id bigint primary key, customer bigint)",
                "insert into customer values (1), (2)",
                "insert into orders values (10, 1), (20, 2)");
        OwingTrigger trigger = trigger("orders");
        trigger.install();
        fixture.database.execute(
                "alter table orders add constraint late foreign key (customer) references customer (id) on delete cascade");
        assertThat(trigger.isInstalled()).isFalse();
        trigger.install();
        assertThat(trigger.isInstalled()).isTrue();
        assertThat(owedBy("delete from customer where id = 1")).containsExactly("l:10");
        trigger.remove();
        assertThat(owedBy("delete from customer where id = 2")).isEmpty();
        assertThat(fixture.count("select count(*) from information_schema.triggers where trigger_schema = database()"))
                .isZero();
    }

    @Test
    void circleOfCascades_isRefusedByName() throws SQLException {
        fixture.database.execute("create table category (id bigint primary key, parent bigint,"
                + " constraint up foreign key (parent) references category (id) on delete cascade)");
        assertThatThrownBy(() -> trigger("category").install())
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("category'", "foreign key 'up'", "touched(..)");
    }

    @Test
    void updateOverTwoTables_isRefusedByName() throws SQLException {
        fixture.database.execute(
                "create table region (id bigint primary key)",
                "create table customer (region bigint, id bigint, primary key (region, id),"
                        + " constraint region_of foreign key (region) references region (id) on update cascade)",
                "create table orders (id bigint primary key, region bigint, customer bigint, constraint customer_of"
                        + " foreign key (region, customer) references customer (region, id) on update cascade)");
        assertThatThrownBy(() -> trigger("orders").install())
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("'customer_of'", "'region_of'", "touched(..)");
    }

    @Test
    void tableThatCommitsByItself_isRefusedByName() throws SQLException {
        fixture.database.execute("create table loose (id bigint primary key) engine = Aria");
        assertThatThrownBy(() -> trigger("loose").install())
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("loose'", "Aria", "InnoDB");
    }

    /** A row that a foreign key removes while others write: read under locks, so that one that came just before is owed too. */
    @Test
    void rowThatComesWhileTheTransactionRuns_isOwed() throws Exception {
        fixture.database.execute(
                "create table customer (id bigint primary key)",
                "create table orders (id bigint primary key, customer bigint,"
                        + " foreign key (customer) references customer (id) on delete cascade)",
                "insert into customer values (1), (2)",
                "insert into orders values (10, 1)");
        trigger("orders").install();
        fixture.execute("delete from migrate_journal");
        try (Connection connection = fixture.database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            statement.executeQuery("select * from orders").close(); // its snapshot is taken
            fixture.execute("insert into orders values (11, 1)");
            fixture.execute("delete from migrate_journal");
            statement.execute("delete from customer where id = 1");
            connection.commit();
        }
        assertThat(fixture.count("select count(*) from orders")).isZero();
        assertThat(fixture.count("select count(*) from migrate_journal")).isEqualTo(2);
    }
}
