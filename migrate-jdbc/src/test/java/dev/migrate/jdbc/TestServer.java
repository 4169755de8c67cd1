package dev.migrate.jdbc;

/**
 * A database server for tests, started when first asked and stopped with the JVM.
 * MariaDB's is found as a service, because only the profile of its name has it on the class path.
 */
public interface TestServer {
    /** The product, in lower case, as in {@code postgresql}. */
    String product();

    /** A database that nobody else uses; closing it drops it. */
    TestDatabase fresh();
}
