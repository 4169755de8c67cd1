package dev.migrate.items;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Digests of content, computed by reading it with a buffer. */
final class Digests {
    private static final int BUFFER = 1 << 16;

    private Digests() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** The digest that the collection says an item has, or else that of its content, which is read. */
    static String of(ReadableItems source, Item item) throws IOException {
        return item.sha256() != null ? item.sha256() : byReading(source, item);
    }

    /** The digest of an item's content, which is read whatever the collection says. */
    static String byReading(ReadableItems source, Item item) throws IOException {
        MeasuredContent content = new MeasuredContent(source, item);
        try (InputStream in = content.open()) {
            byte[] buffer = new byte[BUFFER];
            while (in.read(buffer) >= 0) {
                // digested on the way
            }
        }
        return Objects.requireNonNull(content.sha256(), "read to its end");
    }

    /** Whether a second item is there and has the same content: of the same length and digest, for which what has none is read. */
    static boolean isSame(ReadableItems one, Item first, ReadableItems other, @Nullable Item second)
            throws IOException {
        return second != null && first.size() == second.size() && of(one, first).equals(of(other, second));
    }
}
