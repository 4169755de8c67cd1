package dev.migrate.jdbc;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log where a product is used on which this library's tests do not run. */
final class Untested {
    private static final Logger LOG = LoggerFactory.getLogger(Untested.class);

    private Untested() {}

    static void warn(String what, TableDialect dialect) {
        if (!dialect.isTested()) {
            warn(what, dialect.product());
        }
    }

    static void warn(String what, Dialect dialect) {
        if (!dialect.isTested()) {
            warn(what, dialect.product());
        }
    }

    private static void warn(String what, String product) {
        LOG.warn(
                "{} is in a database of product '{}', which is untested: written from the vendor's documentation, no test of"
                        + " this library has run on it; rehearse the whole migration on a copy before you rely on it",
                what,
                product);
    }
}
