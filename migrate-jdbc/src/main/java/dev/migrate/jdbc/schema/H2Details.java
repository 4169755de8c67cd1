package dev.migrate.jdbc.schema;

import dev.migrate.jdbc.schema.Model.Check;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What H2's catalogue says. */
final class H2Details {
    private H2Details() {}

    static void read(Details details) throws SQLException {
        Map<String, List<String>> labels = new HashMap<>();
        details.each(
                "select object_name, enum_identifier, value_name from information_schema.enum_values"
                        + " where object_schema = ? and object_type = 'TABLE' order by value_ordinal",
                row -> labels.computeIfAbsent(row.getString(1) + "\0" + row.getString(2), none -> new ArrayList<>())
                        .add(row.getString(3)));
        details.each(
                "select table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale,"
                        + " datetime_precision, identity_generation, dtd_identifier from information_schema.columns"
                        + " where table_schema = ?",
                row -> details.column(
                        row.getString(1),
                        row.getString(2),
                        new Details.Of(
                                type(row),
                                labels.getOrDefault(row.getString(1) + "\0" + row.getString(9), List.of()),
                                "ALWAYS".equals(row.getString(8)),
                                row.getString(3).equals("VARCHAR_IGNORECASE"),
                                true,
                                null,
                                null)));
        details.each(
                "select t.table_name, t.constraint_name, c.check_clause from information_schema.table_constraints t"
                        + " join information_schema.check_constraints c on c.constraint_schema = t.constraint_schema"
                        + " and c.constraint_name = t.constraint_name where t.table_schema = ?"
                        + " order by t.table_name, t.constraint_name",
                row -> details.check(
                        row.getString(1), Check.read(Product.H2, row.getString(2), null, row.getString(3))));
    }

    private static String type(ResultSet row) throws SQLException {
        String name = row.getString(3).toLowerCase(java.util.Locale.ROOT);
        if (row.getString(4) != null) {
            return name + "(" + row.getLong(4) + ")";
        }
        if (row.getString(7) != null && name.startsWith("time")) {
            int word = name.indexOf(' ');
            String size = "(" + row.getInt(7) + ")";
            return word < 0 ? name + size : name.substring(0, word) + size + name.substring(word);
        }
        return name.equals("numeric") || name.equals("decimal")
                ? name + "(" + row.getInt(5) + "," + row.getInt(6) + ")"
                : name;
    }
}
