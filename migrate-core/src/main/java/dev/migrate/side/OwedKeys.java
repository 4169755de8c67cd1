package dev.migrate.side;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a person may see and decide of the keys that a side owes.
 *
 * <p>A dismissed key is no longer tried and no longer counts as owed, but it stays in the journal, where it can be seen and
 * bars a handover of its segment, until a copy of it has arrived. A dismissal is of one version: a write of the key ends it, and so does
 * {@link SideBooks#retry}. Thread-safe.
 */
public interface OwedKeys {
    /**
     * Dismisses a parked key, and keeps with it who did so and why.
     *
     * @return false where the key is not parked: it was written again, retried, dismissed before, or has arrived
     */
    boolean dismiss(String key, Dismissal dismissal);

    /** The dismissed keys, oldest first, at most {@code limit}. */
    List<Owed> dismissed(int limit);

    /** Those of the keys that are dismissed. */
    Set<String> dismissedAmong(Collection<String> keys);

    /**
     * A page of all that is owed, parked and dismissed keys included, in an order of the keys that is the side's own. A key that is owed
     * throughout the reading of the pages is on exactly one of them.
     *
     * @param after the last key of the page before; null for the first page
     * @param limit how many keys at most; at least 1
     * @return empty where there are no more
     */
    List<Owed> page(@Nullable String after, int limit);
}
