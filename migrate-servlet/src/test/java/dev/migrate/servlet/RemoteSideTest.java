package dev.migrate.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a proxied message looks like on the wire, on both of its ends. */
class RemoteSideTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private interface Exchange {
        Wire.Message at(int port) throws Exception;
    }

    private static Wire.Message through(RawUpstream upstream, Exchange exchange) throws Exception {
        return through(RemoteSide.at(upstream.uri()), exchange);
    }

    private static Wire.Message through(RemoteSide.Builder described, Exchange exchange) throws Exception {
        try (RemoteSide remote = described.build();
                Front front = new Front(remote::forward)) {
            return exchange.at(front.port());
        }
    }

    // H2
    @ParameterizedTest
    @ValueSource(strings = {"POST", "GET", "PUT"})
    void h2_anUnavailableAnswerIsPassedOnAndTheRequestSentOnce(String method) throws Exception {
        try (RawUpstream upstream =
                RawUpstream.saying("HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 4\r\n\r\nbusy")) {
            Wire.Message answer =
                    through(upstream, port -> Wire.ask(port, method + " /orders", "Content-Length: 3", "", "new"));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).isEqualTo("busy");
            assertThat(upstream.onlyRequest().text()).isEqualTo("new");
        }
    }

    // H2
    @Test
    void h2_aRedirectIsTheCallersToFollow() throws Exception {
        try (RawUpstream upstream = RawUpstream.saying(
                "HTTP/1.1 302 Found\r\nLocation: https://pay.example/x?a=1\r\nContent-Length: 0\r\n\r\n")) {
            Wire.Message answer = through(upstream, port -> Wire.ask(port, "GET /pay"));
            assertThat(answer.status()).isEqualTo(302);
            assertThat(answer.all("Location")).containsExactly("https://pay.example/x?a=1");
            assertThat(upstream.requests).hasSize(1);
        }
    }

    // H2
    @Test
    void h2_aCompressedBodyKeepsItsBytesAndItsHeaders() throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
            zip.write("hello hello hello".getBytes(StandardCharsets.UTF_8));
        }
        try (RawUpstream upstream = new RawUpstream((request, out) -> {
            out.write(("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + zipped.size() + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            out.write(zipped.toByteArray());
            return true;
        })) {
            Wire.Message answer = through(upstream, port -> Wire.ask(port, "GET /", "Accept-Encoding: gzip"));
            assertThat(answer.all("Content-Encoding")).containsExactly("gzip");
            assertThat(answer.body()).isEqualTo(zipped.toByteArray());
            assertThat(upstream.onlyRequest().all("Accept-Encoding")).containsExactly("gzip");
        }
    }

    // H2
    @Test
    void h2_aChallengeIsTheCallersToAnswer() throws Exception {
        try (RawUpstream upstream = RawUpstream.saying(
                "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")) {
            Wire.Message answer = through(upstream, port -> Wire.ask(port, "GET /", "Authorization: Basic dTpw"));
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.all("WWW-Authenticate")).containsExactly("Basic realm=\"x\"");
            assertThat(upstream.onlyRequest().all("Authorization")).containsExactly("Basic dTpw");
        }
    }

    // H3: nothing is offered to the remote side that the caller did not offer, and Host can be kept
    @Test
    void h3_noUpgradeAndNoHeaderOfTheClientsOwn() throws Exception {
        try (RawUpstream upstream = RawUpstream.saying(OK)) {
            through(upstream, port -> Wire.ask(port, "GET /"));
            assertThat(upstream.onlyRequest().headers())
                    .allMatch(line -> line.matches("(?i)(Host|X-Forwarded-[a-z]+|Via|Connection): .*"));
            assertThat(upstream.onlyRequest().all("Upgrade")).isEmpty();
            assertThat(upstream.onlyRequest().all("Host"))
                    .containsExactly(upstream.uri().getAuthority());
        }
    }

    @Test
    void h3_theCallersHostIsKeptWhereAskedFor() throws Exception {
        try (RawUpstream upstream = RawUpstream.saying(OK)) {
            through(RemoteSide.at(upstream.uri()).keepHost(), port -> Wire.ask(port, "GET /"));
            assertThat(upstream.onlyRequest().all("Host")).containsExactly("shop.example");
        }
    }

    @Test
    void h4_headersThatEndWithAConnectionAreDroppedBothWays() throws Exception {
        try (RawUpstream upstream = RawUpstream.saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                + "Connection: X-Inner, keep-alive\r\nX-Inner: 1\r\nKeep-Alive: timeout=9\r\nProxy-Authenticate: Basic\r\n"
                + "Trailer: X-T\r\nUpgrade: h2c\r\nX-Stays: 1\r\n\r\nok")) {
            Wire.Message answer = through(
                    upstream,
                    port -> Wire.ask(
                            port,
                            "GET /",
                            "Connection: X-Secret , x-other",
                            "Connection: close",
                            "X-Secret: 1",
                            "X-OTHER: 1",
                            "Keep-Alive: timeout=5",
                            "TE: trailers",
                            "Trailer: X-T",
                            "Upgrade: websocket",
                            "Proxy-Authorization: Basic dTpw",
                            "Proxy-Connection: keep-alive",
                            "X-Stays: 1"));
            assertThat(upstream.onlyRequest().headers())
                    .noneMatch(line ->
                            line.matches("(?i)(X-Secret|X-Other|Keep-Alive|TE|Trailer|Upgrade|Proxy-[a-z]+):.*"))
                    .anyMatch("X-Stays: 1"::equalsIgnoreCase);
            assertThat(upstream.onlyRequest().all("Connection")).containsExactly("keep-alive");
            assertThat(answer.headers())
                    .noneMatch(line -> line.matches("(?i)(X-Inner|Trailer|Upgrade|Proxy-[a-z]+):.*"))
                    .noneMatch(line -> line.contains("timeout=9"))
                    .contains("X-Stays: 1");
        }
    }

    @Test
    void h5_cookiesGoThroughAsTheyAre() throws Exception {
        try (RawUpstream upstream = RawUpstream.saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                + "Set-Cookie: a=b=c==; Path=/; HttpOnly\r\nSet-Cookie: t=\"q, r\"; Expires=Thu, 01 Jan 2099 00:00:00 GMT\r\n"
                + "Set-Cookie: caf\u00e9=1\r\n\r\nok")) {
            Wire.Message answer = through(
                    upstream,
                    port -> Wire.ask(
                            port, "GET /", "Cookie: a=b=c==; t=\"q, r\"; caf\u00e9=\u00fc", "X-Name: J\u00fcrgen"));
            assertThat(upstream.onlyRequest().all("Cookie")).containsExactly("a=b=c==; t=\"q, r\"; caf\u00e9=\u00fc");
            assertThat(upstream.onlyRequest().all("X-Name")).containsExactly("J\u00fcrgen");
            assertThat(answer.all("Set-Cookie"))
                    .containsExactly(
                            "a=b=c==; Path=/; HttpOnly",
                            "t=\"q, r\"; Expires=Thu, 01 Jan 2099 00:00:00 GMT",
                            "caf\u00e9=1");
        }
    }

    @Test
    void h6_whereARequestCameFromIsTakenFromTheConnection() throws Exception {
        try (RawUpstream upstream = RawUpstream.saying(OK)) {
            int[] front = new int[1];
            through(upstream, port -> {
                front[0] = port;
                return Wire.ask(
                        port,
                        "GET /",
                        "X-Forwarded-For: 6.6.6.6",
                        "X-Forwarded-Host: evil.example",
                        "X-Forwarded-Proto: https",
                        "X-Forwarded-Prefix: /admin",
                        "Forwarded: for=6.6.6.6",
                        "X-Real-IP: 6.6.6.6");
            });
            Wire.Message sent = upstream.onlyRequest();
            assertThat(sent.all("X-Forwarded-For")).containsExactly("127.0.0.1");
            assertThat(sent.all("X-Forwarded-Host")).containsExactly("shop.example");
            assertThat(sent.all("X-Forwarded-Proto")).containsExactly("http");
            assertThat(sent.all("X-Forwarded-Port")).containsExactly("80");
            assertThat(sent.headers())
                    .noneMatch(line -> line.contains("6.6.6.6") || line.contains("evil") || line.contains("/admin"));
        }
    }

    @Test
    void h6_aTrustedProxyIsBelievedAndItsChainExtended() throws Exception {
        try (RawUpstream upstream = RawUpstream.saying(OK)) {
            through(
                    RemoteSide.at(upstream.uri()).trustedProxy("127.0.0.1"::equals),
                    port -> Wire.ask(
                            port,
                            "GET /",
                            "X-Forwarded-For: 9.9.9.9, 10.0.0.1",
                            "X-Forwarded-For: 10.0.0.2",
                            "X-Forwarded-Host: shop.example.com",
                            "X-Forwarded-Proto: https"));
            Wire.Message sent = upstream.onlyRequest();
            assertThat(sent.all("X-Forwarded-For")).containsExactly("9.9.9.9, 10.0.0.1, 10.0.0.2, 127.0.0.1");
            assertThat(sent.all("X-Forwarded-Host")).containsExactly("shop.example.com");
            assertThat(sent.all("X-Forwarded-Proto")).containsExactly("https");
        }
    }

    // H10: whatever a request says of hosts, it goes where the configuration says
    @Test
    void h10_theRequestCannotChooseTheServer() throws Exception {
        try (RawUpstream upstream = RawUpstream.saying(OK);
                RawUpstream other = RawUpstream.saying(OK)) {
            String elsewhere = other.uri().getAuthority();
            through(
                    upstream,
                    port -> Wire.ask(port, "GET /@" + elsewhere + "/x?u=http://" + elsewhere, "X-Host: " + elsewhere));
            through(upstream, port -> Wire.ask(port, "GET http://" + elsewhere + "/y", "Host: " + elsewhere));
            assertThat(upstream.requests).hasSize(2);
            assertThat(other.requests).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://host/, 'be absolute, with http or https'",
        "/relative, 'be absolute, with http or https'",
        "http:///path, name a host",
        "http://user:secret@host/, name no user",
        "http://host/?a=b, have no query and no fragment"
    })
    void h10_aBaseThatIsNoPlainPlaceIsRefused(String base, String rule) {
        assertThatThrownBy(() -> RemoteSide.at(URI.create(base)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining(rule)
                .hasMessageNotContaining("secret");
    }

    @Test
    void thePathOfTheBaseComesFirstAndTheQueryAsItIs() throws Exception {
        try (RawUpstream upstream = RawUpstream.saying(OK)) {
            Wire.Message answer = through(
                    RemoteSide.at(upstream.uri().resolve("/v2/")),
                    port -> Wire.ask(port, "GET /a%20b/%7ec?q=a%7Cb&e=%zz&&x"));
            assertThat(answer.text()).isEqualTo("ok");
            assertThat(upstream.onlyRequest().first()).isEqualTo("GET /v2/a%20b/~c?q=a%7Cb&e=%zz&&x HTTP/1.1");
        }
    }

    @Test
    void aPlaceAtTheBaseLosesTheHostThatTheCallerDoesNotKnow() throws Exception {
        try (RawUpstream upstream = new RawUpstream((request, out) -> {
            String place = "http://" + request.all("Host").get(0) + "/v2/orders/7?x=1";
            out.write(("HTTP/1.1 201 Created\r\nContent-Length: 0\r\nLocation: " + place + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            return true;
        })) {
            Wire.Message answer =
                    through(RemoteSide.at(upstream.uri().resolve("/v2")), port -> Wire.ask(port, "POST /orders"));
            assertThat(answer.all("Location")).containsExactly("/orders/7?x=1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"connections", "connectTimeout", "responseTimeout", "connectionTimeout"})
    void anOptionOutOfItsRangeIsRefusedByName(String option) {
        RemoteSide.Builder builder = RemoteSide.at(URI.create("http://host"));
        assertThatThrownBy(() -> {
                    switch (option) {
                        case "connections" -> builder.connections(0);
                        case "connectTimeout" -> builder.connectTimeout(Duration.ZERO);
                        case "responseTimeout" -> builder.responseTimeout(Duration.ofSeconds(-1));
                        default -> builder.connectionTimeout(Duration.ZERO);
                    }
                })
                .isInstanceOf(MigrationException.class)
                .hasMessageStartingWith(option + " must be");
    }
}
