/** Contracts, time turned by hand, fault scripts, generators and assertions for tests. */
module dev.migrate.test {
    requires transitive dev.migrate.core;
    requires static transitive org.jspecify;
    requires transitive org.junit.jupiter.api;
    requires transitive net.jqwik.api;
    requires transitive org.assertj.core;

    exports dev.migrate.test;
}
