package dev.migrate.items;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * An item that a router carries: its key, and its content, which is read only when somebody opens it. Its text form shows neither.
 *
 * <p>Thread-safe. Content that a side gave is opened as it was when it was read; where the item was written since, opening it throws {@link
 * ItemChangedException}, and {@code router.read(key)} gives the present one.
 */
public final class ItemContent implements Content {
    private final ReadableItems source;
    private final Item item;

    private ItemContent(ReadableItems source, Item item) {
        this.source = source;
        this.item = item;
    }

    /**
     * Content to be written under a key.
     *
     * @param content may be opened several times: for either side, and again where a write is repeated
     */
    public static ItemContent of(String key, Content content) {
        return new ItemContent(new GivenContent(content), new Item(key, content.size(), null, null));
    }

    static ItemContent in(ReadableItems source, Item item) {
        return new ItemContent(source, item);
    }

    /** The key. */
    public String key() {
        return item.key();
    }

    @Override
    public long size() {
        return item.size();
    }

    /** Opens it, as {@link Content#open} says: what is not all that it should be ends with an exception. */
    @Override
    public InputStream open() throws IOException {
        return new MeasuredContent(source, item).open();
    }

    ReadableItems source() {
        return source;
    }

    Item item() {
        return item;
    }

    /**
     * Whether two items have the same content, for {@code DualWriteRouterBuilder.comparing(ItemContent::isSame)}: of the same length, and then of the
     * same digest, for which content is read whose collection does not say it.
     *
     * @throws UncheckedIOException where it cannot be read
     */
    public static boolean isSame(ItemContent one, ItemContent other) {
        try {
            return Digests.isSame(one.source, one.item, other.source, other.item);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public String toString() {
        return "ItemContent[" + item.size() + " bytes]";
    }
}
