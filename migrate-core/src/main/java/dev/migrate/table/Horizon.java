package dev.migrate.table;

import java.time.Instant;

/**
 * What a database says of time and of the transactions that run in it.
 *
 * <p>Whatever commits after this was asked was begun at {@code oldest} or later, by the database's own clock, where {@code isWhole}.
 *
 * @param now the present moment by the database's clock
 * @param oldest when the oldest transaction began that is known to run; {@code now} where none is
 * @param isWhole whether the beginning of every running transaction is known, so that there is no older one
 */
public record Horizon(Instant now, Instant oldest, boolean isWhole) {}
