package dev.migrate.internal.write;

import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.side.SideBooks;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a write is let in by the books of its side, inside their transaction; whatever refuses it is thrown as {@link NotAdmitted}.
 *
 * @param books those of the side that is to be authoritative for the key
 * @param isJoined whether the transaction is the caller's: it may write more in it, and is told of a refusal where it happens
 * @param isFinal whether a write that is refused cannot be begun once more
 */
record Admission(SideBooks books, boolean isJoined, boolean isFinal) {
    /** Runs the operation. A side that refuses it itself is no failure of it: it begins again like one that was not admitted. */
    <T extends @Nullable Object> T unlessRefused(KeyedWrites.Operation<T> operation, Side side) throws Exception {
        try {
            return operation.on(side, Version.NONE);
        } catch (Exception failure) {
            Optional<RefusedWriteException> refusal = books.refusal(failure);
            if (refusal.isPresent()) {
                throw notAdmitted(refusal.get());
            }
            throw failure;
        }
    }

    /** Admits the write of a key, now or with the commit, and owes the key if it is to be. */
    void admit(String key, int segment, boolean owe) {
        if (!isJoined && books.admitsAtCommit()) {
            books.admitAtCommit(key, segment, owe, this::notAdmitted);
            return;
        }
        try {
            books.admit(key, segment, owe);
        } catch (RefusedWriteException refusal) {
            throw notAdmitted(refusal);
        }
    }

    /** Admits an operation that goes over by itself; the version under which its key is owed now. */
    Version admitInOrder(String key, int segment) {
        try {
            return books.admitInOrder(key, segment);
        } catch (RefusedWriteException refusal) {
            throw notAdmitted(refusal);
        }
    }

    private NotAdmitted notAdmitted(RefusedWriteException refusal) {
        return new NotAdmitted(refusal, isFinal);
    }
}
