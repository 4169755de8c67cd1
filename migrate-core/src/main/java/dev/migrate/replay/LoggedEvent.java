package dev.migrate.replay;

import dev.migrate.Version;
import dev.migrate.side.Dismissal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event as a side has logged it.
 *
 * <p>Two are equal where all their parts are, the bytes of the payload included. The payload is not copied: nobody changes it. It is no part of the
 * text of this object.
 *
 * @param operationId names the event for ever, on both sides and in every delivery: 1 to 200 characters
 * @param aggregate the canonical text of its key
 * @param segment the segment of the key, 0 to 999
 * @param type what kind of event it is, in the application's own words: 1 to 200 characters
 * @param payload what happened, in the application's own form; may be empty
 * @param version under which it was logged: the order of the events of its aggregate
 * @param due the version under which it is delivered: its own, or a later one where it was taken up again
 * @param occurredAt when it happened, as the application says; in microseconds. Never decides an order
 * @param processedAt when its arrival was noted; null where it has not been
 * @param decision why it is not delivered, and who says so; null where nobody did
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode look into it
public record LoggedEvent(
        String operationId,
        String aggregate,
        int segment,
        String type,
        byte[] payload,
        Version version,
        Version due,
        Instant occurredAt,
        @Nullable Instant processedAt,
        @Nullable Dismissal decision) {
    /** Whether it is yet to be delivered: it has not arrived, and nobody has dismissed it. */
    public boolean isOpen() {
        return processedAt == null && decision == null;
    }

    /** Whether somebody has dismissed it and it has not arrived. */
    public boolean isDismissed() {
        return processedAt == null && decision != null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LoggedEvent that
                && operationId.equals(that.operationId)
                && aggregate.equals(that.aggregate)
                && segment == that.segment
                && type.equals(that.type)
                && Arrays.equals(payload, that.payload)
                && version.equals(that.version)
                && due.equals(that.due)
                && occurredAt.equals(that.occurredAt)
                && Objects.equals(processedAt, that.processedAt)
                && Objects.equals(decision, that.decision);
    }

    @Override
    public int hashCode() {
        return Objects.hash(operationId, aggregate, version, due, Arrays.hashCode(payload));
    }

    @Override
    public String toString() {
        return "LoggedEvent[" + operationId + " of " + aggregate + ", " + type + ", " + payload.length + " bytes, at "
                + version + (due.equals(version) ? "" : " due at " + due)
                + (processedAt == null ? "" : ", processed " + processedAt)
                + (isDismissed() ? ", dismissed" : "") + "]";
    }
}
