package dev.migrate.internal.write;

/**
 * The side has refused a write, because it already holds a later version: nothing was written, and the write begins once more under a
 * version of its own.
 *
 * <p>To take the refusal for a success, as if the later write had come right after, would be right only as long as no version ever goes back,
 * and would lose every write after a restore of the database that draws them.
 */
public final class OvertakenWrite extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the signal, which never reaches a caller. */
    public OvertakenWrite() {
        super(null, null, false, false);
    }
}
