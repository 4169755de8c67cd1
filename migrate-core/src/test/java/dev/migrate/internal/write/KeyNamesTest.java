package dev.migrate.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.KeyCodec;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.side.SideBooks;
import dev.migrate.store.InMemoryMigrationStore;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyNamesTest {
    private final Migration migration =
            Migration.named("items").store(new InMemoryMigrationStore()).build();

    @AfterEach
    void close() {
        migration.close();
    }

    private KeyNames<String> names(KeyCodec<String> codec) {
        return new KeyNames<>(migration, codec, null);
    }

    private static final class Reversed implements KeyCodec<String> {
        @Override
        public String encode(String key) {
            return new StringBuilder(key).reverse().toString();
        }

        @Override
        public String decode(String text) {
            return encode(text);
        }
    }

    @Test
    void key_isFoundAgainByItsText() {
        KeyNames<String> plain = names(null);
        assertThat(plain.textOf("ab")).isEqualTo("s:ab");
        assertThat(plain.keyOf("s:ab")).isEqualTo("ab");
        KeyNames<String> coded = names(new Reversed());
        assertThat(coded.textOf("ab")).isEqualTo("ba");
        assertThat(coded.keyOf("ba")).isEqualTo("ab");
    }

    @Test
    void bucket_isThatOfTheKey_ofItsCode_orOfItsPart() {
        assertThat(names(null).bucketOf("ab")).isEqualTo(migration.bucketOf("ab"));
        assertThat(names(new Reversed()).bucketOf("ab")).isEqualTo(migration.bucketOf("ba"));
        KeyNames<String> parted = new KeyNames<>(migration, new Reversed(), key -> key.charAt(0) + "");
        assertThat(parted.bucketOf("ab")).isEqualTo(migration.bucketOf("a"));
    }

    @Test
    void books_haveTheKeyInTheSegmentOfItsBucket() {
        int segment = Position.segmentOf(migration.bucketOf("ab"));
        assertThat(segment).as("one that tells").isPositive();
        assertThat(names(null).inBooks("ab")).isEqualTo(new SideBooks.Key("s:ab", segment));
    }

    @Test
    void text_mayHave512Characters_andNoMore() {
        KeyNames<String> names = names(null);
        assertThat(names.textOf("k".repeat(510))).hasSize(512);
        assertThatThrownBy(() -> names.textOf("k".repeat(511)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("migration 'items'")
                .hasMessageContaining("at most 512 characters, but had 513")
                .hasMessageContaining("keyCodec(..)");
    }

    @Test
    void keyOfAnotherType_needsACodec() {
        KeyNames<Double> names = new KeyNames<>(migration, null, null);
        assertThatThrownBy(() -> names.textOf(1.0))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("java.lang.Double")
                .hasMessageContaining("keyCodec(..)");
    }

    private static final int LONGEST = 512;

    /** Whether a key has a name is the same question, however it is asked. */
    @Test
    void nameableKeys_areThoseThatHaveAText() {
        KeyNames<Object> names = new KeyNames<>(migration, null, null);
        List<Object> nameable = List.of(
                7L, 7, new UUID(1, 2), "", "a".repeat(LONGEST - 2), List.of("a", 7L), List.of("a".repeat(LONGEST / 2)));
        for (Object key : nameable) {
            names.requireNameable(key);
            assertThat(names.textOf(key)).hasSizeLessThanOrEqualTo(LONGEST);
        }
        List<Object> others = List.of("a".repeat(LONGEST - 1), 1.5, List.of("a".repeat(LONGEST)));
        for (Object key : others) {
            assertThatThrownBy(() -> names.textOf(key)).isInstanceOf(MigrationException.class);
            assertThatThrownBy(() -> names.requireNameable(key)).isInstanceOf(MigrationException.class);
        }
    }

    @Test
    void codec_isAskedWhetherAKeyHasAName() {
        KeyNames<String> coded = names(new Reversed());
        coded.requireNameable("ab");
        assertThatThrownBy(() -> coded.requireNameable("a".repeat(LONGEST + 1)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("must have at most 512 characters, but had 513");
    }
}
