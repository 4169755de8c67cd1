/** Contracts, time turned by hand, fault scripts, generators and assertions for tests. */
module dev.migrate.test {
    requires transitive dev.migrate.core;
    requires static transitive org.jspecify;
    requires transitive org.junit.jupiter.api;
    requires transitive net.jqwik.api;
    requires transitive org.assertj.core;

    exports dev.migrate.test;
    exports dev.migrate.test.history;
    exports dev.migrate.test.schedule;

    opens dev.migrate.test to
            org.junit.platform.commons; // the tests of the contracts are not public

    provides net.jqwik.api.providers.ArbitraryProvider with
            dev.migrate.test.MigrationArbitraries;
}
