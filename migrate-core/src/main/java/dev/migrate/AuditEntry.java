package dev.migrate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit trail, written in the same transaction as the change it tells of.
 *
 * @param kind what was changed
 * @param name its name
 * @param version the version that the change made
 * @param at when
 * @param who the operator
 * @param why the reason that was given
 * @param from the value before; null for the first
 * @param to the value since
 */
public record AuditEntry(
        Setting.Kind kind,
        String name,
        long version,
        Instant at,
        String who,
        String why,
        @Nullable String from,
        String to) {}
