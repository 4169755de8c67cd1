package dev.migrate.jdbc.schema;

import dev.migrate.MigrationException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON as RFC 8259 has it, and nothing more lenient: objects as maps in their order, arrays as lists, text, {@link BigDecimal}, booleans and
 * null.
 */
final class Json {
    private static final int DEEPEST = 64;
    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /** The value of a whole text. */
    static @Nullable Object read(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.space();
        if (json.at < text.length()) {
            throw json.refused("nothing may follow the value");
        }
        return value;
    }

    private @Nullable Object value() {
        space();
        if (at == text.length()) {
            throw refused("a value is missing");
        }
        char first = text.charAt(at);
        if (first == '{' || first == '[') {
            if (++depth > DEEPEST) {
                throw refused("values may be nested " + DEEPEST + " deep at most");
            }
            Object value = first == '{' ? object() : array();
            depth--;
            return value;
        }
        if (first == '"') {
            return string();
        }
        return first == '-' || (first >= '0' && first <= '9') ? number() : word();
    }

    private Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        at++;
        space();
        if (skips('}')) {
            return members;
        }
        do {
            space();
            if (at == text.length() || text.charAt(at) != '"') {
                throw refused("a name in quotes must come here");
            }
            String name = string();
            space();
            require(':');
            if (members.containsKey(name)) {
                throw refused("the name \"" + name + "\" comes twice");
            }
            members.put(name, value());
            space();
        } while (skips(','));
        require('}');
        return members;
    }

    private List<@Nullable Object> array() {
        List<@Nullable Object> values = new ArrayList<>();
        at++;
        space();
        if (skips(']')) {
            return values;
        }
        do {
            values.add(value());
            space();
        } while (skips(','));
        require(']');
        return values;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            char next = text.charAt(at);
            if (next < ' ') {
                throw refused("a control character must be escaped in a text");
            }
            at++;
            string.append(next == '\\' ? escaped() : next);
        }
        require('"');
        return string.toString();
    }

    private char escaped() {
        char escape = at < text.length() ? text.charAt(at++) : ' ';
        return switch (escape) {
            case '"', '\\', '/' -> escape;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                String digits = text.substring(at, Math.min(at + 4, text.length()));
                if (!digits.matches("[0-9a-fA-F]{4}")) {
                    throw refused("four hexadecimal digits must follow \\u");
                }
                at += 4;
                yield (char) Integer.parseInt(digits, 16);
            }
            default -> throw refused("there is no such escape");
        };
    }

    private BigDecimal number() {
        int begin = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String number = text.substring(begin, at);
        if (!number.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d{1,6})?")) {
            throw refused("this is no number");
        }
        return new BigDecimal(number);
    }

    private @Nullable Object word() {
        for (String word : List.of("true", "false", "null")) {
            if (text.startsWith(word, at)) {
                at += word.length();
                return word.equals("null") ? null : Boolean.valueOf(word);
            }
        }
        throw refused("this is no value");
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean skips(char sign) {
        boolean isHere = at < text.length() && text.charAt(at) == sign;
        if (isHere) {
            at++;
        }
        return isHere;
    }

    private void require(char sign) {
        if (!skips(sign)) {
            throw refused("'" + sign + "' must come here");
        }
    }

    private MigrationException refused(String why) {
        long line = text.substring(0, at)
                        .chars()
                        .filter(character -> character == '\n')
                        .count()
                + 1;
        int column = at - text.lastIndexOf('\n', Math.max(0, at - 1));
        return new MigrationException("the schema document must be JSON, but at line " + line + ", column "
                + Math.max(1, column) + " " + why);
    }
}
