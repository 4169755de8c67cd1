package dev.migrate.items;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of the item that a collection has under a key, so that a write or a delete of it may go on.
 *
 * @param isAbsent whether there must be none
 * @param version the version that it must have; null for any
 */
public record Precondition(boolean isAbsent, @Nullable String version) {
    private static final Precondition NONE = new Precondition(false, null);
    private static final Precondition ABSENT = new Precondition(true, null);

    /** Nothing. */
    public static Precondition none() {
        return NONE;
    }

    /** That there is no such item. */
    public static Precondition absent() {
        return ABSENT;
    }

    /** That the item still has the version it was seen with; nothing, where that had none. */
    public static Precondition unchanged(Item seen) {
        return seen.version() == null ? NONE : new Precondition(false, seen.version());
    }

    /** Whether it holds, for collections that have to look for themselves. */
    public boolean holds(Optional<Item> there) {
        if (isAbsent) {
            return there.isEmpty();
        }
        return version == null
                || there.map(Item::version).filter(version::equals).isPresent();
    }

    @Override
    public String toString() {
        return "Precondition[" + (isAbsent ? "absent" : version == null ? "none" : "a version") + "]";
    }
}
