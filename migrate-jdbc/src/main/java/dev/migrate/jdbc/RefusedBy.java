package dev.migrate.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which rule of a table refused a row, as far as the database tells, without the values that its message holds. */
final class RefusedBy {
    private static final List<Pattern> NAMES = List.of(
            Pattern.compile("constraint [\"'`]([^\"'`]+)[\"'`]"), // PostgreSQL
            Pattern.compile("for key '([^']+)'\\s*$", Pattern.MULTILINE), // MariaDB
            Pattern.compile("CONSTRAINT `([^`]+)`"), // MariaDB
            Pattern.compile(": \"([A-Za-z0-9_$.]+(?: ON [A-Za-z0-9_$.\"]+\\([A-Za-z0-9_$., \"]*\\))?)"), // H2
            Pattern.compile("[Cc]olumn `[^`]+`\\.`[^`]+`\\.`([^`]+)`"), // MariaDB
            Pattern.compile("[Cc]olumn [\"'`]([A-Za-z0-9_$]+)[\"'`]"));

    private RefusedBy() {}

    static String rule(SQLException refusal) {
        String kind = kind(refusal);
        String message = refusal.getMessage() == null ? "" : refusal.getMessage();
        for (Pattern name : NAMES) {
            Matcher found = name.matcher(message);
            if (found.find()) {
                return kind + " '" + found.group(1) + "'";
            }
        }
        return kind;
    }

    private static String kind(SQLException refusal) {
        if (SqlFailure.isDuplicate(refusal)) {
            return "unique key";
        }
        String state = String.valueOf(refusal.getSQLState());
        return switch (state) {
            case "23502" -> "NOT NULL of column";
            case "23503", "23506" -> "foreign key";
            case "23513", "23514" -> "check";
            case "22001" -> "length of column";
            case "22003" -> "range of column";
            default -> state.startsWith("22") ? "type of column" : "constraint";
        };
    }
}
