package dev.migrate.jdbc;

import java.util.List;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The databases that the tests run on: H2 and PostgreSQL, and MariaDB in the profile {@code mariadb}.
 * One server of each per JVM, started when first used; one fresh database per test class.
 * The system property {@code migrate.test.servers} names one of them, where not all are wanted.
 */
public final class TestDatabases {
    private static final TestServer H2 = new H2Server();
    private static final TestServer POSTGRES = new PostgresServer();
    private static final List<TestServer> SERVERS = Stream.concat(
                    Stream.of(H2, POSTGRES),
                    ServiceLoader.load(TestServer.class).stream().map(ServiceLoader.Provider::get))
            .filter(server -> isAskedFor(server.product()))
            .toList();

    private TestDatabases() {}

    private static boolean isAskedFor(String product) {
        String only = System.getProperty("migrate.test.servers", "");
        return only.isEmpty() || only.equals(product);
    }

    /** The servers there are in this run. */
    public static List<TestServer> servers() {
        return SERVERS;
    }

    /** A fresh database on each server, for {@code @MethodSource}. The test closes it. */
    public static Stream<TestDatabase> each() {
        return SERVERS.stream().map(TestServer::fresh);
    }

    /** A fresh H2 database in memory. */
    public static TestDatabase h2() {
        return H2.fresh();
    }

    /** A fresh PostgreSQL database. */
    public static TestDatabase postgres() {
        return POSTGRES.fresh();
    }

    static String freshName() {
        return "t" + UUID.randomUUID().toString().replace("-", "");
    }
}
