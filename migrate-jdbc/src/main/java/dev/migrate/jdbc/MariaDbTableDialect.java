package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Horizon;
import dev.migrate.table.OwnForm;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tables of MariaDB. */
class MariaDbTableDialect implements TableDialect {
    private static final Set<String> GEOMETRIES = Set.of(
            "geometry",
            "point",
            "linestring",
            "polygon",
            "multipoint",
            "multilinestring",
            "multipolygon",
            "geometrycollection");
    private static final Set<Kind> TIMES = EnumSet.of(Kind.DATE, Kind.TIME, Kind.TIMESTAMP);

    @Override
    public String product() {
        return "mariadb";
    }

    @Override
    public boolean hasCatalogs() {
        return true;
    }

    @Override
    public Horizon horizon(Connection connection) throws SQLException {
        return TableChanges.ofClock(connection, "utc_timestamp(6)");
    }

    /** It keeps dates that do not exist. */
    @Override
    public String orNoMoment(String quoted) {
        return " OR " + quoted + " = 0";
    }

    @Override
    public boolean mayCut() {
        return true;
    }

    @Override
    public Kind kind(int type, String name) {
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
        return plain.startsWith("timestamp") ? Kind.TIMESTAMP : TableDialect.super.kind(type, name);
    }

    // As text, a FLOAT has six digits of its seven to nine. A time that does not come as text the driver would first
    // understand and then write again, which takes it longer than all the rest of a row.
    @Override
    public String selected(Column column, String quoted) {
        return switch (column.kind()) {
            case FLOAT -> quoted + " + 0E0";
            case DATE, TIME, TIMESTAMP -> "CAST(" + quoted + " AS char)";
            default -> quoted;
        };
    }

    @Override
    public @Nullable Object read(ResultSet row, int at, Kind kind) throws SQLException {
        return switch (kind) {
            case DATE, TIME, TIMESTAMP -> MariaDbTime.read(row, at, kind);
            default -> Cells.read(row, at, kind);
        };
    }

    // The driver would write NaN and the infinities as names of columns, and the largest float as one that is too
    // large.
    @Override
    public void bind(PreparedStatement statement, int at, @Nullable Object value, Column column) throws SQLException {
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

    @Override
    public boolean isItsOwn(Object value, Column column) {
        return value instanceof OwnForm && TIMES.contains(column.kind());
    }

    /** Column by column: selecting from the table would bring its checks along. */
    @Override
    public String createTrial(TrialColumns columns) {
        return columns.declared("CREATE TEMPORARY TABLE ", "BIGINT", "LONGTEXT CHARACTER SET utf8mb4");
    }

    @Override
    public String dropTrial(String table) {
        return "DROP TEMPORARY TABLE " + table;
    }
}
