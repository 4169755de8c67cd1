package dev.migrate.items;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The content of an item, to be read from its beginning as often as it is opened. Thread-safe, the streams that it opens are not. */
public interface Content {
    /** The length in bytes. */
    long size();

    /**
     * Opens it; the caller closes the stream.
     *
     * @throws IOException where it cannot be read, and from the stream, where it is not as long as {@link #size} says or otherwise not what it
     *     should be: what was read until then must not be taken for the whole
     */
    InputStream open() throws IOException;

    /** Bytes that are in memory; the array is not copied. For what is known to be small. */
    static Content of(byte[] bytes) {
        return new Content() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }
        };
    }
}
