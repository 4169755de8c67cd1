package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    private static int count(TestDatabase database) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
