package dev.migrate.internal.write;

import dev.migrate.side.SideBooks;

/**
 * A side as the protocol sees it.
 *
 * @param books its books
 * @param commitsWithRecords whether the side's records are written in the books' own transaction; where not, a write is announced in the
 *     books before it is made
 */
public record SideOfWrites(SideBooks books, boolean commitsWithRecords) {}
