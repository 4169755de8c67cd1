package dev.migrate.jdbc;

import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import java.util.Locale;

/** Tables of Oracle 12c and later, for reading. An empty text is NULL there, and is read as NULL. */
final class OracleTableDialect implements ReadTableDialect {
    private static final int LONGEST_OF_LONG = 18;

    @Override
    public String product() {
        return "oracle";
    }

    @Override
    public String name() {
        return "Oracle";
    }

    /** A NUMBER without decimals is carried as a whole number where every one of its size is a {@code long}. */
    @Override
    public Kind kind(int type, String name, int size, int scale) {
        boolean isWhole = name.equalsIgnoreCase("NUMBER") && scale == 0 && size >= 1 && size <= LONGEST_OF_LONG;
        return isWhole ? Kind.INTEGER : kind(type, name);
    }

    @Override
    public Kind kind(int type, String name) {
        String plain = name.toUpperCase(Locale.ROOT).replaceAll("\\(\\d+\\)", "");
        return switch (plain) {
            case "NUMBER", "FLOAT" -> Kind.DECIMAL; // a FLOAT is a NUMBER of so many binary digits
            case "BINARY_FLOAT" -> Kind.FLOAT;
            case "BINARY_DOUBLE" -> Kind.DOUBLE;
            case "VARCHAR2", "VARCHAR", "NVARCHAR2", "CLOB", "NCLOB" -> Kind.TEXT;
            case "CHAR", "NCHAR" -> Kind.PADDED_TEXT;
            case "RAW", "BLOB" -> Kind.BYTES;
            case "DATE", "TIMESTAMP" -> Kind.TIMESTAMP; // a DATE has a time of day
            case "TIMESTAMP WITH TIME ZONE", "TIMESTAMP WITH LOCAL TIME ZONE" -> Kind.INSTANT;
            case "BOOLEAN" -> Kind.BOOLEAN;
            case "JSON" -> Kind.JSON;
            // LONG and LONG RAW must be read before every other column, ROWIDs are places of this table, and the rest
            // are objects
            default -> Kind.UNSUPPORTED;
        };
    }

    /** What is read of a CHAR has lost its padding, without which the database does not find it by a text of variable length. */
    @Override
    public void requireKey(String table, Column column) {
        if (column.kind() == Kind.PADDED_TEXT) {
            throw unfitKey(table, column.name(), "is a CHAR, whose values are not found by what is read of them");
        }
    }

    @Override
    public String first(String query) {
        return query + " FETCH FIRST 1 ROWS ONLY";
    }

    @Override
    public String after(String query) {
        return query + " OFFSET ? ROWS FETCH NEXT 1 ROWS ONLY";
    }

    @Override
    public String remainder(String number) {
        return "MOD(" + number + ", ?)";
    }

    @Override
    public String text(String text, Column column) {
        boolean isNational = column.type().toUpperCase(Locale.ROOT).startsWith("N");
        return "SELECT " + (isNational ? "N'" : "'") + text + "' FROM DUAL";
    }
}
