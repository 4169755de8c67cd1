package dev.migrate.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemCopyTest {
    private final MapItems source = new MapItems("source");
    private final MapItems target = new MapItems("target");
    private final ItemCopy copy = new ItemCopy(source, target, false);

    private Item stored(String key, String text) throws Exception {
        source.put(key, text);
        return source.find(key).orElseThrow();
    }

    /** A source whose item says one thing and whose stream gives another. */
    private static ReadableItems giving(byte[] bytes) {
        return new ReadableItems() {
            @Override
            public String name() {
                return "liar";
            }

            @Override
            public Page page(@Nullable String cursor, int limit) {
                throw new AssertionError("not listed");
            }

            @Override
            public Optional<Item> find(String key) {
                throw new AssertionError("not looked for");
            }

            @Override
            public InputStream open(Item item) {
                return new ByteArrayInputStream(bytes);
            }
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "some text"})
    void anItem_arrivesWhole(String text) throws Exception {
        Item item = stored("a", text);
        Item written = copy.copy(item, Precondition.absent()).orElseThrow();
        assertThat(written.size()).isEqualTo(text.length());
        assertThat(target.texts()).containsEntry("a", text);
    }

    @Test
    void anItemThatIsThere_isNotOverwritten() throws Exception {
        Item item = stored("a", "legacy's");
        target.put("a", "the router's");
        assertThat(copy.copy(item, Precondition.absent())).isEmpty();
        assertThat(target.texts()).containsEntry("a", "the router's");
    }

    @Test
    void contentThatIsCutOff_isNotWritten() {
        ItemCopy from = new ItemCopy(giving(bytes("12345")), target, false);
        assertThatThrownBy(() -> from.copy(new Item("a", 10, null, null), Precondition.none()))
                .isInstanceOf(ItemDamagedException.class)
                .hasMessage("the content of an item ended after 5 bytes, but it should have 10");
        assertThat(target.texts()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void contentThatGoesOn_isNotWritten(int size) {
        ItemCopy from = new ItemCopy(giving(bytes("12345")), target, false);
        assertThatThrownBy(() -> from.copy(new Item("a", size, null, null), Precondition.none()))
                .isInstanceOf(ItemDamagedException.class)
                .hasMessageContaining("goes on after " + size + " bytes");
        assertThat(target.texts()).isEmpty();
    }

    @Test
    void contentOfAnotherDigest_isNotWritten() {
        ItemCopy from = new ItemCopy(giving(bytes("12345")), target, false);
        Item item = new Item("a", 5, MapItems.digest(bytes("12346")), null);
        assertThatThrownBy(() -> from.copy(item, Precondition.none()))
                .isInstanceOf(ItemDamagedException.class)
                .hasMessageContaining("does not have the digest");
        assertThat(target.texts()).isEmpty();
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] other = bytes.clone();
        other[other.length / 2] ^= 1;
        return other;
    }

    @Test
    void aTargetThatFlipsABit_isCaught_andNothingIsLeftOfIt() throws Exception {
        Item item = stored("a", "some text");
        target.damage = ItemCopyTest::flipped;
        assertThatThrownBy(() -> copy.copy(item, Precondition.absent()))
                .isInstanceOf(ItemDamagedException.class)
                .hasMessageContaining("with another content than it was given");
        assertThat(target.texts()).isEmpty();
    }

    @Test
    void aTargetThatFlipsABitAfterItsDigest_isCaughtByReadingBack() throws Exception {
        Item item = stored("a", "some text");
        target.saysDigests = true;
        target.damage = ItemCopyTest::flipped;
        ItemCopy reading = new ItemCopy(source, target, true);
        assertThatThrownBy(() -> reading.copy(item, Precondition.absent())).isInstanceOf(ItemDamagedException.class);
        assertThat(target.texts()).isEmpty();
    }

    @Test
    void aTargetThatLosesTheEnd_isCaught() throws Exception {
        Item item = stored("a", "some text");
        target.damage = bytes -> Arrays.copyOf(bytes, 4);
        assertThatThrownBy(() -> copy.copy(item, Precondition.absent()))
                .isInstanceOf(ItemDamagedException.class)
                .hasMessage("collection 'target' has stored 4 bytes of an item that has 9");
        assertThat(target.texts()).isEmpty();
    }

    @Test
    void aTargetThatSaysTheDigest_isNotReadBack() throws Exception {
        Item item = stored("a", "some text");
        target.saysDigests = true;
        target.fault = (call, key) -> {
            if (call.equals("open")) {
                throw new IOException("read back");
            }
        };
        assertThat(copy.copy(item, Precondition.absent())).isPresent();
    }

    @Test
    void whatHasChangedSinceItWasSeen_isNotWritten() throws Exception {
        Item item = stored("a", "before");
        source.put("a", "behind");
        assertThatThrownBy(() -> copy.copy(item, Precondition.absent())).isInstanceOf(ItemChangedException.class);
        assertThat(target.texts()).isEmpty();
    }

    @Test
    void whatDamagedContentLeftBehind_isRemovedOnlyWhileItIsTheSame() throws Exception {
        Item item = stored("a", "some text");
        MapItems overtaken = new MapItems("overtaken");
        overtaken.damage = bytes -> Arrays.copyOf(bytes, 1);
        ItemCopy over = new ItemCopy(source, new RewrittenItems(overtaken), false);
        assertThatThrownBy(() -> over.copy(item, Precondition.none())).isInstanceOf(ItemDamagedException.class);
        assertThat(overtaken.texts()).as("what a router wrote meanwhile").containsEntry("a", "a router's");
    }

    @Test
    void whatIsWrittenAnewBeforeItIsReadBack_isTheLaterWritersToVerify() throws Exception {
        Item item = stored("a", "some text");
        ItemCopy over = new ItemCopy(source, new RewrittenItems(target), true);
        assertThat(over.copy(item, Precondition.none())).isPresent();
        assertThat(target.texts()).containsEntry("a", "a router's");
    }

    private static class DelegatingItems implements Items {
        private final MapItems items;

        DelegatingItems(MapItems items) {
            this.items = items;
        }

        @Override
        public String name() {
            return items.name();
        }

        @Override
        public Page page(@Nullable String cursor, int limit) throws Exception {
            return items.page(cursor, limit);
        }

        @Override
        public Optional<Item> find(String key) throws Exception {
            return items.find(key);
        }

        @Override
        public InputStream open(Item item) throws Exception {
            return items.open(item);
        }

        @Override
        public Optional<Item> write(String key, Content content, Precondition condition) throws Exception {
            return items.write(key, content, condition);
        }

        @Override
        public boolean delete(String key, Precondition condition) throws Exception {
            return items.delete(key, condition);
        }
    }

    /** Items of which each is written anew right after it was written. */
    private static final class RewrittenItems extends DelegatingItems {
        private final MapItems rewritten;

        RewrittenItems(MapItems items) {
            super(items);
            this.rewritten = items;
        }

        @Override
        public Optional<Item> write(String key, Content content, Precondition condition) throws Exception {
            Optional<Item> written = super.write(key, content, condition);
            rewritten.put(key, "a router's");
            return written;
        }
    }

    @Test
    void aTargetThatReadsNothing_andSaysThatItHasWritten_isCaught() {
        Items blind = new DelegatingItems(target) {
            @Override
            public Optional<Item> write(String key, Content content, Precondition condition) {
                return Optional.of(new Item(key, content.size(), null, "1"));
            }
        };
        assertThatThrownBy(() -> new ItemCopy(source, blind, false).copy(stored("a", "text"), Precondition.none()))
                .isInstanceOf(ItemDamagedException.class)
                .hasMessageContaining("whose content it has not read to its end");
    }

    /** The failure that matters is the damage; the interruption is the thread's to see. */
    @Test
    void whatCannotBeRemoved_becauseTheThreadIsInterrupted_staysInterrupted() throws Exception {
        Item item = stored("a", "text");
        target.damage = ItemCopyTest::flipped;
        Items interrupting = new DelegatingItems(target) {
            @Override
            public boolean delete(String key, Precondition condition) throws Exception {
                throw new InterruptedException();
            }
        };
        assertThatThrownBy(() -> new ItemCopy(source, interrupting, false).copy(item, Precondition.none()))
                .isInstanceOf(ItemDamagedException.class)
                .satisfies(damaged ->
                        assertThat(damaged.getSuppressed()).singleElement().isInstanceOf(InterruptedException.class));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aSourceThatIsInterrupted_leavesTheThreadInterrupted() throws Exception {
        Item item = stored("a", "text");
        source.fault = (call, key) -> {
            throw new InterruptedException();
        };
        ItemContent one = ItemContent.in(source, item);
        assertThatThrownBy(() -> ItemContent.isSame(one, ItemContent.of("b", Content.of(bytes("text")))))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void skippedBytes_areMeasuredToo() throws Exception {
        Item item = stored("a", "some text");
        MeasuredContent content = new MeasuredContent(source, item);
        try (InputStream in = content.open()) {
            assertThat(in.skip(5)).isEqualTo(5);
            assertThat(content.sha256()).isNull();
            assertThat(in.read()).isEqualTo('t');
            assertThat(in.skip(100)).isEqualTo(3);
            assertThat(in.read()).isEqualTo(-1);
        }
        assertThat(content.sha256()).isEqualTo(MapItems.digest(bytes("some text")));
    }

    @Test
    void itemsThatCannotBe_areRefused() {
        assertThatThrownBy(() -> new Item("", 1, null, null)).isInstanceOf(MigrationException.class);
        assertThatThrownBy(() -> new Item("a", -1, null, null))
                .isInstanceOf(MigrationException.class)
                .hasMessage("size of an item must not be negative, but was -1");
        assertThatThrownBy(() -> new Item("a", 1, "ABC", null))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("64 lowercase hexadecimal digits, but had 3 characters");
    }

    @Test
    void textForms_showNoKey() {
        Item item = new Item("secret", 6, null, "7");
        assertThat(item.toString()).isEqualTo("Item[6 bytes, version known]");
        assertThat(ItemContent.of("secret", Content.of(bytes("secret"))).toString())
                .isEqualTo("ItemContent[6 bytes]");
    }
}
