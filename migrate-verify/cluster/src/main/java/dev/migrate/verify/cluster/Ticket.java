package dev.migrate.verify.cluster;

import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ticket, whose number the authoritative database makes; it is never deleted, so that its changes can be counted.
 *
 * @param changes how often its row was written, as a trigger of the authoritative database has counted
 * @param touched when it was last, as that trigger says; null before it has
 */
record Ticket(
        long id, String content, long changes, @Nullable LocalDateTime touched) {
    static final TableSql<Long, Ticket> TABLE = new TableSql<>(
            "ticket",
            List.of("id"),
            List.of("content", "changes", "touched"),
            List::of,
            row -> new Ticket(
                    row.getLong("id"),
                    row.getString("content"),
                    row.getLong("changes"),
                    row.getObject("touched", LocalDateTime.class)),
            ticket -> List.of(ticket.id),
            ticket -> TableSql.values(ticket.content, ticket.changes, ticket.touched));
}
