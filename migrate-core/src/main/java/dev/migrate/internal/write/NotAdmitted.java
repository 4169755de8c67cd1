package dev.migrate.internal.write;

import dev.migrate.RefusedWriteException;

/** A refusal by our own check, to be told from one that the operation itself has thrown. */
final class NotAdmitted extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient RefusedWriteException refusal;
    private final boolean isFinal;

    NotAdmitted(RefusedWriteException refusal, boolean isFinal) {
        super(null, refusal, false, false);
        this.refusal = refusal;
        this.isFinal = isFinal;
    }

    RefusedWriteException refusal() {
        return refusal;
    }

    /** Whether the write cannot be begun once more here, because its transaction or its scope is the caller's. */
    boolean isFinal() {
        return isFinal;
    }
}
