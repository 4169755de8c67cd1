package dev.migrate.jdbc;

import dev.migrate.table.Column;
import dev.migrate.table.KeyRange;
import dev.migrate.table.TableKey;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The statements for one table. Identifiers are quoted, values are bound, and keys are compared by the database alone.
 *
 * <p>Bounds of a composite key are row values where an index serves them, and otherwise spelt out: {@code a > ? OR a = ? AND b > ?}.
 */
final class KeysetSql {
    private final TableReading.Found table;
    private final List<Column> key;

    KeysetSql(TableReading.Found table) {
        this.table = table;
        this.key = table.shape().key();
    }

    String table() {
        return table.qualified();
    }

    String name(Column column) {
        return quoted(column.name());
    }

    private String quoted(String name) {
        return TableReading.quoted(name, table.quote());
    }

    String names(List<Column> columns) {
        return columns.stream().map(this::name).collect(Collectors.joining(", "));
    }

    private String order(String direction) {
        return key.stream().map(column -> name(column) + direction).collect(Collectors.joining(", ", " ORDER BY ", ""));
    }

    /** A column of the key is selected as it is: another expression of its name would be what ORDER BY means. */
    private String selected(List<Column> columns) {
        return columns.stream()
                .map(column ->
                        key.contains(column) ? name(column) : table.dialect().selected(column, name(column)))
                .collect(Collectors.joining(", "));
    }

    String select(List<Column> columns, KeyRange range) {
        return "SELECT " + selected(columns) + " FROM " + table() + where(range) + order("");
    }

    String selectUnordered(List<Column> columns, KeyRange range) {
        return "SELECT " + names(columns) + " FROM " + table() + where(range);
    }

    /** The keys of all rows with a value in a column that is not less than a parameter, or with none; MariaDB also keeps dates that do not exist. */
    String since(Column column) {
        String name = name(column);
        return "SELECT " + names(key) + " FROM " + table() + " WHERE " + name + " >= ? OR " + name + " IS NULL"
                + table.dialect().orNoMoment(name);
    }

    String last() {
        return table.dialect().first("SELECT " + names(key) + " FROM " + table() + order(" DESC"));
    }

    String count(KeyRange range) {
        return "SELECT " + table.dialect().countOfRows() + " FROM " + table() + where(range);
    }

    String boundary(KeyRange range) {
        return table.dialect().after(select(key, range));
    }

    /** Every n-th key of a range; n is the parameter after those of the range. */
    String everyNth(KeyRange range) {
        String place = quoted("migrate place");
        return "SELECT " + names(key) + " FROM (SELECT " + names(key) + ", row_number() OVER ("
                + order("").trim() + ") AS " + place + " FROM " + table() + where(range) + ") k WHERE "
                + table.dialect().remainder(place) + " = 0" + order("");
    }

    String select(List<Column> columns, int keys) {
        String one = key.size() == 1
                ? "?"
                : key.stream().map(column -> name(column) + " = ?").collect(Collectors.joining(" AND ", "(", ")"));
        String all = String.join(key.size() == 1 ? ", " : " OR ", Collections.nCopies(keys, one));
        return "SELECT " + selected(columns) + " FROM " + table() + " WHERE "
                + (key.size() == 1 ? name(key.get(0)) + " IN (" + all + ")" : all);
    }

    /** A row where the collation of a column takes small letters for capitals; made of no row of the table. */
    String foldedCase(Column column) {
        String name = name(column);
        return "SELECT " + name + " FROM (SELECT " + name + " FROM " + table() + " WHERE 1 = 0 UNION ALL "
                + table.dialect().text("A", column) + ") k WHERE " + name + " = 'a'";
    }

    private String whereKey() {
        return key.stream().map(column -> name(column) + " = ?").collect(Collectors.joining(" AND ", " WHERE ", ""));
    }

    String delete() {
        return "DELETE FROM " + table() + whereKey();
    }

    String update(List<Column> columns) {
        return "UPDATE " + table() + " SET "
                + columns.stream().map(column -> name(column) + " = ?").collect(Collectors.joining(", ")) + whereKey();
    }

    String insert(List<Column> columns) {
        return "INSERT INTO " + table() + " (" + names(columns) + ")"
                + table.dialect().overriding() + " VALUES ("
                + String.join(", ", Collections.nCopies(columns.size(), "?"))
                + ")";
    }

    /** The condition of a range, for {@link #bind(PreparedStatement, int, KeyRange)}; nothing where it has no bound. */
    String where(KeyRange range) {
        List<String> bounds = new ArrayList<>();
        if (range.after() != null) {
            bounds.add(bound(">", ">"));
        }
        if (range.upTo() != null) {
            bounds.add(bound("<", "<="));
        }
        return bounds.isEmpty() ? "" : " WHERE " + String.join(" AND ", bounds);
    }

    private String bound(String strict, String last) {
        if (key.size() == 1) {
            return name(key.get(0)) + " " + last + " ?";
        }
        if (table.dialect().comparesRows()) {
            return "(" + names(key) + ") " + last + " (" + String.join(", ", Collections.nCopies(key.size(), "?"))
                    + ")";
        }
        List<String> cases = new ArrayList<>();
        for (int at = 0; at < key.size(); at++) {
            StringBuilder one = new StringBuilder();
            for (int before = 0; before < at; before++) {
                one.append(name(key.get(before))).append(" = ? AND ");
            }
            one.append(name(key.get(at))).append(at == key.size() - 1 ? " " + last + " ?" : " " + strict + " ?");
            cases.add(one.toString());
        }
        return "(" + String.join(" OR ", cases) + ")";
    }

    /** Binds the bounds of a range from a place on; returns the place after. */
    int bind(PreparedStatement statement, int from, KeyRange range) throws SQLException {
        int at = from;
        if (range.after() != null) {
            at = bindBound(statement, at, range.after());
        }
        if (range.upTo() != null) {
            at = bindBound(statement, at, range.upTo());
        }
        return at;
    }

    private int bindBound(PreparedStatement statement, int from, TableKey bound) throws SQLException {
        if (key.size() == 1 || table.dialect().comparesRows()) {
            return bind(statement, from, bound);
        }
        int at = from;
        for (int last = 0; last < key.size(); last++) {
            for (int column = 0; column <= last; column++) {
                table.dialect().bind(statement, at++, bound.values().get(column), key.get(column));
            }
        }
        return at;
    }

    /** Binds the values of a key from a place on; returns the place after. */
    int bind(PreparedStatement statement, int from, TableKey of) throws SQLException {
        int at = from;
        for (int column = 0; column < key.size(); column++) {
            table.dialect().bind(statement, at++, of.values().get(column), key.get(column));
        }
        return at;
    }
}
