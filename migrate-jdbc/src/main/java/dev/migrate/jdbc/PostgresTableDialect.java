package dev.migrate.jdbc;

import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Horizon;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Tables of PostgreSQL. */
final class PostgresTableDialect implements TableDialect {
    @Override
    public String product() {
        return "postgresql";
    }

    @Override
    public boolean comparesRows() {
        return true;
    }

    @Override
    public String overriding() {
        return " OVERRIDING SYSTEM VALUE";
    }

    @Override
    public Horizon horizon(Connection connection) throws SQLException {
        return TableChanges.ofPostgres(connection);
    }

    @Override
    public boolean reckonsRows() {
        return true;
    }

    @Override
    public boolean ordersUuidsLike(TableDialect other, boolean isSameVersion) {
        return other instanceof PostgresTableDialect;
    }

    @Override
    public boolean keepsBytes() {
        return true;
    }

    @Override
    public Kind kind(int type, String name) {
        return switch (name) {
            case "bool" -> Kind.BOOLEAN;
            case "text", "varchar", "name" -> Kind.TEXT;
            case "bpchar" -> Kind.PADDED_TEXT;
            case "uuid" -> Kind.UUID;
            case "timestamptz" -> Kind.INSTANT;
            case "int2", "int4", "int8", "smallserial", "serial", "bigserial", "oid" -> Kind.INTEGER;
            case "numeric" -> Kind.DECIMAL;
            case "float4" -> Kind.FLOAT;
            case "float8" -> Kind.DOUBLE;
            case "bytea" -> Kind.BYTES;
            case "date" -> Kind.DATE;
            case "time" -> Kind.TIME;
            case "timestamp" -> Kind.TIMESTAMP;
            case "json", "jsonb" -> Kind.JSON;
            case "money", "_money" -> Kind.UNSUPPORTED; // its text is the locale's, and so are its digits
            default -> Kind.OTHER;
        };
    }

    // The driver gives arrays and points in another form once a statement has run five times.
    @Override
    public String selected(Column column, String quoted) {
        return column.kind() == Kind.OTHER || column.kind() == Kind.JSON ? "CAST(" + quoted + " AS text)" : quoted;
    }

    @Override
    public @Nullable Object read(ResultSet row, int at, Kind kind) throws SQLException {
        if (kind != Kind.DECIMAL) {
            return Cells.read(row, at, kind);
        }
        try {
            return row.getBigDecimal(at);
        } catch (SQLException notOne) {
            double number = row.getDouble(at);
            if (Double.isFinite(number)) {
                throw notOne;
            }
            return number;
        }
    }

    @Override
    public void bind(PreparedStatement statement, int at, @Nullable Object value, Column column) throws SQLException {
        Double special = Cells.specialDecimal(value, column.kind());
        if (special != null) {
            statement.setDouble(at, special);
        } else {
            Cells.bind(statement, at, value, column);
        }
    }
}
