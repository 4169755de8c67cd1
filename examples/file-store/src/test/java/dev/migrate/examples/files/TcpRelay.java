package dev.migrate.examples.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A line to a port of the loopback, which counts what goes to the server, and can be cut or alter a byte. */
final class TcpRelay implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final long NEVER = Long.MAX_VALUE;
    private final ServerSocket listening = new ServerSocket();
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong sent = new AtomicLong();
    private volatile long flipAt = NEVER;
    private volatile long cutAt = NEVER;

    TcpRelay(int port) throws IOException {
        this.port = port;
        listening.setReceiveBufferSize(BUFFER);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        threads.execute(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** How many bytes have come from clients so far. */
    long sent() {
        return sent.get();
    }

    /** Alters a bit of the byte that comes after so many more. */
    void flipAfter(long bytes) {
        flipAt = sent.get() + bytes;
    }

    /** Cuts all connections after so many bytes more, and every further one at once. */
    void cutAfter(long bytes) {
        cutAt = sent.get() + bytes;
    }

    void mend() {
        cutAt = NEVER;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                open.add(client);
                if (sent.get() >= cutAt) {
                    client.close();
                    continue;
                }
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                open.add(server);
                threads.execute(() -> pump(client, server, true));
                threads.execute(() -> pump(server, client, false));
            } catch (IOException closed) {
                // by the end of the test, or of the server
            }
        }
    }

    private void pump(Socket from, Socket to, boolean isCounted) {
        byte[] buffer = new byte[BUFFER];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (isCounted && !count(buffer, read)) {
                    return;
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException closed) {
            // by the other end
        }
    }

    private boolean count(byte[] buffer, int read) {
        long before = sent.getAndAdd(read);
        long flip = flipAt - before;
        if (flip >= 0 && flip < read) {
            buffer[(int) flip] ^= 1;
            flipAt = NEVER;
        }
        return before + read < cutAt;
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
