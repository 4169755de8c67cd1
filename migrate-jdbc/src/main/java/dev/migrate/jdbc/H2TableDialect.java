package dev.migrate.jdbc;

import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tables of H2. */
final class H2TableDialect implements TableDialect {
    @Override
    public String product() {
        return "h2";
    }

    @Override
    public String overriding() {
        return " OVERRIDING SYSTEM VALUE";
    }

    @Override
    public Kind kind(int type, String name) {
        String plain = name.toUpperCase(Locale.ROOT);
        if (type == Types.ARRAY || type == Types.JAVA_OBJECT || plain.startsWith("ROW") || plain.endsWith(" ARRAY")) {
            return Kind.UNSUPPORTED;
        }
        return switch (plain) {
            case "JSON" -> Kind.JSON;
            case "DECFLOAT" -> Kind.DECIMAL;
            case "ENUM", "GEOMETRY" -> Kind.OTHER;
            default -> TableDialect.super.kind(type, name);
        };
    }

    @Override
    public @Nullable Object read(ResultSet row, int at, Kind kind) throws SQLException {
        if (kind != Kind.DECIMAL) {
            return Cells.read(row, at, kind);
        }
        String text = row.getString(at);
        return text == null
                ? null
                : text.endsWith("N") || text.endsWith("y") ? (Object) Double.valueOf(text) : new BigDecimal(text);
    }

    @Override
    public void bind(PreparedStatement statement, int at, @Nullable Object value, Column column) throws SQLException {
        Double special = Cells.specialDecimal(value, column.kind());
        if (special != null) {
            statement.setDouble(at, special);
        } else if (value != null && column.kind() == Kind.JSON) {
            statement.setBytes(
                    at, Cells.text(value).getBytes(StandardCharsets.UTF_8)); // a text would become a JSON string
        } else if (value != null && column.kind() == Kind.OTHER) {
            statement.setString(at, Cells.text(value));
        } else {
            Cells.bind(statement, at, value, column);
        }
    }

    @Override
    public String createTrial(TrialColumns columns) {
        return columns.selected("CREATE LOCAL TEMPORARY TABLE ", "VARCHAR");
    }
}
