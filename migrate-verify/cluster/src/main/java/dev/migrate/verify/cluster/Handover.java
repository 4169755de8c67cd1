package dev.migrate.verify.cluster;

import dev.migrate.Position;
import dev.migrate.Step;
import java.time.Duration;

/**
 * A handover that a node has completed.
 *
 * @param endedAt monotonic nanoseconds of the machine
 * @param pause for how long it held writes, by the node's own account
 */
record Handover(Position from, Position to, long endedAt, Duration pause) {
    static Handover parse(String[] words) {
        return new Handover(
                Position.parse(words[1]),
                Position.parse(words[2]),
                Long.parseLong(words[3]),
                Duration.ofNanos(Long.parseLong(words[4])));
    }

    boolean concerns(Call call) {
        Step step = new Step(from, to, 1, pause);
        return step.firstHandedOver() <= call.segment() && call.segment() < step.endHandedOver();
    }

    /** Whether a call was under way while writes were held. */
    boolean overlaps(Call call) {
        return call.calledAt() <= endedAt && call.answeredAt() >= endedAt - pause.toNanos();
    }
}
