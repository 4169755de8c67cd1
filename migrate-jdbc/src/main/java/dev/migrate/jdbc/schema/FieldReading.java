package dev.migrate.jdbc.schema;

import dev.migrate.jdbc.schema.Domain.Approximate;
import dev.migrate.jdbc.schema.Domain.Decimal;
import dev.migrate.jdbc.schema.Domain.Json;
import dev.migrate.jdbc.schema.Domain.Text;
import dev.migrate.jdbc.schema.Domain.Whole;
import dev.migrate.jdbc.schema.Expression.Call;
import dev.migrate.jdbc.schema.Expression.Name;
import dev.migrate.jdbc.schema.Expression.OneOf;
import dev.migrate.jdbc.schema.Expression.Words;
import dev.migrate.jdbc.schema.Model.Check;
import dev.migrate.jdbc.schema.Model.Field;
import dev.migrate.jdbc.schema.Model.Generation;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one column. */
final class FieldReading {
    private FieldReading() {}

    /**
     * Reads a column.
     *
     * @param row of {@link DatabaseMetaData#getColumns}
     * @param details what the product says of it; null where it says nothing
     * @param checks those of the table; one that only makes a text JSON is taken out, and the labels of an enumeration become one
     */
    static Field read(Product product, ResultSet row, Details.@Nullable Of details, List<Check> checks)
            throws SQLException {
        String name = row.getString("COLUMN_NAME");
        String initial = row.getString("COLUMN_DEF"); // before what comes after it: Oracle streams it
        boolean isIncremented = "YES".equals(row.getString("IS_AUTOINCREMENT"));
        boolean isGenerated = "YES".equals(row.getString("IS_GENERATEDCOLUMN"));
        Details.Given given = details == null ? null : details.given();
        boolean isComputed = given == null ? !isIncremented && isGenerated : given.isComputed();
        boolean isNullable = row.getInt("NULLABLE") != DatabaseMetaData.columnNoNulls;
        String type = details == null ? type(row) : details.type();
        Domain domain = TypeName.read(product, type);
        if (details != null) {
            domain = detailed(product, name, domain, details, checks);
        }
        boolean isDrawn =
                isIncremented || (initial != null && Model.fold(initial).startsWith("nextval("));
        Generation generation = isComputed
                ? Generation.COMPUTED
                : details != null && details.isAlways()
                        ? Generation.ALWAYS
                        : isDrawn ? Generation.BY_DEFAULT : Generation.NONE;
        boolean hasInitial = generation == Generation.NONE && initial != null && !initial.equalsIgnoreCase("null");
        if (domain instanceof Json && product == Product.MARIADB) {
            type = "json";
        } else if (details != null && details.collation() != null) {
            type = type + Ddl.COLLATE + details.collation();
        }
        String onUpdate = details == null ? null : details.onUpdate();
        boolean isPlain = given != null && !given.isExpression() && !isNumber(domain);
        String before = !hasInitial ? null : isPlain ? product.literal(initial) : initial;
        return new Field(
                name,
                domain,
                type,
                isNullable,
                before != null && onUpdate != null ? before + " on update " + onUpdate : before,
                generation,
                details != null && details.ignoresCase());
    }

    private static Domain detailed(
            Product product, String name, Domain domain, Details.Of details, List<Check> checks) {
        Expression column = new Name(Model.fold(name));
        if (!details.labels().isEmpty()) {
            List<Expression> labels =
                    details.labels().stream().<Expression>map(Words::new).toList();
            checks.add(new Check(null, null, details.type(), Optional.of(OneOf.of(column, labels))));
            return Text.of(
                    details.labels().stream().mapToInt(String::length).max().orElse(1));
        }
        Check isJson = checks.stream()
                .filter(check -> check.understood()
                        .filter(new Call("json_valid", List.of(column))::equals)
                        .isPresent())
                .findFirst()
                .orElse(null);
        if (product == Product.MARIADB && isJson != null && domain instanceof Text) {
            checks.remove(isJson);
            return new Json();
        }
        return domain instanceof Text text && !details.isUnicode() ? text.notUnicode() : domain;
    }

    private static boolean isNumber(Domain domain) {
        return domain instanceof Whole || domain instanceof Decimal || domain instanceof Approximate;
    }

    /** Of a product whose catalogue is not known. */
    private static String type(ResultSet row) throws SQLException {
        String name = row.getString("TYPE_NAME").toLowerCase(Locale.ROOT);
        int size = row.getInt("COLUMN_SIZE");
        int scale = row.getInt("DECIMAL_DIGITS");
        if (name.contains("(")) {
            return name;
        }
        return switch (row.getInt("DATA_TYPE")) {
            case Types.CHAR, Types.VARCHAR, Types.NCHAR, Types.NVARCHAR, Types.BINARY, Types.VARBINARY ->
                name + "(" + size + ")";
            case Types.DECIMAL, Types.NUMERIC -> name + "(" + size + "," + scale + ")";
            case Types.TIME, Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> {
                int word = name.indexOf(' ');
                yield word < 0
                        ? name + "(" + scale + ")"
                        : name.substring(0, word) + "(" + scale + ")" + name.substring(word);
            }
            default -> name;
        };
    }
}
