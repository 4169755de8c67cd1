package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.OwnForm;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
                case "json", "jsonb" -> Kind.JSON;
                case "money", "_money" -> Kind.UNSUPPORTED; // its text is the locale's, and so are its digits
                default -> Kind.OTHER;
            };
        }

        // The driver gives arrays and points in another form once a statement has run five times.
        @Override
        String selected(Column column, String quoted) {
            return column.kind() == Kind.OTHER || column.kind() == Kind.JSON ? "CAST(" + quoted + " AS text)" : quoted;
        }

        @Override
        @Nullable Object read(ResultSet row, int at, Kind kind) throws SQLException {
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
        void bind(PreparedStatement statement, int at, @Nullable Object value, Column column) throws SQLException {
            Double special = Cells.specialDecimal(value, column.kind());
            if (special != null) {
                statement.setDouble(at, special);
            } else {
                Cells.bind(statement, at, value, column);
            }
        }
    },
    MARIADB("mariadb", false, "") {
        @Override
        Kind kind(int type, String name) {
            String plain = name.toLowerCase(Locale.ROOT);
            if (plain.startsWith("bigint") && plain.contains("unsigned")) {
                return Kind.DECIMAL;
            }
            boolean isTruth = type == Types.BIT || type == Types.BOOLEAN; // TINYINT(1) and any BIT, which hold more
            if (isTruth || plain.startsWith("tinyint") || plain.startsWith("year")) {
                return Kind.INTEGER;
            }
            if (plain.equals("uuid")) {
                return Kind.UUID;
            }
            if (GEOMETRIES.contains(plain)) {
                return Kind.UNSUPPORTED; // not every one can be written as it is read
            }
            // A CHAR comes without its padding, whatever it was stored with.
            return plain.startsWith("timestamp") ? Kind.TIMESTAMP : super.kind(type, name);
        }

        // As text, a FLOAT has six digits of its seven to nine. A time that does not come as text the driver would
        // first
        // understand and then write again, which takes it longer than all the rest of a row.
        @Override
        String selected(Column column, String quoted) {
            return switch (column.kind()) {
                case FLOAT -> quoted + " + 0E0";
                case DATE, TIME, TIMESTAMP -> "CAST(" + quoted + " AS char)";
                default -> quoted;
            };
        }

        @Override
        @Nullable Object read(ResultSet row, int at, Kind kind) throws SQLException {
            return switch (kind) {
                case DATE, TIME, TIMESTAMP -> MariaDbTime.read(row, at, kind);
                default -> Cells.read(row, at, kind);
            };
        }

        // The driver would write NaN and the infinities as names of columns, and the largest float as one that is too
        // large.
        @Override
        void bind(PreparedStatement statement, int at, @Nullable Object value, Column column) throws SQLException {
            if (value instanceof OwnForm own && isItsOwn(own, column)) {
                statement.setString(at, own.text());
            } else if (Cells.isNotFinite(value) && column.kind() != Kind.TEXT) {
                throw new MigrationException("a number that is not finite cannot be written to column '" + column.name()
                        + "' of type " + column.type() + "; derive(..) the column in the mapping");
            } else if (value != null && (column.kind() == Kind.JSON || column.kind() == Kind.OTHER)) {
                statement.setString(at, Cells.text(value));
            } else if (value != null && column.kind() == Kind.FLOAT) {
                Float number = (Float) Objects.requireNonNull(Cells.convert(value, Kind.FLOAT));
                statement.setDouble(at, number.doubleValue());
            } else {
                Cells.bind(statement, at, value, column);
            }
        }
    },
    H2("h2", false, " OVERRIDING SYSTEM VALUE") {
        @Override
        Kind kind(int type, String name) {
            String plain = name.toUpperCase(Locale.ROOT);
            if (type == Types.ARRAY
                    || type == Types.JAVA_OBJECT
                    || plain.startsWith("ROW")
                    || plain.endsWith(" ARRAY")) {
                return Kind.UNSUPPORTED;
            }
            return switch (plain) {
                case "JSON" -> Kind.JSON;
                case "DECFLOAT" -> Kind.DECIMAL;
                case "ENUM", "GEOMETRY" -> Kind.OTHER;
                default -> super.kind(type, name);
            };
        }

        @Override
        @Nullable Object read(ResultSet row, int at, Kind kind) throws SQLException {
            if (kind != Kind.DECIMAL) {
                return Cells.read(row, at, kind);
            }
            String text = row.getString(at);
            return text == null
                    ? null
                    : text.endsWith("N") || text.endsWith("y") ? (Object) Double.valueOf(text) : new BigDecimal(text);
        }

        @Override
        void bind(PreparedStatement statement, int at, @Nullable Object value, Column column) throws SQLException {
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
    },
    /** Any other: plain SQL. */
    OTHER("other", false, "");

    private static final Set<String> LIKE_MARIADB = Set.of("mariadb", "mysql");
    private static final Set<String> GEOMETRIES = Set.of(
            "geometry",
            "point",
            "linestring",
            "polygon",
            "multipoint",
            "multilinestring",
            "multipolygon",
            "geometrycollection");
    private static final Set<Kind> MARIADB_TIMES = EnumSet.of(Kind.DATE, Kind.TIME, Kind.TIMESTAMP);
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

    /** What is selected to read a column that is not of the key. */
    String selected(Column column, String quoted) {
        return quoted;
    }

    /** A value of a row, in the type that the kind says. */
    @Nullable Object read(ResultSet row, int at, Kind kind) throws SQLException {
        return Cells.read(row, at, kind);
    }

    /** Binds a value of any kind to a column; refused where that would not be exact, or makes no sense. */
    void bind(PreparedStatement statement, int at, @Nullable Object value, Column column) throws SQLException {
        Cells.bind(statement, at, value, column);
    }

    /** Whether a value is one that no Java type of the column's kind has, and some column of this database can hold. */
    boolean isItsOwn(Object value, Column column) {
        return this == MARIADB
                ? value instanceof OwnForm && MARIADB_TIMES.contains(column.kind())
                : Cells.specialDecimal(value, column.kind()) != null;
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
