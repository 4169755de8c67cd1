package dev.migrate.internal;

/** Lets exceptions of the application's code pass through as they were thrown, checked ones included. */
public final class Thrown {
    private Thrown() {}

    /** Throws what it is given. The declared type is for the compiler, which wants a statement that ends: {@code throw Thrown.as(e)}. */
    @SuppressWarnings("unchecked")
    public static <E extends Throwable> RuntimeException as(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
