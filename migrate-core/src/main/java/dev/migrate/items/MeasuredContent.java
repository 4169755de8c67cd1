package dev.migrate.items;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The content of an item of a collection, measured while it is read: its reader is given all of it, or an exception.
 *
 * <p>The exception comes in the place of the last bytes, so that no writer takes content for complete whose length or digest is not that of the
 * item.
 */
final class MeasuredContent implements Content {
    private final ReadableItems source;
    private final Item item;
    private volatile @Nullable String sha256;

    MeasuredContent(ReadableItems source, Item item) {
        this.source = source;
        this.item = item;
    }

    @Override
    public long size() {
        return item.size();
    }

    @Override
    public InputStream open() throws IOException {
        return new MeasuredStream(opened(), item, digest -> sha256 = digest);
    }

    private InputStream opened() throws IOException {
        try {
            return source.open(item);
        } catch (IOException | RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("an item could not be opened", failure);
        }
    }

    /** The digest of what was read; null where no stream was read to its end. */
    @Nullable String sha256() {
        return sha256;
    }
}
