package dev.migrate.jdbc;

import dev.migrate.table.Column.Kind;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Locale;
import java.util.Set;

/** What differs between databases in reading and writing tables. */
enum TableDialect {
    POSTGRESQL("postgresql", true, " OVERRIDING SYSTEM VALUE") {
        @Override
        Kind kind(int type, String name) {
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
                default -> Kind.OTHER;
            };
        }
    },
    MARIADB("mariadb", false, "") {
        @Override
        Kind kind(int type, String name) {
            String plain = name.toLowerCase(Locale.ROOT);
            if (plain.startsWith("bigint") && plain.contains("unsigned")) {
                return Kind.DECIMAL;
            }
            if (plain.startsWith("tinyint") || plain.startsWith("year")) {
                return Kind.INTEGER;
            }
            if (plain.equals("uuid")) {
                return Kind.UUID;
            }
            // A CHAR comes without its padding, whatever it was stored with.
            return plain.startsWith("timestamp") ? Kind.TIMESTAMP : super.kind(type, name);
        }
    },
    H2("h2", false, " OVERRIDING SYSTEM VALUE"),
    /** Any other: plain SQL. */
    OTHER("other", false, "");

    private static final Set<String> LIKE_MARIADB = Set.of("mariadb", "mysql");
    private final String product;
    private final boolean comparesRows;
    private final String overriding;

    TableDialect(String product, boolean comparesRows, String overriding) {
        this.product = product;
        this.comparesRows = comparesRows;
        this.overriding = overriding;
    }

    static TableDialect of(DatabaseMetaData database) throws SQLException {
        String name = database.getDatabaseProductName().toLowerCase(Locale.ROOT);
        return name.startsWith("postgres")
                ? POSTGRESQL
                : LIKE_MARIADB.contains(name) ? MARIADB : name.equals("h2") ? H2 : OTHER;
    }

    String product() {
        return product;
    }

    /** Whether an index serves {@code (a, b) > (?, ?)}. */
    boolean comparesRows() {
        return comparesRows;
    }

    /** What an INSERT says to write identity columns itself. */
    String overriding() {
        return overriding;
    }

    /** How values of a type of the database are carried. */
    Kind kind(int type, String name) {
        return switch (type) {
            case Types.BIGINT, Types.INTEGER, Types.SMALLINT, Types.TINYINT -> Kind.INTEGER;
            case Types.DECIMAL, Types.NUMERIC -> Kind.DECIMAL;
            case Types.DOUBLE, Types.FLOAT -> Kind.DOUBLE;
            case Types.REAL -> Kind.FLOAT;
            case Types.VARCHAR, Types.LONGVARCHAR, Types.CLOB, Types.NVARCHAR, Types.LONGNVARCHAR, Types.NCLOB ->
                Kind.TEXT;
            case Types.CHAR, Types.NCHAR -> Kind.PADDED_TEXT;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB ->
                name.equalsIgnoreCase("uuid") ? Kind.UUID : Kind.BYTES;
            case Types.BOOLEAN, Types.BIT -> Kind.BOOLEAN;
            case Types.DATE -> Kind.DATE;
            case Types.TIME -> Kind.TIME;
            case Types.TIMESTAMP -> Kind.TIMESTAMP;
            case Types.TIMESTAMP_WITH_TIMEZONE -> Kind.INSTANT;
            default -> name.equalsIgnoreCase("uuid") ? Kind.UUID : Kind.OTHER;
        };
    }
}
