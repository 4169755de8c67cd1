package dev.migrate.jdbc.schema;

import dev.migrate.jdbc.schema.Model.Check;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What MariaDB's catalogue says. */
final class MariaDbDetails {
    private static final Set<String> UNICODE = Set.of("utf8mb4", "utf16", "utf16le", "utf32");
    private static final String ON_UPDATE = "on update ";

    private MariaDbDetails() {}

    static void read(Details details) throws SQLException {
        details.each(
                "select table_name, column_name, column_type, collation_name, character_set_name, extra"
                        + " from information_schema.columns where table_schema = ?",
                row -> {
                    String collation = row.getString(4);
                    String extra = row.getString(6).toLowerCase(Locale.ROOT);
                    details.column(
                            row.getString(1),
                            row.getString(2),
                            new Details.Of(
                                    row.getString(3),
                                    TypeName.labels(row.getString(3)),
                                    false,
                                    ignoresCase(collation),
                                    isUnicode(row.getString(5)),
                                    collation,
                                    onUpdate(extra)));
                });
        details.each(
                "select table_name, constraint_name, check_clause, level"
                        + " from information_schema.check_constraints where constraint_schema = ?"
                        + " order by table_name, constraint_name",
                row -> {
                    boolean isOfColumn = "Column".equals(row.getString(4));
                    String name = row.getString(2);
                    details.check(
                            row.getString(1),
                            Check.read(
                                    Product.MARIADB,
                                    isOfColumn ? null : name,
                                    isOfColumn ? name : null,
                                    row.getString(3)));
                });
    }

    static boolean ignoresCase(@Nullable String collation) {
        return collation != null && collation.matches(".*_(ci|ai|as)");
    }

    static boolean isUnicode(@Nullable String characters) {
        return characters == null || UNICODE.contains(characters);
    }

    static @Nullable String onUpdate(String extra) {
        return extra.contains(ON_UPDATE) ? extra.substring(extra.indexOf(ON_UPDATE) + ON_UPDATE.length()) : null;
    }
}
