package dev.migrate.examples.users;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Salted password hashes of 71 characters.
 *
 * <p>One round of SHA-256, so that an example seeds a hundred thousand users in a second. A real service takes a slow
 * hash.
 */
public final class Passwords {

    private Passwords() {}

    public static String hash(String username, String password) {
        byte[] salted = (username + ':' + password).getBytes(StandardCharsets.UTF_8);
        return "sha256:" + HexFormat.of().formatHex(sha256().digest(salted));
    }

    public static boolean matches(String hash, String username, String password) {
        return MessageDigest.isEqual(
                hash.getBytes(StandardCharsets.UTF_8), hash(username, password).getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
