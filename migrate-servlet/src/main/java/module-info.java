/** A filter that strangles HTTP routes; start from {@code StranglerFilter}. */
module dev.migrate.servlet {
    requires transitive dev.migrate.core;
    requires static transitive org.jspecify;
    requires transitive jakarta.servlet;
}
