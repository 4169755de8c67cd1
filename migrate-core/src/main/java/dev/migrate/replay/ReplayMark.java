package dev.migrate.replay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a replay has come.
 *
 * @param id names this replay
 * @param from from which moment on events are taken up again
 * @param again which of them
 * @param after the last aggregate whose events were taken up; null where none has been
 * @param who asked for it: 1 to 200 characters
 */
public record ReplayMark(
        String id, Instant from, Again again, @Nullable String after, String who) {
    /** The mark after another aggregate. */
    public ReplayMark after(String aggregate) {
        return new ReplayMark(id, from, again, aggregate, who);
    }

    /** This replay, begun anew so that it does what another one would have done too. */
    public ReplayMark including(ReplayMark other) {
        Instant earlier = from.isBefore(other.from) ? from : other.from;
        return new ReplayMark(id, earlier, again == other.again ? again : Again.EVERY_EVENT, null, who);
    }
}
