package dev.migrate.jdbc;

import dev.migrate.table.Column.Kind;
import java.util.List;

/** PostgreSQL's expressions. */
record PostgresOwingSql(String schema, HashState hash) implements OwingSql {
    @Override
    public String joined(List<String> texts) {
        return "(" + String.join(" || ", texts) + ")";
    }

    @Override
    public String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    @Override
    public String number(String column, boolean isInt) {
        return column + (isInt ? "::integer" : "::bigint");
    }

    @Override
    public String digits(String number) {
        return number + "::text";
    }

    @Override
    public String uuid(String column, Kind kind) {
        return kind == Kind.UUID ? column + "::text" : text(column, kind) + "::uuid::text";
    }

    @Override
    public String text(String column, Kind kind) {
        return kind == Kind.PADDED_TEXT ? "rtrim(" + column + "::text, ' ')" : column + "::text";
    }

    @Override
    public String lengthOfAscii(String text) {
        return "length(" + text + ")";
    }

    @Override
    public String lengthOf(String text) {
        return schema + ".migrate_units_1(" + text + ")";
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
        return "'" + hash.first() + "'::bigint, '" + hash.fifth() + "'::bigint";
    }
}
