/** Positions, journal and records over JDBC; start from {@code JdbcMigrationStore}. */
module dev.migrate.jdbc {
    requires transitive dev.migrate.core;
    requires static transitive org.jspecify;
    requires transitive java.sql;
    requires com.zaxxer.hikari;
    requires static org.checkerframework.checker.qual;
    requires static org.postgresql.jdbc; // COPY, where the application has it
    requires org.slf4j;

    exports dev.migrate.jdbc;
    exports dev.migrate.jdbc.decommission;
    exports dev.migrate.jdbc.rules;
    exports dev.migrate.jdbc.schema;
}
