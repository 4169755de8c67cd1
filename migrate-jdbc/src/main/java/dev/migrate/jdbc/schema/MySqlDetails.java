package dev.migrate.jdbc.schema;

import dev.migrate.jdbc.schema.Model.Check;
import java.sql.SQLException;
import java.util.Locale;

/**
 * What MySQL's catalogue says, where it is not MariaDB's: a default is written without quotes, with {@code DEFAULT_GENERATED} in {@code
 * EXTRA} where it is an expression, which the driver takes for a generated column; and a check is of a table, found by its constraint.
 */
final class MySqlDetails {
    private MySqlDetails() {}

    static void read(Details details) throws SQLException {
        details.each(
                "select table_name, column_name, column_type, collation_name, character_set_name, extra,"
                        + " coalesce(generation_expression, '') from information_schema.columns where table_schema = ?",
                row -> {
                    String extra = row.getString(6).toLowerCase(Locale.ROOT);
                    details.column(
                            row.getString(1),
                            row.getString(2),
                            new Details.Of(
                                    row.getString(3),
                                    TypeName.labels(row.getString(3)),
                                    false,
                                    MariaDbDetails.ignoresCase(row.getString(4)),
                                    MariaDbDetails.isUnicode(row.getString(5)),
                                    row.getString(4),
                                    MariaDbDetails.onUpdate(extra),
                                    new Details.Given(
                                            !row.getString(7).isEmpty(), extra.contains("default_generated"))));
                });
        details.each(
                "select t.table_name, t.constraint_name, c.check_clause from information_schema.table_constraints t"
                        + " join information_schema.check_constraints c on c.constraint_schema = t.constraint_schema"
                        + " and c.constraint_name = t.constraint_name"
                        + " where t.constraint_type = 'CHECK' and t.table_schema = ? and t.enforced = 'YES'"
                        + " order by t.table_name, t.constraint_name",
                row -> details.check(
                        row.getString(1),
                        Check.read(Product.MYSQL, row.getString(2), null, unescaped(row.getString(3)))));
    }

    /** A condition is kept with its quotes escaped, and each text behind the name of its character set. */
    static String unescaped(String clause) {
        return clause.replace("\\'", "'").replaceAll("\\b_(utf8mb4|utf8mb3|latin1|ascii)'", "'");
    }
}
