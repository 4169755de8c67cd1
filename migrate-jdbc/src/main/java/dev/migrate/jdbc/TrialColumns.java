package dev.migrate.jdbc;

import dev.migrate.jdbc.schema.TableRules;
import dev.migrate.table.Column;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a {@link TrialTable} is to have, and two ways to say so in SQL.
 *
 * @param sql the statements for the trial's table
 * @param from the table that it is like, quoted
 * @param columns those of that table that it has
 * @param rules what is known of that table
 * @param row its column for the place of a row, quoted
 * @param key its column for the key of a row, quoted
 */
record TrialColumns(KeysetSql sql, String from, List<Column> columns, TableRules rules, String row, String key) {
    /** By selecting nothing from the table, which gives the same types and collations. */
    String selected(String create, String text) {
        return create + sql.table() + " AS SELECT " + sql.names(columns) + ", CAST(NULL AS BIGINT) AS " + row
                + ", CAST(NULL AS " + text + ") AS " + key + " FROM " + from + " WHERE 1 = 0";
    }

    /** Each column by its type, without what else is demanded of it. */
    String declared(String create, String number, String text) {
        return columns.stream()
                .map(column -> sql.name(column) + " " + rules.plainType(column.name()) + " NULL, ")
                .collect(Collectors.joining(
                        "", create + sql.table() + " (", row + " " + number + ", " + key + " " + text + ")"));
    }
}
