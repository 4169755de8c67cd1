package dev.migrate.reconcile;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Whether two texts of JSON have the same value: spaces, the order of an object's members, the notation of numbers and escapes do not
 * matter.
 *
 * <p>What has no certain value is equal as text alone: what is not JSON, an object with two members of one name, a number with an
 * exponent that no decimal has, and what is nested too deeply to be read.
 */
final class JsonText {
    private static final int DEEPEST = 500;
    private static final Object NULL = new Object();
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");
    private final String text;
    private int at;
    private int depth;

    private JsonText(String text) {
        this.text = text;
    }

    /** The text has no certain value. */
    private static final class Uncertain extends Exception {
        private static final long serialVersionUID = 1L;

        Uncertain() {
            super(null, null, false, false);
        }
    }

    static boolean same(String one, String other) {
        if (one.equals(other)) {
            return true;
        }
        try {
            return same(new JsonText(one).read(), new JsonText(other).read());
        } catch (Uncertain texts) {
            return false;
        }
    }

    private static boolean same(Object one, Object other) {
        if (one instanceof BigDecimal number && other instanceof BigDecimal another) {
            return number.compareTo(another) == 0;
        }
        if (one instanceof List<?> list && other instanceof List<?> another) {
            for (int place = 0; place < list.size() && place < another.size(); place++) {
                if (!same(list.get(place), another.get(place))) {
                    return false;
                }
            }
            return list.size() == another.size();
        }
        if (one instanceof Map<?, ?> members && other instanceof Map<?, ?> others) {
            return members.size() == others.size()
                    && members.entrySet().stream().allMatch(member -> {
                        Object another = others.get(member.getKey());
                        return another != null && same(member.getValue(), another);
                    });
        }
        return one.equals(other);
    }

    private Object read() throws Uncertain {
        Object value = value();
        space();
        require(at == text.length());
        return value;
    }

    private Object value() throws Uncertain {
        space();
        require(at < text.length() && ++depth <= DEEPEST);
        Object value = switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", NULL);
            default -> number();
        };
        depth--;
        return value;
    }

    private Map<String, Object> object() throws Uncertain {
        Map<String, Object> members = new HashMap<>();
        at++;
        space();
        if (skips('}')) {
            return members;
        }
        do {
            space();
            require(at < text.length() && text.charAt(at) == '"');
            String name = string();
            space();
            require(skips(':'));
            require(members.put(name, value()) == null);
            space();
        } while (skips(','));
        require(skips('}'));
        return members;
    }

    private List<Object> array() throws Uncertain {
        List<Object> values = new ArrayList<>();
        at++;
        space();
        if (skips(']')) {
            return values;
        }
        do {
            values.add(value());
            space();
        } while (skips(','));
        require(skips(']'));
        return values;
    }

    private String string() throws Uncertain {
        StringBuilder string = new StringBuilder();
        at++;
        while (!skips('"')) {
            require(at < text.length() && text.charAt(at) >= ' ');
            char next = text.charAt(at++);
            string.append(next == '\\' ? escaped() : next);
        }
        return string.toString();
    }

    private char escaped() throws Uncertain {
        require(at < text.length());
        char escape = text.charAt(at++);
        return switch (escape) {
            case '"', '\\', '/' -> escape;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int digit = 0; digit < 4; digit++) {
                    require(at < text.length());
                    int value = Character.digit(text.charAt(at++), 16);
                    require(value >= 0);
                    code = code * 16 + value;
                }
                yield (char) code;
            }
            default -> throw new Uncertain();
        };
    }

    private BigDecimal number() throws Uncertain {
        int begin = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String number = text.substring(begin, at);
        require(NUMBER.matcher(number).matches());
        try {
            return new BigDecimal(number);
        } catch (NumberFormatException tooLarge) {
            throw new Uncertain();
        }
    }

    private Object word(String word, Object value) throws Uncertain {
        require(text.startsWith(word, at));
        at += word.length();
        return value;
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

    private static void require(boolean isSo) throws Uncertain {
        if (!isSo) {
            throw new Uncertain();
        }
    }
}
