package dev.migrate;

import java.time.Duration;
import java.util.stream.IntStream;

/**
 * A change of position while it is made.
 *
 * @param from the position that is left
 * @param to the position that is reached
 * @param epoch the epoch of this phase of the step; greater than that of any phase before
 * @param budget how long writes may be held; a handover that needs longer is abandoned
 */
public record Step(Position from, Position to, long epoch, Duration budget) {
    /** Whether some keys get another authoritative side. */
    public boolean handsOver() {
        return firstHandedOver() < Position.SEGMENTS;
    }

    /** The first segment, 0 to 999, that gets another authoritative side; 1,000 where none does. */
    public int firstHandedOver() {
        return IntStream.range(0, Position.SEGMENTS)
                .filter(this::isHandedOver)
                .findFirst()
                .orElse(Position.SEGMENTS);
    }

    /** The segment after the last that gets another authoritative side; they are contiguous. */
    public int endHandedOver() {
        return 1
                + IntStream.range(0, Position.SEGMENTS)
                        .filter(this::isHandedOver)
                        .max()
                        .orElse(Position.SEGMENTS - 1);
    }

    private boolean isHandedOver(int segment) {
        return from.authoritativeFor(segment) != to.authoritativeFor(segment);
    }

    /** The side that hands authority over, or that keeps it. */
    public Side giver() {
        return from.authoritativeFor(Math.min(firstHandedOver(), Position.SEGMENTS - 1));
    }

    Step at(long laterEpoch) {
        return new Step(from, to, laterEpoch, budget);
    }
}
