package dev.migrate.verify.cluster;

import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A room, to which seats belong that go with it.
 *
 * @param changes how often its row was written, as a trigger of the authoritative database has counted
 * @param touched when it was last, as that trigger says; null before it has
 */
record Room(long id, String content, long changes, @Nullable LocalDateTime touched) {
    static final TableSql<Long, Room> TABLE = new TableSql<>(
            "room",
            List.of("id"),
            List.of("content", "changes", "touched"),
            List::of,
            row -> new Room(
                    row.getLong("id"),
                    row.getString("content"),
                    row.getLong("changes"),
                    row.getObject("touched", LocalDateTime.class)),
            room -> List.of(room.id),
            room -> TableSql.values(room.content, room.changes, room.touched));

    /** One whose row is yet to be made. */
    static Room of(long id, String content) {
        return new Room(id, content, 0, null);
    }
}
