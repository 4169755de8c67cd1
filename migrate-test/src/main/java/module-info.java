/** Contracts, a manual clock, fault scripts and arbitraries for tests; start from {@code ManualClock}. */
module dev.migrate.test {
    requires transitive dev.migrate.core;
    requires static transitive org.jspecify;
    requires transitive org.junit.jupiter.api;
    requires transitive net.jqwik.api;
    requires transitive org.assertj.core;
}
