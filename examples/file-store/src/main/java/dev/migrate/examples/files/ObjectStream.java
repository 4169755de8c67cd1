package dev.migrate.examples.files;

import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;

/** The content of an object, of which nothing more is fetched where the reader stops before its end. */
final class ObjectStream extends FilterInputStream {
    private final ResponseInputStream<?> object;
    private boolean isAtEnd;

    ObjectStream(ResponseInputStream<?> object) {
        super(object);
        this.object = object;
    }

    @Override
    public int read() throws IOException {
        return noted(super.read());
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        return noted(super.read(into, from, length));
    }

    private int noted(int read) {
        isAtEnd |= read < 0;
        return read;
    }

    @Override
    public void close() throws IOException {
        if (!isAtEnd) {
            object.abort();
        }
        super.close();
    }
}
