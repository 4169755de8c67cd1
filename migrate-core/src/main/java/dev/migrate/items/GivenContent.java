package dev.migrate.items;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Content that an application gives, as a source of the one item that it is. */
final class GivenContent implements ReadableItems {
    private final Content content;

    GivenContent(Content content) {
        this.content = content;
    }

    @Override
    public String name() {
        return "given content";
    }

    @Override
    public Page page(@Nullable String cursor, int limit) {
        throw new UnsupportedOperationException("given content is of one item, which is not listed");
    }

    @Override
    public Optional<Item> find(String key) {
        throw new UnsupportedOperationException("given content is of one item, which is not looked for");
    }

    @Override
    public InputStream open(Item item) throws IOException {
        return content.open();
    }
}
