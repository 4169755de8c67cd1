package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Two servers of one product put UUIDs into the same order only where their versions are the same, or the product is PostgreSQL. */
class UuidOrderIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();

    @ParameterizedTest
    @FieldSource("SERVERS")
    void uuids_comeInOneOrder_withinOneVersion(TestServer server) throws Exception {
        try (TestDatabase database = server.fresh()) {
            database.execute(
                    "CREATE TABLE users (id UUID PRIMARY KEY)", "CREATE TABLE counted (id BIGINT PRIMARY KEY)");
            DataSource older = proxy(DataSource.class, database.dataSource());
            JdbcTable users = JdbcTable.of(database.dataSource(), "users");
            assertThat(users.ordersLike(JdbcTable.of(database.dataSource(), "users")))
                    .isTrue();
            assertThat(users.ordersLike(JdbcTable.of(older, "users")))
                    .isEqualTo(server.product().equals("postgresql"));
            assertThat(JdbcTable.of(database.dataSource(), "counted").ordersLike(JdbcTable.of(older, "counted")))
                    .isTrue();
        }
    }

    /** The same database, which says that it has another version. */
    private static <T> T proxy(Class<T> type, Object real) {
        return type.cast(Proxy.newProxyInstance(
                UuidOrderIT.class.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
                    if (method.getName().equals("getDatabaseProductVersion")) {
                        return "1.0";
                    }
                    try {
                        Object result = method.invoke(real, given);
                        return result instanceof Connection
                                ? proxy(Connection.class, result)
                                : result instanceof DatabaseMetaData ? proxy(DatabaseMetaData.class, result) : result;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }
}
