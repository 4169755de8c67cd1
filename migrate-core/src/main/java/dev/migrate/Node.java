package dev.migrate;

import java.time.Instant;

/**
 * A node of a migration, as the store knows it: one {@link Migration} object of one process.
 *
 * @param latest what it has last said of itself
 * @param leasedUntil until when it may act on what it has seen, by the store's clock
 * @param isLive whether that moment had not passed when the store was asked
 */
public record Node(Report latest, Instant leasedUntil, boolean isLive) {
    /**
     * What a node says of itself whenever it renews its lease.
     *
     * @param node its name, unique among the nodes of the migration; 1 to 200 characters
     * @param seen the epoch that it routes by; 0 where it has seen none yet
     * @param acknowledged the latest epoch under which it has nothing running any more that began under an earlier one; 0 for none
     * @param isStepping whether it is making a step at this moment
     */
    public record Report(String node, long seen, long acknowledged, boolean isStepping) {
        /** Checks the name. */
        public Report {
            if (node.isBlank() || node.length() > 200) {
                throw new MigrationException(
                        "the name of a node must have 1 to 200 characters, but was '" + node + "'");
            }
        }
    }

    /** The node's name. */
    public String name() {
        return latest.node();
    }

    /** The epoch that it routes by. */
    public long seen() {
        return latest.seen();
    }

    /** The latest epoch that it has acknowledged. */
    public long acknowledged() {
        return latest.acknowledged();
    }
}
