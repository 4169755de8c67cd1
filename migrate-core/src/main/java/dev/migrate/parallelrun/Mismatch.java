package dev.migrate.parallelrun;

import org.jspecify.annotations.Nullable;

/**
 * Two answers to one call that are not equal, with the values; its {@code toString} has none of them.
 *
 * @param <I> the argument
 * @param <O> the answer
 * @param input the argument
 * @param legacy what legacy returned; null also where it threw
 * @param legacyFailure what legacy threw; null where it returned
 * @param target what the target returned; null also where it threw
 * @param targetFailure what the target threw; null where it returned
 */
public record Mismatch<I extends @Nullable Object, O extends @Nullable Object>(
        I input,
        @Nullable O legacy,
        @Nullable Throwable legacyFailure,
        @Nullable O target,
        @Nullable Throwable targetFailure) {
    @Override
    public String toString() {
        return "Mismatch[legacy " + ended(legacyFailure) + ", target " + ended(targetFailure) + "]";
    }

    private static String ended(@Nullable Throwable failure) {
        return failure == null ? "returned" : "threw " + failure.getClass().getName();
    }
}
