package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.items.Content;
import dev.migrate.items.Item;
import dev.migrate.items.ItemChangedException;
import dev.migrate.items.Items;
import dev.migrate.items.Precondition;
import dev.migrate.items.ReadableItems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every collection of items must do; the test of an implementation extends it. */
public abstract class ItemsContract {
    private static final int LARGE = 12 << 20;
    private static final int LONGEST_READ = 4 << 20;
    private Items items;

    /** Creates the contract. */
    protected ItemsContract() {}

    /**
     * A collection without items.
     *
     * <p>Called once for each test, and cleaned up by the extending class.
     */
    protected abstract Items emptyItems() throws Exception;

    @BeforeEach
    final void openItems() throws Exception {
        items = emptyItems();
    }

    private static Content text(String text) {
        return Content.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private Item put(String key, String text) throws Exception {
        return items.write(key, text(text), Precondition.none()).orElseThrow();
    }

    private String read(Item item) throws Exception {
        try (InputStream in = items.open(item)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String read(String key) throws Exception {
        return read(items.find(key).orElseThrow());
    }

    private static MessageDigest sha256() throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256");
    }

    /** What an item must say of itself: its key, its length, and no digest but the right one. */
    private static void assertThatItSays(Item item, String key, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(item.key()).isEqualTo(key);
        assertThat(item.size()).isEqualTo(bytes.length);
        if (item.sha256() != null) {
            assertThat(item.sha256()).isEqualTo(HexFormat.of().formatHex(sha256().digest(bytes)));
        }
    }

    private List<String> keys(int limit) throws Exception {
        List<String> keys = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            ReadableItems.Page page = items.page(cursor, limit);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            page.items().forEach(item -> keys.add(item.key()));
            cursor = page.next();
        } while (cursor != null);
        return keys;
    }

    @Test
    void whatIsWritten_isFoundAndReadAndListed() throws Exception {
        for (String text : List.of("some text \u20ac", "", "another")) {
            assertThatItSays(put("a/b", text), "a/b", text);
            Item found = items.find("a/b").orElseThrow();
            assertThatItSays(found, "a/b", text);
            assertThat(read(found)).isEqualTo(text);
            assertThat(items.page(null, 10).items()).singleElement().satisfies(item -> {
                assertThat(item.key()).isEqualTo("a/b");
                assertThat(item.size()).isEqualTo(found.size());
                assertThat(read(item)).isEqualTo(text);
            });
        }
    }

    @Test
    void whatIsNotThere_isNotFound() throws Exception {
        put("a", "text");
        assertThat(items.find("b")).isEmpty();
        assertThat(items.find("a/b")).isEmpty();
        assertThat(items.page(null, 10).items()).hasSize(1);
    }

    @Test
    void keys_areTakenAsTheyAre() throws Exception {
        Set<String> keys = new TreeSet<>(List.of(
                "plain",
                "with space",
                "50%",
                "50%25",
                "a+b",
                "a&b=c?d#e",
                "\u00e4\u00f6\u20ac",
                "\ud83d\ude00",
                "Plain/x",
                "plain2/x",
                "e\u0301",
                "-",
                "_",
                "~",
                "a'b\"c"));
        for (String key : keys) {
            put(key, "text of " + key);
        }
        assertThat(keys(4)).containsExactlyInAnyOrderElementsOf(keys);
        for (String key : keys) {
            assertThat(read(key)).isEqualTo("text of " + key);
        }
    }

    @Test
    void listing_givesEveryItem_whateverThePages() throws Exception {
        Set<String> keys = new HashSet<>();
        for (int at = 0; at < 7; at++) {
            keys.add("d" + at % 3 + "/" + at);
            put("d" + at % 3 + "/" + at, "text");
        }
        for (int limit : List.of(1, 2, 7, 8, 1_000)) {
            assertThat(keys(limit)).as("pages of %s", limit).containsExactlyInAnyOrderElementsOf(keys);
        }
    }

    @Test
    void listing_givesWhatIsThereAllTheWhile() throws Exception {
        for (int at = 0; at < 6; at++) {
            put("key-" + at, "text");
        }
        List<String> keys = new ArrayList<>();
        ReadableItems.Page page = items.page(null, 2);
        page.items().forEach(item -> keys.add(item.key()));
        for (String seen : keys) {
            items.delete(seen, Precondition.none());
        }
        put("key-00", "comes meanwhile");
        while (page.next() != null) {
            page = items.page(page.next(), 2);
            page.items().forEach(item -> keys.add(item.key()));
        }
        assertThat(keys).contains("key-0", "key-1", "key-2", "key-3", "key-4", "key-5");
    }

    @Test
    void absent_isWrittenOnlyWhereThereIsNone() throws Exception {
        assertThat(items.write("a", text("first"), Precondition.absent())).isPresent();
        assertThat(items.write("a", text("second"), Precondition.absent())).isEmpty();
        assertThat(read("a")).isEqualTo("first");
    }

    @Test
    void versions_changeWithTheContent_andAreConditions() throws Exception {
        Item first = put("a", "first");
        if (first.version() == null) {
            return; // a collection without versions
        }
        assertThat(items.find("a").orElseThrow().version()).isEqualTo(first.version());
        Item second =
                items.write("a", text("2econd"), Precondition.unchanged(first)).orElseThrow();
        assertThat(second.version()).isNotEqualTo(first.version());
        assertThat(items.write("a", text("third"), Precondition.unchanged(first)))
                .isEmpty();
        assertThat(items.write("b", text("third"), Precondition.unchanged(first)))
                .isEmpty();
        assertThat(items.delete("a", Precondition.unchanged(first))).isFalse();
        assertThat(read("a")).isEqualTo("2econd");
        assertThat(items.find("b")).isEmpty();
        assertThat(items.delete("a", Precondition.unchanged(second))).isTrue();
        assertThat(items.find("a")).isEmpty();
    }

    @Test
    void whatHasChanged_isNotOpenedAsWhatItWas() throws Exception {
        Item first = put("a", "first");
        put("a", "other");
        if (first.version() != null) {
            assertThatThrownBy(() -> items.open(first)).isInstanceOf(ItemChangedException.class);
        }
        items.delete("a", Precondition.none());
        assertThatThrownBy(() -> items.open(first)).isInstanceOf(ItemChangedException.class);
    }

    @Test
    void deleting_deletesOnce() throws Exception {
        put("a", "text");
        put("b", "text");
        assertThat(items.delete("a", Precondition.absent())).isFalse();
        assertThat(items.delete("a", Precondition.none())).isTrue();
        assertThat(items.delete("a", Precondition.none())).isFalse();
        assertThat(items.find("a")).isEmpty();
        assertThat(keys(10)).containsExactly("b");
    }

    /** Content of which each byte follows from its place, and no more than a few bytes exist at a time. */
    private static final class Computed implements Content {
        private final int size;
        private final int failsAt;
        private int longestRead;

        private Computed(int size, int failsAt) {
            this.size = size;
            this.failsAt = failsAt;
        }

        @Override
        public long size() {
            return size;
        }

        static byte at(int place) {
            return (byte) (place * 31 + (place >> 13));
        }

        @Override
        public InputStream open() {
            return new InputStream() {
                private int place;

                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] into, int from, int length) throws IOException {
                    if (place == size) {
                        return -1;
                    }
                    longestRead = Math.max(longestRead, length);
                    int read = Math.min(length, Math.min(size - place, 10_000));
                    for (int at = 0; at < read; at++) {
                        if (place == failsAt) {
                            throw new IOException("cut off");
                        }
                        into[from + at] = Computed.at(place++);
                    }
                    return read;
                }
            };
        }
    }

    @Test
    void largeContent_isStreamed() throws Exception {
        Computed large = new Computed(LARGE, -1);
        items.write("large", large, Precondition.absent());
        assertThat(large.longestRead).as("bytes asked for at once").isBetween(1, LONGEST_READ);
        Item item = items.find("large").orElseThrow();
        assertThat(item.size()).isEqualTo(LARGE);
        int place = 0;
        try (InputStream in = items.open(item)) {
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                for (int at = 0; at < read; at++) {
                    if (buffer[at] != Computed.at(place++)) {
                        throw new AssertionError("the byte at " + (place - 1) + " is another");
                    }
                }
            }
        }
        assertThat(place).isEqualTo(LARGE);
    }

    @Test
    void contentThatIsCutOff_leavesTheItemAsItWas() throws Exception {
        put("there", "before");
        for (String key : List.of("there", "absent")) {
            for (int failsAt : List.of(0, 5, 99_999)) {
                assertThatThrownBy(() -> items.write(key, new Computed(100_000, failsAt), Precondition.none()))
                        .as("cut off at %s", failsAt)
                        .isInstanceOf(Exception.class);
            }
        }
        assertThat(read("there")).isEqualTo("before");
        Optional<Item> absent = items.find("absent");
        assertThat(absent).isEmpty();
        assertThat(keys(10)).containsExactly("there");
    }
}
