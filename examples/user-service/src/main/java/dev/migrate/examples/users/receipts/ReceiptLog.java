package dev.migrate.examples.users.receipts;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * The receipts in a file: appended, never changed.
 *
 * <p>When {@link #append} returns, the line is the operating system's and outlives the process, whatever kills it; a
 * crash of the machine is not what this example is about. A process killed in the middle of a line leaves a torn one,
 * which is nobody's receipt: its call had not begun, or had not yet been acknowledged on paper. The next
 * {@link #open} cuts it off.
 *
 * <p>Safe for use by several threads; one process at a time.
 */
public final class ReceiptLog implements AutoCloseable {

    private final FileChannel file;
    private volatile long lastLine;

    private ReceiptLog(FileChannel file, long lastLine) {
        this.file = file;
        this.lastLine = lastLine;
    }

    /**
     * Opens the receipts at their end, and creates them where there are none.
     *
     * @param replay is given every receipt that is there already
     */
    public static ReceiptLog open(Path path, Consumer<Receipt> replay) throws IOException {
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Replayed replayed = read(file, replay);
        file.truncate(replayed.bytes());
        file.position(replayed.bytes());
        return new ReceiptLog(file, replayed.lastLine());
    }

    /** Gives every receipt in the file, and leaves the file as it is. */
    public static void read(Path path, Consumer<Receipt> replay) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            read(file, replay);
        }
    }

    /** The last line that was written, or 0. */
    public long lastLine() {
        return lastLine;
    }

    /**
     * Appends the receipt that {@code receipt} makes of its line number.
     *
     * @throws UncheckedIOException if the file takes no more: nothing may go on without receipts
     */
    public synchronized <R extends Receipt> R append(LongFunction<R> receipt) {
        R next = receipt.apply(lastLine + 1);
        ByteBuffer bytes = ByteBuffer.wrap(next.encode().getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the receipts cannot be written", e);
        }
        lastLine = next.line();
        return next;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private record Replayed(long bytes, long lastLine) {}

    private static Replayed read(FileChannel file, Consumer<Receipt> replay) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(Channels.newInputStream(file), StandardCharsets.UTF_8));
        StringBuilder text = new StringBuilder();
        long bytes = 0;
        long lastLine = 0;
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            if (c != '\n') {
                text.append((char) c);
                continue;
            }
            Receipt receipt = Receipt.decode(text.toString());
            replay.accept(receipt);
            lastLine = receipt.line();
            bytes += text.toString().getBytes(StandardCharsets.UTF_8).length + 1;
            text.setLength(0);
        }
        return new Replayed(bytes, lastLine);
    }
}
