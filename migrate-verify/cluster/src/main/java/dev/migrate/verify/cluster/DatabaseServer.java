package dev.migrate.verify.cluster;

import java.sql.SQLException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A database server, started when first asked for a database and stopped with the JVM. It does not wait for the disk: nodes are killed here, not the
 * server or the machine. MariaDB's is found as a service, because only the profile of its name has it on the class path.
 */
public interface DatabaseServer {
    /** The product, in lower case, as in {@code postgresql}. */
    String product();

    /** A new and empty database in the place of one of the same name; returns its address. */
    String create(String database) throws SQLException;

    /** Those that there are. */
    static List<DatabaseServer> all() {
        return Stream.concat(
                        Stream.of(new PostgresServer()),
                        ServiceLoader.load(DatabaseServer.class).stream().map(ServiceLoader.Provider::get))
                .toList();
    }

    /** The one of a product. */
    static DatabaseServer of(String product) {
        return all().stream()
                .filter(server -> server.product().equals(product))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--database must be one of "
                        + all().stream().map(DatabaseServer::product).collect(Collectors.joining(", ")) + ", but was "
                        + product + "; the profile mariadb adds mariadb"));
    }
}
