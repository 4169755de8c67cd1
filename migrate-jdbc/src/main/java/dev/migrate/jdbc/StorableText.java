package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import java.nio.charset.StandardCharsets;

/** What text a database keeps as it is: two keys that differ must not become one on the way. */
final class StorableText {
    private static final int LONGEST_KEY = 512;
    private static final int LONGEST_ERROR = 1000;

    private StorableText() {}

    /** Refuses text that some database would cut, alter or not take; the text itself is not told, it may be a secret. */
    static void check(String what, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new MigrationException(
                    what + " must not contain the character NUL, which databases do not keep; encode it otherwise");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new MigrationException(
                    what + " must be well-formed Unicode, but has half of a surrogate pair; encode it otherwise");
        }
    }

    static String key(String key) {
        if (key.length() > LONGEST_KEY) {
            throw new MigrationException("a canonical key must have at most " + LONGEST_KEY + " characters, but had "
                    + key.length() + "; give the router a KeyCodec with shorter texts");
        }
        check("a canonical key", key);
        return key;
    }

    /** An error message in the form in which it can be kept: without NUL and halves of characters, and cut. */
    static String error(String message) {
        String kept = message.length() > LONGEST_ERROR ? message.substring(0, LONGEST_ERROR) : message;
        byte[] bytes = kept.replace('\0', ' ').getBytes(StandardCharsets.UTF_8);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
