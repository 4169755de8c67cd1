package dev.migrate;

import org.jspecify.annotations.Nullable;

/**
 * What a router calls on one side: one argument, one answer, and any exception, which reaches the caller as it was thrown.
 *
 * <p>Implementations are thread-safe.
 *
 * @param <I> the argument
 * @param <O> the answer
 */
@FunctionalInterface
public interface Call<I extends @Nullable Object, O extends @Nullable Object> {
    /** Does it. */
    O call(I input) throws Exception;
}
