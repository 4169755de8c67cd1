package dev.migrate.items;

import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;

/** The content of a file that must be at its end what it was at its beginning. */
final class UnchangingStream extends FilterInputStream {
    /** Looks whether the file is still the same. */
    @FunctionalInterface
    interface Check {
        /** Throws where it is not. */
        void run() throws IOException;
    }

    private final Check check;
    private boolean isChecked;

    UnchangingStream(SeekableByteChannel channel, Check check) {
        super(Channels.newInputStream(channel));
        this.check = check;
    }

    @Override
    public int read() throws IOException {
        return checked(super.read());
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        return checked(super.read(into, from, length));
    }

    private int checked(int read) throws IOException {
        if (read < 0 && !isChecked) {
            check.run();
            isChecked = true;
        }
        return read;
    }
}
