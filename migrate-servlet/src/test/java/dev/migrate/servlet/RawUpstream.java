package dev.migrate.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that answers exactly the bytes that a test wants, right or wrong, and keeps the requests as they came. */
final class RawUpstream implements AutoCloseable {
    @FunctionalInterface
    interface Script {
        /** Answers; false where the connection is to be ended after it. */
        boolean answer(Wire.Message request, OutputStream out) throws Exception;
    }

    final List<Wire.Message> requests = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Script script;

    RawUpstream(Script script) throws IOException {
        this.script = script;
        threads.execute(this::accept);
    }

    static RawUpstream saying(String answer) throws IOException {
        return new RawUpstream((request, out) -> {
            out.write(answer.getBytes(ISO_8859_1));
            return true;
        });
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    Wire.Message onlyRequest() {
        if (requests.size() != 1) {
            throw new AssertionError("expected one request, but there were " + requests);
        }
        return requests.get(0);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                sockets.add(socket);
                threads.execute(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            boolean goesOn = true;
            while (goesOn) {
                Wire.Message request = Wire.read(socket.getInputStream(), false);
                requests.add(request);
                goesOn = script.answer(request, socket.getOutputStream());
                socket.getOutputStream().flush();
            }
        } catch (Exception ended) {
            // the other end went away, as a test wanted
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
