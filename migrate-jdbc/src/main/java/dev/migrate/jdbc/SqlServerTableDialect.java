package dev.migrate.jdbc;

import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tables of SQL Server 2012 and later, for reading. */
final class SqlServerTableDialect implements ReadTableDialect {
    @Override
    public String product() {
        return "sqlserver";
    }

    @Override
    public String name() {
        return "SQL Server";
    }

    @Override
    public Kind kind(int type, String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\s*(\\(\\))?\\s*identity$", "");
        return switch (plain) {
            case "tinyint", "smallint", "int", "bigint" -> Kind.INTEGER; // a tinyint goes from 0 to 255
            case "bit" -> Kind.BOOLEAN;
            case "decimal", "numeric", "money", "smallmoney" -> Kind.DECIMAL;
            case "float" -> Kind.DOUBLE;
            case "real" -> Kind.FLOAT;
            case "varchar", "nvarchar", "text", "ntext", "sysname" -> Kind.TEXT;
            case "char", "nchar" -> Kind.PADDED_TEXT;
            case "binary", "varbinary", "image" -> Kind.BYTES;
            case "date" -> Kind.DATE;
            case "time" -> Kind.TIME;
            case "datetime", "datetime2", "smalldatetime" -> Kind.TIMESTAMP;
            case "datetimeoffset" -> Kind.INSTANT; // the moment, which is what the server compares; not the offset
            case "uniqueidentifier" -> Kind.UUID;
            case "json" -> Kind.JSON;
            // a rowversion is the server's own; the others have no text that is read again as the same value
            case "timestamp", "rowversion", "sql_variant", "hierarchyid", "geometry", "geography", "xml", "vector" ->
                Kind.UNSUPPORTED;
            default -> alias(type);
        };
    }

    /** A type that the application has named is told by what it is made of; the driver's own types are not. */
    private Kind alias(int type) {
        return switch (type) {
            case Types.BIGINT, Types.INTEGER, Types.SMALLINT, Types.TINYINT -> Kind.INTEGER;
            case Types.DECIMAL, Types.NUMERIC -> Kind.DECIMAL;
            case Types.VARCHAR, Types.NVARCHAR, Types.LONGVARCHAR, Types.LONGNVARCHAR -> Kind.TEXT;
            case Types.NCHAR -> Kind.PADDED_TEXT;
            case Types.BIT -> Kind.BOOLEAN;
            case Types.DOUBLE, Types.FLOAT -> Kind.DOUBLE;
            case Types.REAL -> Kind.FLOAT;
            case Types.DATE -> Kind.DATE;
            default -> Kind.UNSUPPORTED;
        };
    }

    /** By groups of bytes, the last first; nothing is promised of another version. */
    @Override
    public boolean ordersUuidsLike(TableDialect other, boolean isSameVersion) {
        return false;
    }

    /** A DATETIME counts by 1/300 s, and is not equal to the same digits in a DATETIME2, which is what the driver sends. */
    @Override
    public void requireKey(String table, Column column) {
        if (column.type().toLowerCase(Locale.ROOT).startsWith("datetime(")) {
            throw unfitKey(
                    table, column.name(), "is a DATETIME, whose values are not found again by what is read of them");
        }
    }

    @Override
    public String countOfRows() {
        return "COUNT_BIG(*)";
    }

    @Override
    public String first(String query) {
        return query + " OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY";
    }

    @Override
    public String after(String query) {
        return query + " OFFSET ? ROWS FETCH NEXT 1 ROWS ONLY";
    }

    @Override
    public int mostParameters() {
        return 2_000;
    }

    /** A text becomes a UNIQUEIDENTIFIER where it is compared with one. */
    @Override
    public void bind(PreparedStatement statement, int at, @Nullable Object value, Column column) throws SQLException {
        if (column.kind() == Kind.UUID && Cells.convert(value, Kind.UUID) instanceof UUID uuid) {
            statement.setString(at, uuid.toString());
        } else {
            Cells.bind(statement, at, value, column);
        }
    }
}
