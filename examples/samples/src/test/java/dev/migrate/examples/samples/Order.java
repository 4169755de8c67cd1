package dev.migrate.examples.samples;

import org.jspecify.annotations.Nullable;

/** An order of the samples; without an id until it is created. */
record Order(@Nullable Long id, String customer, long cents) {
    Order withId(long newId) {
        return new Order(newId, customer, cents);
    }
}
