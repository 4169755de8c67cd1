package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.internal.option.Bounds;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By what rules the differences of a table are repaired. Immutable: every option gives another.
 *
 * <pre>{@code
 * RepairRules rules = RepairRules.newest("changed_at", "updated_on", Duration.ofSeconds(5)).override("l:7", Side.LEGACY).atMost(100);
 * }</pre>
 *
 * <p>A policy decides of whole rows: the shadow is a copy of the authoritative row, and the next write of the row would copy every field again, so
 * fields of one row cannot be right on different sides. Whoever needs that decides of the row, and writes the field through the router.
 */
public final class RepairRules {
    private static final int MOST = 1_000_000;

    /**
     * The columns that say when, or as which version, a row was last changed.
     *
     * @param legacy legacy's
     * @param target the target's
     * @param window by how much they must differ
     */
    record Columns(String legacy, String target, Duration window) {}

    private final RepairPolicy policy;
    private final @Nullable Columns newest;
    private final Map<String, Side> overrides;
    private final int atMost;

    private RepairRules(RepairPolicy policy, @Nullable Columns newest, Map<String, Side> overrides, int atMost) {
        this.policy = policy;
        this.newest = newest;
        this.overrides = Map.copyOf(overrides);
        this.atMost = atMost;
    }

    /**
     * One policy for all rows.
     *
     * @throws MigrationException for {@link RepairPolicy#NEWEST_WINS}, which needs to know of two columns: use {@link #newest}
     */
    public static RepairRules of(RepairPolicy policy) {
        if (policy == RepairPolicy.NEWEST_WINS) {
            throw new MigrationException(
                    "policy NEWEST_WINS needs the columns that say when a row was changed; name them with newest(..)");
        }
        return new RepairRules(policy, null, Map.of(), MOST);
    }

    /**
     * The row that was changed later is right, by a column of each side: both whole numbers, both decimals, both dates, both timestamps, or both
     * instants. A person decides ({@link RepairPolicy#MANUAL}) where the row is on one side only, where either value is NULL, and where the two are
     * equal or differ by no more than the window.
     *
     * @param legacy legacy's column
     * @param target the target's column
     * @param window how close two times are too close to call: not negative; zero for numbers, of which two that differ can always be told apart
     */
    public static RepairRules newest(String legacy, String target, Duration window) {
        Bounds.notNegative("window", window, "give the difference that the clocks of the two sides may have");
        return new RepairRules(RepairPolicy.NEWEST_WINS, new Columns(legacy, target, window), Map.of(), MOST);
    }

    /**
     * Decides of one row, whatever the policy says.
     *
     * @param key the canonical key
     * @param right the side whose row is right
     */
    public RepairRules override(String key, Side right) {
        Map<String, Side> all = new HashMap<>(overrides);
        all.put(key, right);
        return new RepairRules(policy, newest, all, atMost);
    }

    /** How many rows one plan writes at most: 1 to 1,000,000; the others are counted, and left to the next. Default: 1,000,000. */
    public RepairRules atMost(int rows) {
        return new RepairRules(policy, newest, overrides, Bounds.between("atMost", rows, MOST));
    }

    RepairPolicy policy() {
        return policy;
    }

    @Nullable Columns columns() {
        return newest;
    }

    Map<String, Side> overrides() {
        return overrides;
    }

    int most() {
        return atMost;
    }

    @Override
    public String toString() {
        return "RepairRules[" + policy + (overrides.isEmpty() ? "" : ", " + overrides.size() + " overrides") + "]";
    }
}
