package dev.migrate.internal.call;

/** Lets an exception through as it was thrown, whether the compiler knows of it or not. */
public final class Thrown {
    private Thrown() {}

    /** Throws the failure itself; never returns. */
    @SuppressWarnings("unchecked") // the cast is erased: what is thrown is the failure, whatever its type
    public static <X extends Throwable> RuntimeException as(Throwable failure) throws X {
        throw (X) failure;
    }
}
