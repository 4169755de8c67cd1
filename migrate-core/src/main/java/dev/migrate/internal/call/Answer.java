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

    boolean isFailure() {
        return failure != null;
    }
}
