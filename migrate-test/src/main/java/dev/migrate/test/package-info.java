/** Contracts, a manual clock, fault scripts and arbitraries for tests; start from {@code ManualClock}. */
@NullMarked
package dev.migrate.test;

import org.jspecify.annotations.NullMarked;
