package dev.migrate.internal.write;

import dev.migrate.KeyCodec;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.internal.CanonicalKeys;
import dev.migrate.side.SideBooks;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Canonical texts, buckets and segments of the keys of one kind of records. */
public final class KeyNames<K> {
    private static final int LONGEST = 512;
    private final Migration migration;
    private final @Nullable KeyCodec<K> codec;
    private final @Nullable Function<? super K, ?> partition;

    /** Creates names; without a codec the key must be of a common type, without a partition the whole key decides the bucket. */
    public KeyNames(Migration migration, @Nullable KeyCodec<K> codec, @Nullable Function<? super K, ?> partition) {
        this.migration = migration;
        this.codec = codec;
        this.partition = partition;
    }

    /** The bucket of a key. */
    public int bucketOf(K key) {
        if (partition != null) {
            return migration.bucketOf(partition.apply(key));
        }
        return codec == null ? migration.bucketOf(key) : migration.bucketOf(codec.encode(key));
    }

    /** The canonical text of a key. */
    public String textOf(K key) {
        String text;
        try {
            text = codec == null ? CanonicalKeys.encode(key) : codec.encode(key);
        } catch (IllegalArgumentException unknown) {
            throw new MigrationException("migration '" + migration.name() + "': " + unknown.getMessage(), unknown);
        }
        if (text.length() > LONGEST) {
            throw new MigrationException(
                    "migration '" + migration.name() + "': the canonical text of a key must have at most " + LONGEST
                            + " characters, but had " + text.length() + "; give keyCodec(..) a shorter form");
        }
        return text;
    }

    /**
     * Makes sure that a key has a canonical text, without making that of a common key.
     *
     * @throws MigrationException as {@link #textOf}
     */
    void requireNameable(K key) {
        boolean isCommon = codec == null
                && (key instanceof Long
                        || key instanceof Integer
                        || key instanceof UUID
                        || (key instanceof String text && text.length() + CanonicalKeys.TAG <= LONGEST));
        if (!isCommon) {
            textOf(key);
        }
    }

    /** The key of a canonical text. */
    @SuppressWarnings("unchecked") // the text was made by textOf
    public K keyOf(String text) {
        return codec == null ? (K) CanonicalKeys.decode(text) : codec.decode(text);
    }

    /** The key as the books name it. */
    public SideBooks.Key inBooks(K key) {
        return new SideBooks.Key(textOf(key), Position.segmentOf(bucketOf(key)));
    }
}
