/** Percentage flags for stateless choices; start from {@code PercentageFlag}. */
module dev.migrate.flag {
    requires transitive dev.migrate.core;
    requires static transitive org.jspecify;
    requires com.github.benmanes.caffeine;

    exports dev.migrate.flag;
}
