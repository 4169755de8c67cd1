package dev.migrate.test.history;

import dev.migrate.MigrationException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One read or write of one key, as its caller saw it.
 *
 * <p>A delete is a write of nothing. Times are of any one clock that never goes back and that all callers share: numbers of steps, or
 * {@link System#nanoTime} of one machine.
 *
 * @param key the key
 * @param kind what was done
 * @param value what was written, or what was read; null for nothing: a delete, or a key that was not there. Compared with {@link Object#equals}
 * @param calledAt when it was called
 * @param answeredAt when it was answered, not before {@code calledAt}; {@link #NEVER} where the outcome is not known
 */
public record KeyOperation<K, V>(K key, Kind kind, @Nullable V value, long calledAt, long answeredAt) {
    /** The time of an answer that never came: a write may have had its effect, may have it at any later time, or never. */
    public static final long NEVER = Long.MAX_VALUE;

    /** What an operation does. */
    public enum Kind {
        /** Reads the key. */
        READ,
        /** Writes or deletes the key. */
        WRITE
    }

    /** Checks the times. */
    public KeyOperation {
        Objects.requireNonNull(key, "key");
        if (answeredAt < calledAt) {
            throw new MigrationException(
                    "an operation must be answered after it was called, but key " + key + " was called at " + calledAt
                            + " and answered at " + answeredAt + "; use one clock for all callers");
        }
    }

    /** A read that was answered. */
    public static <K, V> KeyOperation<K, V> read(K key, Optional<V> found, long calledAt, long answeredAt) {
        return new KeyOperation<>(key, Kind.READ, found.orElse(null), calledAt, answeredAt);
    }

    /** A write that was acknowledged; empty for a delete. */
    public static <K, V> KeyOperation<K, V> write(K key, Optional<V> value, long calledAt, long answeredAt) {
        return new KeyOperation<>(key, Kind.WRITE, value.orElse(null), calledAt, answeredAt);
    }

    /** A write of which nobody knows what became; empty for a delete. */
    public static <K, V> KeyOperation<K, V> unknown(K key, Optional<V> value, long calledAt) {
        return new KeyOperation<>(key, Kind.WRITE, value.orElse(null), calledAt, NEVER);
    }

    /** Whether the outcome is not known. */
    public boolean isUnknown() {
        return answeredAt == NEVER;
    }

    @Override
    public String toString() {
        String what = kind == Kind.READ ? "read of " : value == null ? "delete of " : "write of ";
        String with = kind == Kind.READ
                ? " found " + (value == null ? "nothing" : value)
                : value == null ? "" : " as " + value;
        return "[" + calledAt + ", " + (isUnknown() ? "?" : answeredAt) + "] " + what + key + with;
    }
}
