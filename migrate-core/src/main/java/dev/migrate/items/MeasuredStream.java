package dev.migrate.items;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Consumer;

/** Counts and digests what is read, and gives its last bytes only where it is all that it should be. */
final class MeasuredStream extends FilterInputStream {
    private final Item item;
    private final Consumer<String> whole;
    private final MessageDigest digest = Digests.sha256();
    private long count;
    private boolean isWhole;

    /** A stream over the content of an item, which tells the digest once it is complete. */
    MeasuredStream(InputStream in, Item item, Consumer<String> whole) throws IOException {
        super(in);
        this.item = item;
        this.whole = whole;
        if (item.size() == 0) {
            try {
                complete();
            } catch (IOException | RuntimeException failure) {
                in.close();
                throw failure;
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (isWhole) {
            return -1;
        }
        int read = in.read(into, from, (int) Math.min(length, item.size() - count));
        if (read < 0) {
            throw new ItemDamagedException(
                    "the content of an item ended after " + count + " bytes, but it should have " + item.size());
        }
        digest.update(into, from, read);
        count += read;
        if (count == item.size()) {
            complete();
        }
        return read;
    }

    private void complete() throws IOException {
        if (in.read() >= 0) {
            throw new ItemDamagedException(
                    "the content of an item goes on after " + item.size() + " bytes, which is all that it should have");
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (item.sha256() != null && !item.sha256().equals(found)) {
            throw new ItemDamagedException("the content of an item of " + item.size()
                    + " bytes does not have the digest that its collection says");
        }
        isWhole = true;
        whole.accept(found);
    }

    @Override
    public long skip(long bytes) throws IOException {
        byte[] buffer = new byte[(int) Math.max(1, Math.min(bytes, 8_192))];
        long left = bytes;
        while (left > 0) {
            int read = read(buffer, 0, (int) Math.min(left, buffer.length));
            if (read < 0) {
                break;
            }
            left -= read;
        }
        return Math.max(0, bytes - left);
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public synchronized void mark(int limit) {}

    @Override
    public synchronized void reset() throws IOException {
        throw new IOException("mark is not supported; open the content again");
    }
}
