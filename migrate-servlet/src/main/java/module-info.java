/** A filter that strangles HTTP routes; start from {@code StranglerFilter}. */
module dev.migrate.servlet {
    requires transitive dev.migrate.core;
    requires static transitive org.jspecify;
    requires transitive jakarta.servlet;
    requires org.apache.httpcomponents.client5.httpclient5;
    requires org.apache.httpcomponents.core5.httpcore5;
    requires org.slf4j;

    exports dev.migrate.servlet;
}
