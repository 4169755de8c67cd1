package dev.migrate;

/** A step was refused; the message lists what stands against it. The migration stands where it stood. */
public final class StepRefusedException extends MigrationException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public StepRefusedException(String message) {
        super(message);
    }
}
