package dev.migrate.internal.write;

import dev.migrate.Side;

/** One of something for each side. */
public record TwoSides<T>(T legacy, T target) {
    /** The one of a side. */
    public T of(Side side) {
        return side == Side.LEGACY ? legacy : target;
    }
}
