package dev.migrate.side;

import dev.migrate.MigrationException;
import dev.migrate.Position;

/**
 * A half-open range of segments.
 *
 * @param from the first, 0 to 999
 * @param to the one after the last, above {@code from}, at most 1,000
 */
public record SegmentRange(int from, int to) {
    /** All segments. */
    public static final SegmentRange ALL = new SegmentRange(0, Position.SEGMENTS);

    /** Checks the bounds. */
    public SegmentRange {
        if (from < 0 || to > Position.SEGMENTS || from >= to) {
            throw new MigrationException("a range of segments must satisfy 0 <= from < to <= " + Position.SEGMENTS
                    + ", but was from " + from + " to " + to);
        }
    }

    /** Whether a segment lies in the range. */
    public boolean contains(int segment) {
        return segment >= from && segment < to;
    }

    /** The number of segments. */
    public int size() {
        return to - from;
    }
}
