package dev.migrate.internal;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Texts as reports write them for machines (RFC 8259), safe in a script and on a terminal. */
public final class JsonStrings {
    private JsonStrings() {}

    /** Appends a name and its text, or null. */
    public static StringBuilder member(StringBuilder json, String name, @Nullable String value) {
        json.append('"').append(name).append("\":");
        if (value == null) {
            return json.append("null");
        }
        json.append('"');
        value.codePoints().forEach(character -> append(json, character));
        return json.append('"');
    }

    private static void append(StringBuilder json, int character) {
        switch (character) {
            case '"' -> json.append("\\\"");
            case '\\' -> json.append("\\\\");
            case '\n' -> json.append("\\n");
            case '\r' -> json.append("\\r");
            case '\t' -> json.append("\\t");
            default -> {
                boolean isAlone = character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
                if (character < ' ' || character == 0x7f || character == 0x2028 || character == 0x2029 || isAlone) {
                    json.append(String.format(Locale.ROOT, "\\u%04x", character));
                } else {
                    json.appendCodePoint(character);
                }
            }
        }
    }
}
