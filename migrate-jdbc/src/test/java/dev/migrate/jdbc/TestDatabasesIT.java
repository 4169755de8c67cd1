package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class TestDatabasesIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();

    @ParameterizedTest
    @FieldSource("SERVERS")
    void freshDatabase_isNobodyElses(TestServer server) throws SQLException {
        try (TestDatabase one = server.fresh();
                TestDatabase other = server.fresh()) {
            one.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
            other.execute("CREATE TABLE t (id INT PRIMARY KEY)");
            assertThat(count(one)).isEqualTo(1);
            assertThat(count(other)).isZero();
        }
    }

    @Test
    void closedDatabase_isDropped() throws SQLException {
        TestDatabase database = TestDatabases.postgres();
        database.close();
        assertThatThrownBy(() -> database.execute("SELECT 1")).hasMessageContaining("does not exist");
    }

    @Test
    void databaseThatIsHandedOutAgain_isEmpty_andHasAnotherName() throws Exception {
        try (SpareDatabases spare = PostgresServer.spare()) {
            TestDatabase before = spare.fresh("postgresql");
            String id = one(before, "SELECT oid FROM pg_database WHERE datname = current_database()");
            before.execute(
                    "CREATE SCHEMA other",
                    "CREATE TABLE other.t (id INT)",
                    "CREATE TABLE t (id INT)",
                    "CREATE TYPE mood AS ENUM ('glad', 'sad')",
                    "CREATE FUNCTION answer() RETURNS INT LANGUAGE sql AS 'SELECT 42'",
                    "ALTER DATABASE " + before.name() + " SET deadlock_timeout = '20ms'");
            try (Connection open = before.dataSource().getConnection()) {
                before.close();
                assertThat(open.isValid(10)).isFalse();
            }
            await().until(() -> spare.ready() == 1);
            try (TestDatabase again = spare.fresh("postgresql")) {
                assertThat(one(again, "SELECT oid FROM pg_database WHERE datname = current_database()"))
                        .isEqualTo(id);
                assertThat(again.name()).isNotEqualTo(before.name());
                assertThat(one(again, "SELECT to_regnamespace('other')::text")).isNull();
                assertThat(one(again, "SELECT to_regclass('t')::text")).isNull();
                assertThat(one(again, "SELECT to_regtype('mood')::text")).isNull();
                assertThat(one(again, "SELECT to_regproc('answer')::text")).isNull();
                assertThat(one(again, "SHOW deadlock_timeout")).isEqualTo("1s");
                again.execute("CREATE TABLE t (id INT)");
            }
        }
    }

    @Test
    void databaseInWhichAnythingIsLeft_isNotHandedOutAgain() throws Exception {
        try (SpareDatabases spare = PostgresServer.spare()) {
            TestDatabase marked = spare.fresh("postgresql");
            marked.execute("CREATE PUBLICATION of_a_test FOR ALL TABLES");
            TestDatabase empty = spare.fresh("postgresql");
            marked.close();
            empty.close();
            await().until(() -> spare.ready() == 1);
            try (TestDatabase again = spare.fresh("postgresql")) {
                assertThat(one(again, "SELECT count(*) FROM pg_publication")).isEqualTo("0");
            }
        }
    }

    private static String one(TestDatabase database, String query) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static int count(TestDatabase database) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
