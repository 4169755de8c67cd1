package dev.migrate.examples.files;

import dev.migrate.items.Item;
import dev.migrate.items.ReadableItems;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Items whose reading is watched. */
final class WatchedItems implements ReadableItems {
    private final ReadableItems items;
    final List<String> opened = new ArrayList<>();
    Consumer<String> onOpen = key -> {};

    /** Is told how many bytes of an item have been read. */
    LongConsumer onRead = bytes -> {};

    WatchedItems(ReadableItems items) {
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
        opened.add(item.key());
        onOpen.accept(item.key());
        return new FilterInputStream(items.open(item)) {
            private long read;

            @Override
            public int read() throws IOException {
                return told(super.read(), 1);
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                int bytes = super.read(into, from, length);
                return told(bytes, bytes);
            }

            private int told(int result, int bytes) {
                if (result >= 0) {
                    read += bytes;
                    onRead.accept(read);
                }
                return result;
            }
        };
    }
}
