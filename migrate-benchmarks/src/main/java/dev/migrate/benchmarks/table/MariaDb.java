package dev.migrate.benchmarks.table;

import java.util.ServiceLoader;

/**
 * A server of MariaDB, started when first asked and stopped with the JVM. It is found as a service, because only the profile of its name has it
 * on the class path.
 */
public interface MariaDb {
    /** The address of a new and empty database. */
    String create(String database) throws Exception;

    /**
     * The one that there is.
     *
     * @throws IllegalStateException where the class path has none
     */
    static MariaDb server() {
        return ServiceLoader.load(MariaDb.class)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("there is no MariaDB on the class path; build with the profile"
                                + " mariadb, as migrate-benchmarks/run reconcile-mariadb does"));
    }
}
