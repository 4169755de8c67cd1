package dev.migrate.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The canonical text of keys of common types, which says its own type, so that it can be read back without being told.
 *
 * <p>{@code s:} a string, {@code l:} a long, {@code i:} an int, {@code u:} a UUID, {@code c:} a list: the number of its parts,
 * then each part's text behind its length.
 */
public final class CanonicalKeys {
    /** How many characters say the type, for all but lists. */
    public static final int TAG = 2;

    private CanonicalKeys() {}

    /** The canonical text of a key; throws {@link IllegalArgumentException} for a type that needs a codec. */
    public static String encode(Object key) {
        if (key instanceof String) {
            return "s:" + key;
        }
        if (key instanceof Long) {
            return "l:" + key;
        }
        if (key instanceof Integer) {
            return "i:" + key;
        }
        if (key instanceof UUID) {
            return "u:" + key;
        }
        if (key instanceof List<?> parts) {
            StringBuilder text = new StringBuilder("c:").append(parts.size());
            for (Object part : parts) {
                String encoded = encode(part);
                text.append(',').append(encoded.length()).append(':').append(encoded);
            }
            return text.toString();
        }
        throw new IllegalArgumentException("a key of " + key.getClass().getName()
                + " has no canonical text of its own; give the router a KeyCodec for it with keyCodec(..)");
    }

    /** The key of a canonical text. */
    public static Object decode(String text) {
        String value = text.substring(Math.min(2, text.length()));
        try {
            return switch (text.substring(0, Math.min(2, text.length()))) {
                case "s:" -> value;
                case "l:" -> Long.valueOf(value);
                case "i:" -> Integer.valueOf(value);
                case "u:" -> UUID.fromString(value);
                case "c:" -> decodeParts(value);
                default -> throw new IllegalArgumentException("no type tag");
            };
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException malformed) {
            throw new IllegalArgumentException("not the canonical text of a key", malformed);
        }
    }

    private static List<Object> decodeParts(String text) {
        int at = text.indexOf(',');
        int count = Integer.parseInt(at < 0 ? text : text.substring(0, at));
        List<Object> parts = new ArrayList<>(count);
        while (parts.size() < count) {
            int colon = text.indexOf(':', at);
            int end = colon + 1 + Integer.parseInt(text.substring(at + 1, colon));
            parts.add(decode(text.substring(colon + 1, end)));
            at = end;
        }
        return List.copyOf(parts);
    }
}
