/** The shared words, the protocol and the routers of the library. */
@SuppressWarnings("module") // modules that are built later
module dev.migrate.core {
    requires transitive org.slf4j;
    requires static transitive org.jspecify;
    requires io.github.resilience4j.circuitbreaker;
    requires com.dynatrace.hash4j;

    exports dev.migrate;
    exports dev.migrate.backfill;
    exports dev.migrate.dualwrite;
    exports dev.migrate.fallback;
    exports dev.migrate.items;
    exports dev.migrate.parallelrun;
    exports dev.migrate.preflight;
    exports dev.migrate.reconcile;
    exports dev.migrate.replay;
    exports dev.migrate.rollout;
    exports dev.migrate.schema;
    exports dev.migrate.service;
    exports dev.migrate.side;
    exports dev.migrate.store;
    exports dev.migrate.strangler;
    exports dev.migrate.table;
    exports dev.migrate.internal to
            dev.migrate.flag,
            dev.migrate.jdbc,
            dev.migrate.test;
    exports dev.migrate.internal.option to
            dev.migrate.flag,
            dev.migrate.jdbc,
            dev.migrate.servlet;
}
