/** Meters for migration events; start from {@code MigrationMeters}. */
module dev.migrate.micrometer {
    requires transitive dev.migrate.core;
    requires static transitive org.jspecify;
    requires transitive micrometer.core;

    exports dev.migrate.micrometer;
}
