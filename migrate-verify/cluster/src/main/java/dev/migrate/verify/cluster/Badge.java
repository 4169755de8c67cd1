package dev.migrate.verify.cluster;

import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A badge of a room. Only legacy has a foreign key by which it goes with the room: no cascade of the target hides it where one of legacy's is not owed.
 *
 * @param changes how often its row was written, as a trigger of the authoritative database has counted
 * @param touched when it was last, as that trigger says; null before it has
 */
record Badge(
        long room,
        long id,
        String content,
        long changes,
        @Nullable LocalDateTime touched) {
    static final TableSql<List<Long>, Badge> TABLE = new TableSql<>(
            "badge",
            List.of("room", "id"),
            List.of("content", "changes", "touched"),
            List::copyOf,
            row -> new Badge(
                    row.getLong("room"),
                    row.getLong("id"),
                    row.getString("content"),
                    row.getLong("changes"),
                    row.getObject("touched", LocalDateTime.class)),
            badge -> List.of(badge.room, badge.id),
            badge -> TableSql.values(badge.content, badge.changes, badge.touched));

    /** One whose row is yet to be made. */
    static Badge of(long room, long id, String content) {
        return new Badge(room, id, content, 0, null);
    }

    List<Long> key() {
        return List.of(room, id);
    }
}
