package dev.migrate.verify.cluster;

import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A seat of a room, under a label that no other seat has at the same time.
 *
 * @param changes how often its row was written, as a trigger of the authoritative database has counted
 * @param touched when it was last, as that trigger says; null before it has
 */
record Seat(
        long room,
        long id,
        String label,
        String content,
        long changes,
        @Nullable LocalDateTime touched) {
    /** How the labels begin that exist only within a transaction in which seats are copied. */
    static final String ASIDE = "aside-";

    static final TableSql<List<Long>, Seat> TABLE = new TableSql<>(
            "seat",
            List.of("room", "id"),
            List.of("label", "content", "changes", "touched"),
            List::copyOf,
            row -> new Seat(
                    row.getLong("room"),
                    row.getLong("id"),
                    row.getString("label"),
                    row.getString("content"),
                    row.getLong("changes"),
                    row.getObject("touched", LocalDateTime.class)),
            seat -> List.of(seat.room, seat.id),
            seat -> TableSql.values(seat.label, seat.content, seat.changes, seat.touched));

    /** One whose row is yet to be made. */
    static Seat of(long room, long id, String label, String content) {
        return new Seat(room, id, label, content, 0, null);
    }

    List<Long> key() {
        return List.of(room, id);
    }

    Seat under(String newLabel) {
        return new Seat(room, id, newLabel, content, changes, touched);
    }

    /** How it makes way for another that is to have its label. */
    Seat aside() {
        return under(ASIDE + room + "-" + id);
    }
}
