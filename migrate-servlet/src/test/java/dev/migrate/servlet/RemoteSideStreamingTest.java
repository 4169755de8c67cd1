package dev.migrate.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that flow, connections that come back, and remote sides that fail. */
class RemoteSideStreamingTest {
    private static final long PATIENCE_SECONDS = 60;

    // H8: with one connection in the pool, the second request is only answered if the first gave it back
    @ParameterizedTest
    @ValueSource(
            strings = {
                "304 Not Modified\r\nETag: \"1\"\r\nContent-Length: 12",
                "204 No Content",
                "200 OK\r\nContent-Length: 0",
                "500 Broken\r\nContent-Length: 0"
            })
    void h8_aConnectionComesBackFromEveryAnswer(String answer) throws Exception {
        try (RawUpstream upstream = RawUpstream.saying("HTTP/1.1 " + answer + "\r\n\r\n");
                RemoteSide remote = oneConnection(upstream.uri());
                Front front = new Front(remote::forward)) {
            for (int i = 0; i < 5; i++) {
                assertThat(Wire.ask(front.port(), "GET /").status())
                        .isEqualTo(Integer.parseInt(answer.substring(0, 3)));
            }
            assertThat(upstream.requests).hasSize(5);
            assertThat(upstream.connections).hasValue(1);
        }
    }

    @Test
    void h8_aConnectionComesBackFromHead() throws Exception {
        try (RawUpstream upstream = RawUpstream.saying("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                RemoteSide remote = oneConnection(upstream.uri());
                Front front = new Front(remote::forward)) {
            for (int i = 0; i < 3; i++) {
                assertThat(Wire.ask(front.port(), "HEAD /").all("Content-Length"))
                        .containsExactly("1000");
            }
        }
    }

    @Test
    void h8_aConnectionComesBackFromACallerWhoLeft() throws Exception {
        BlockingQueue<Integer> outcomes = new LinkedBlockingQueue<>();
        try (RawUpstream upstream = new RawUpstream((request, out) -> {
                    if (request.first().startsWith("GET /small")) {
                        out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(ISO_8859_1));
                        return true;
                    }
                    out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
                    byte[] block = new byte[64 * 1024];
                    while (true) {
                        out.write(block);
                    }
                });
                RemoteSide remote = oneConnection(upstream.uri());
                Front front = new Front((request, response) -> {
                    try {
                        outcomes.add(remote.forward(request, response));
                    } catch (IOException left) {
                        outcomes.add(-1);
                        throw left;
                    }
                })) {
            try (Socket leaver = new Socket("127.0.0.1", front.port())) {
                leaver.getOutputStream().write(Wire.request("GET /endless").getBytes(ISO_8859_1));
                assertThat(leaver.getInputStream().read()).isEqualTo('H');
            }
            assertThat(outcomes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(-1);
            assertThat(Wire.ask(front.port(), "GET /small").text()).isEqualTo("ok");
        }
    }

    @Test
    void partsOfAnAnswerArriveBeforeItsEnd() throws Exception {
        CountDownLatch firstSeen = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.setExecutor(threads);
        upstream.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write("first".getBytes(ISO_8859_1));
                body.flush();
                firstSeen.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                body.write("second".getBytes(ISO_8859_1));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        upstream.start();
        try (RemoteSide remote = oneConnection(
                        URI.create("http://127.0.0.1:" + upstream.getAddress().getPort()));
                Front front = new Front(remote::forward);
                Socket caller = new Socket("127.0.0.1", front.port())) {
            caller.setSoTimeout(60_000);
            caller.getOutputStream().write(Wire.request("GET /").getBytes(ISO_8859_1));
            InputStream in = caller.getInputStream();
            StringBuilder seen = new StringBuilder();
            while (seen.indexOf("first") < 0) {
                seen.append((char) in.read());
            }
            assertThat(firstSeen.getCount()).isEqualTo(1);
            firstSeen.countDown();
            while (seen.indexOf("second") < 0) {
                seen.append((char) in.read());
            }
        } finally {
            upstream.stop(0);
            threads.shutdownNow();
        }
    }

    // a body larger than the heap of this test's JVM, in chunks: nothing holds it
    @Test
    void aLargeBodyFlowsThroughWithoutBeingHeld() throws Exception {
        long size = 700L * 1024 * 1024;
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.setExecutor(threads);
        upstream.createContext("/", exchange -> {
            long counted = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            byte[] answer = Long.toString(counted).getBytes(ISO_8859_1);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        upstream.start();
        try (RemoteSide remote = oneConnection(
                        URI.create("http://127.0.0.1:" + upstream.getAddress().getPort()));
                Front front = new Front(remote::forward);
                Socket caller = new Socket("127.0.0.1", front.port())) {
            caller.setSoTimeout(300_000);
            OutputStream out = caller.getOutputStream();
            out.write(Wire.request("POST /upload", "Content-Length: " + size).getBytes(ISO_8859_1));
            byte[] block = new byte[1024 * 1024];
            for (long sent = 0; sent < size; sent += block.length) {
                out.write(block);
            }
            assertThat(Wire.read(caller.getInputStream(), false).text()).isEqualTo(Long.toString(size));
        } finally {
            upstream.stop(0);
            threads.shutdownNow();
        }
    }

    // H7: an unread form is the remote side's to read
    @Test
    void h7_aFormArrivesWhole() throws Exception {
        try (RawUpstream upstream = RawUpstream.saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                RemoteSide remote = oneConnection(upstream.uri());
                Front front = new Front(remote::forward)) {
            Wire.ask(
                    front.port(),
                    "POST /form?x=0",
                    "Content-Type: application/x-www-form-urlencoded",
                    "Content-Length: 9",
                    "",
                    "x=1&y=%26");
            assertThat(upstream.onlyRequest().text()).isEqualTo("x=1&y=%26");
            assertThat(upstream.onlyRequest().all("Content-Type")).containsExactly("application/x-www-form-urlencoded");
            assertThat(upstream.onlyRequest().all("Content-Length")).containsExactly("9");
        }
    }

    // H7: the form is gone by then; it must not go on as an empty or a hanging request
    @Test
    void h7_aBodyThatWasReadBeforeIsAnErrorThatSaysSo() throws Exception {
        BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();
        try (RawUpstream upstream = RawUpstream.saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                RemoteSide remote = oneConnection(upstream.uri());
                Front front = new Front((request, response) -> {
                    request.getParameter("x");
                    try {
                        remote.forward(request, response);
                    } catch (IOException failure) {
                        failures.add(failure);
                    }
                })) {
            Wire.ask(
                    front.port(),
                    "POST /form",
                    "Content-Type: application/x-www-form-urlencoded",
                    "Content-Length: 3",
                    "",
                    "x=1");
            assertThat(failures.take())
                    .hasMessageContaining("a body of 3 bytes, but 0 were left")
                    .hasMessageContaining("place the filter before");
            assertThat(upstream.requests).isEmpty();
        }
    }

    @Test
    void anAnswerThatBreaksOffIsNeverTakenForAWholeOne() throws Exception {
        String half = "x".repeat(200_000);
        try (RawUpstream upstream = new RawUpstream((request, out) -> {
                    out.write(("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + Integer.toHexString(half.length()) + "\r\n" + half + "\r\n")
                            .getBytes(ISO_8859_1));
                    return false;
                });
                RemoteSide remote = oneConnection(upstream.uri());
                Front front = new Front(remote::forward)) {
            IOException cut = catchThrowableOfType(IOException.class, () -> Wire.ask(front.port(), "GET /"));
            assertThat(cut).isNotNull();
        }
    }

    @Test
    void aRemoteSideThatIsNotThereWasSentNothing() throws Exception {
        int free;
        try (ServerSocket reserved = new ServerSocket(0)) {
            free = reserved.getLocalPort();
        }
        RemoteSideException failure = failureOf(oneConnection(URI.create("http://127.0.0.1:" + free)));
        assertThat(failure.status()).isEqualTo(502);
        assertThat(failure.isSent()).isFalse();
        assertThat(failure).hasMessage("the remote side http://127.0.0.1:" + free + " could not be connected to");
    }

    @Test
    void aRemoteSideThatHangsUpMayHaveBeenSentSomething() throws Exception {
        try (RawUpstream upstream = new RawUpstream((request, out) -> false)) {
            RemoteSideException failure = failureOf(oneConnection(upstream.uri()));
            assertThat(failure.status()).isEqualTo(502);
            assertThat(failure.isSent()).isTrue();
            assertThat(upstream.requests).hasSize(1);
        }
    }

    @Test
    void aSilentRemoteSideTimesOut() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream((request, out) -> {
            over.await();
            return false;
        })) {
            RemoteSideException failure = failureOf(RemoteSide.at(upstream.uri())
                    .responseTimeout(Duration.ofMillis(200))
                    .build());
            assertThat(failure.status()).isEqualTo(504);
            assertThat(failure.isSent()).isTrue();
            over.countDown();
        }
    }

    @Test
    void aBusyPoolSaysSo() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (RawUpstream upstream = new RawUpstream((request, out) -> {
                    arrived.countDown();
                    over.await();
                    return false;
                });
                RemoteSide remote = RemoteSide.at(upstream.uri())
                        .connections(1)
                        .connectionTimeout(Duration.ofMillis(100))
                        .build();
                Front front = new Front(remote::forward);
                Socket first = new Socket("127.0.0.1", front.port())) {
            first.getOutputStream().write(Wire.request("GET /").getBytes(ISO_8859_1));
            assertThat(arrived.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            RemoteSideException failure = failureOf(remote);
            over.countDown();
            assertThat(failure.status()).isEqualTo(503);
            assertThat(failure.isSent()).isFalse();
            assertThat(failure).hasMessageContaining("connections(..)");
        }
    }

    private static RemoteSide oneConnection(URI uri) {
        return RemoteSide.at(uri).connections(1).build();
    }

    private static RemoteSideException failureOf(RemoteSide remote) throws Exception {
        BlockingQueue<RemoteSideException> failures = new LinkedBlockingQueue<>();
        try (remote;
                Front front = new Front((HttpServletRequest request, HttpServletResponse response) -> {
                    try {
                        remote.forward(request, response);
                    } catch (RemoteSideException failure) {
                        failures.add(failure);
                    }
                })) {
            Wire.ask(front.port(), "GET /");
            return failures.take();
        }
    }
}
