package dev.migrate.jdbc.decommission;

import java.util.Map;

/**
 * What a database has counted of some tables, at one moment.
 *
 * @param witness what is another once the counts may have begun anew: the start of the server, the last reset
 * @param tables the tables by their names
 */
record Reading(String witness, Map<String, Counted> tables) {
    /**
     * One table.
     *
     * @param identity what is another once the table was dropped, truncated or rebuilt
     */
    record Counted(String identity, Touches touches) {}
}
