package dev.migrate.items;

import dev.migrate.MigrationException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a collection says of one of its items, without the content. Its text form shows neither key nor digest.
 *
 * @param key the key, unique in the collection and the same on both sides; not empty
 * @param size the length of the content in bytes, 0 or more
 * @param sha256 the SHA-256 of the content as the collection itself has computed it from what it stores, 64 lowercase hexadecimal digits;
 *     null where it does not know it. Never what a writer merely claimed
 * @param version changes whenever the content does, such as an entity tag; null where the collection has nothing of the kind
 */
public record Item(
        String key,
        long size,
        @Nullable String sha256,
        @Nullable String version) {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** Checks what it is made of. */
    public Item {
        if (key.isEmpty()) {
            throw new MigrationException("key of an item must not be empty");
        }
        if (size < 0) {
            throw new MigrationException("size of an item must not be negative, but was " + size);
        }
        if (sha256 != null && !DIGEST.matcher(sha256).matches()) {
            throw new MigrationException("sha256 of an item must be 64 lowercase hexadecimal digits, but had "
                    + sha256.length() + " characters; leave it null where the collection does not know it");
        }
    }

    @Override
    public String toString() {
        return "Item[" + size + " bytes" + (sha256 == null ? "" : ", digest known")
                + (version == null ? "" : ", version known") + "]";
    }
}
