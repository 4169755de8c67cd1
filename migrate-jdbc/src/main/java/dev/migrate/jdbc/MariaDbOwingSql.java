package dev.migrate.jdbc;

import dev.migrate.table.Column.Kind;
import java.util.List;

/** MariaDB's expressions. */
record MariaDbOwingSql(String schema, HashState hash) implements OwingSql {
    private static final String UUID_TEXT = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";

    @Override
    public String joined(List<String> texts) {
        return "concat(" + String.join(", ", texts) + ")";
    }

    @Override
    public String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Adding nothing takes a column's zero-fill away; what does not fit is NULL, and refused as a key that is missing. */
    @Override
    public String number(String column, boolean isInt) {
        return isInt
                ? "if(" + column + " between -2147483648 and 2147483647, " + column + " + 0, null)"
                : "(" + column + " + 0)";
    }

    @Override
    public String digits(String number) {
        return "cast(" + number + " as char)";
    }

    @Override
    public String uuid(String column, Kind kind) {
        return kind == Kind.UUID
                ? "cast(" + column + " as char)"
                : "if(" + text(column, kind) + " regexp '" + UUID_TEXT + "', lower(" + text(column, kind) + "), null)";
    }

    @Override
    public String text(String column, Kind kind) {
        return switch (kind) {
            case TEXT -> utf8(column);
            case PADDED_TEXT -> "trim(trailing ' ' from " + utf8(column) + ")";
            case UUID -> uuid(column, kind);
            default -> digits("(" + column + " + 0)");
        };
    }

    private static String utf8(String column) {
        return "convert(" + column + " using utf8mb4) collate utf8mb4_nopad_bin";
    }

    @Override
    public String lengthOfAscii(String text) {
        return "char_length(" + text + ")";
    }

    @Override
    public String lengthOf(String text) {
        return "(length(convert(" + text + " using utf16le)) div 2)";
    }

    @Override
    public String segmentOfNumber(String number) {
        return schema + ".migrate_segment_of_number_1(" + number + ", " + state() + ")";
    }

    @Override
    public String segmentOfText(String text) {
        return schema + ".migrate_segment_of_text_1(" + text + ", " + state() + ")";
    }

    private String state() {
        return Long.toUnsignedString(hash.first()) + ", " + Long.toUnsignedString(hash.fifth());
    }
}
