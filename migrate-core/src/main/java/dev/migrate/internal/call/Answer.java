package dev.migrate.internal.call;

import org.jspecify.annotations.Nullable;

/**
 * How a call of one side ended.
 *
 * @param value what it returned, which may be null; null where it threw
 * @param failure what it threw; null where it returned
 */
public record Answer<O extends @Nullable Object>(
        @Nullable O value, @Nullable Throwable failure) {
    static <O extends @Nullable Object> Answer<O> returned(O value) {
        return new Answer<>(value, null);
    }

    static <O extends @Nullable Object> Answer<O> threw(Throwable failure) {
        return new Answer<>(null, failure);
    }

    /** What it returned, where it did: null only where the type has null. */
    @SuppressWarnings("NullAway")
    O returned() {
        return value;
    }

    boolean isFailure() {
        return failure != null;
    }
}
