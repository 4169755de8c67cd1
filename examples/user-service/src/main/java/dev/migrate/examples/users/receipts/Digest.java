package dev.migrate.examples.users.receipts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A short name for a row's contents: the first 64 bits of the SHA-256 of its fields, each with its length. */
public final class Digest {

    private Digest() {}

    /** The digest of the fields in their order, as 16 hexadecimal digits. */
    public static String of(@Nullable Object... fields) {
        MessageDigest sha256 = sha256();
        for (Object field : fields) {
            if (field == null) {
                sha256.update((byte) 0);
            } else {
                byte[] text = field.toString().getBytes(StandardCharsets.UTF_8);
                sha256.update(ByteBuffer.allocate(5).put((byte) 1).putInt(text.length).flip());
                sha256.update(text);
            }
        }
        return HexFormat.of().formatHex(sha256.digest(), 0, 8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
