package dev.migrate.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Traffic;
import dev.migrate.flag.PercentageFlag;
import dev.migrate.store.InMemoryMigrationStore;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A monolith behind the filter, the target service on another server. */
class StranglerFilterTest {
    private static final String TARGET_SAYS = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nSet-Cookie: own=1\r\n\r\ntarget";
    private static final byte[] SECRET =
            "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    private final InMemoryMigrationStore store = new InMemoryMigrationStore();
    private final Migration shop = Migration.named("shop").store(store).build();
    private final Migration orders = Migration.named("orders").store(store).build();
    private final PercentageFlag search =
            PercentageFlag.named("new-search").percent(50).store(store).build();

    @AfterEach
    void close() {
        search.close();
        orders.close();
        shop.close();
    }

    private StranglerFilter.Builder filter(RemoteSide target) {
        return StranglerFilter.of(shop).remote(Side.TARGET, target).key(request -> request.getHeader("X-User"));
    }

    private interface Requests {
        void with(int port, RawUpstream target) throws Exception;
    }

    private void behind(StranglerFilter.Builder described, RawUpstream target, Requests test) throws Exception {
        try (Front front = new Front(described.build(), (request, response) -> {
            response.setContentType("text/plain");
            response.getWriter().print("legacy" + (request.getParameter("q") == null ? "" : request.getParameter("q")));
        })) {
            test.with(front.port(), target);
        }
    }

    @Test
    void eachRequestGoesWhereTheFirstMatchingRouteSays() throws Exception {
        try (RawUpstream target = RawUpstream.saying(TARGET_SAYS);
                RemoteSide remote = RemoteSide.at(target.uri()).build()) {
            behind(
                    filter(remote)
                            .route("GET /catalog/**", Side.TARGET)
                            .route("* /orders/**", orders)
                            .otherwise(Side.LEGACY),
                    target,
                    (port, upstream) -> {
                        assertThat(Wire.ask(port, "GET /catalog/7").text()).isEqualTo("target");
                        assertThat(Wire.ask(port, "POST /catalog/7").text()).isEqualTo("legacy");
                        assertThat(Wire.ask(port, "GET /orders/7", "X-User: ada")
                                        .text())
                                .isEqualTo("legacy");
                        for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.SHADOW, Stage.LIVE)) {
                            orders.moveTo(stage, "test");
                        }
                        assertThat(Wire.ask(port, "GET /orders/7", "X-User: ada")
                                        .text())
                                .isEqualTo("target");
                        assertThat(Wire.ask(port, "GET /").text()).isEqualTo("legacy");
                    });
        }
    }

    @Test
    void theTargetMayBeTheApplicationAndLegacyElsewhere() throws Exception {
        try (RawUpstream legacy = RawUpstream.saying("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold");
                RemoteSide remote = RemoteSide.at(legacy.uri()).build()) {
            behind(
                    StranglerFilter.of(shop)
                            .remote(Side.LEGACY, remote)
                            .route("GET /catalog/**", Side.TARGET)
                            .otherwise(Side.LEGACY),
                    legacy,
                    (port, upstream) -> {
                        assertThat(Wire.ask(port, "GET /catalog/7").text()).isEqualTo("legacy");
                        assertThat(Wire.ask(port, "GET /else").text()).isEqualTo("old");
                    });
        }
    }

    @Test
    void h1_theSameUserAlwaysGoesToTheSameSide() throws Exception {
        try (RawUpstream target = RawUpstream.saying(TARGET_SAYS);
                RemoteSide remote = RemoteSide.at(target.uri()).build()) {
            behind(filter(remote).route("GET /search/**", search).otherwise(Side.LEGACY), target, (port, upstream) -> {
                Map<String, String> sides = new HashMap<>();
                for (int round = 0; round < 3; round++) {
                    for (int user = 0; user < 40; user++) {
                        String side = Wire.ask(port, "GET /search/x", "X-User: user" + user)
                                .text();
                        assertThat(sides.merge("user" + user, side, (before, now) -> before))
                                .isEqualTo(side);
                    }
                }
                assertThat(sides.values()).contains("legacy", "target");
            });
        }
    }

    // F12: whoever was on legacy stays there, visit after visit: the cookie names the visitor, on both arms
    @Test
    void f12_aVisitorsCookieIsGivenOnBothArms_andNobodyDrifts() throws Exception {
        try (RawUpstream target = RawUpstream.saying(TARGET_SAYS);
                RemoteSide remote = RemoteSide.at(target.uri()).build()) {
            behind(
                    filter(remote)
                            .visitors(VisitorCookie.named("visitor")
                                    .signedWith(SECRET)
                                    .alsoOverHttp())
                            .route("GET /search/**", search)
                            .otherwise(Side.LEGACY),
                    target,
                    (port, upstream) -> {
                        Map<String, String> arms = new HashMap<>();
                        for (int visitor = 0; visitor < 30; visitor++) {
                            Wire.Message first = Wire.ask(port, "GET /search/x");
                            String cookie = visitorCookie(first);
                            arms.put(cookie, first.text());
                        }
                        assertThat(arms).hasSize(30).containsValue("legacy").containsValue("target");
                        for (int round = 0; round < 2; round++) {
                            for (Map.Entry<String, String> arm : arms.entrySet()) {
                                Wire.Message again = Wire.ask(port, "GET /search/x", "Cookie: a=b; " + arm.getKey());
                                assertThat(again.text()).isEqualTo(arm.getValue());
                                assertThat(again.all("Set-Cookie")).noneMatch(set -> set.startsWith("visitor="));
                            }
                        }
                    });
        }
    }

    private static String visitorCookie(Wire.Message answer) {
        List<String> given = answer.all("Set-Cookie").stream()
                .filter(set -> set.startsWith("visitor="))
                .toList();
        assertThat(given).hasSize(1);
        assertThat(given.get(0)).contains("HttpOnly", "SameSite=Lax", "Path=/");
        return given.get(0).split(";")[0];
    }

    @Test
    void f12_aCookieThatWasNotSignedHereIsReplaced() throws Exception {
        try (RawUpstream target = RawUpstream.saying(TARGET_SAYS);
                RemoteSide remote = RemoteSide.at(target.uri()).build()) {
            behind(
                    filter(remote)
                            .visitors(VisitorCookie.named("visitor").signedWith(SECRET))
                            .route("GET /search/**", search)
                            .otherwise(Side.LEGACY),
                    target,
                    (port, upstream) -> {
                        String real = visitorCookie(Wire.ask(port, "GET /search/x"));
                        List<String> forged =
                                new ArrayList<>(List.of("visitor=x", "visitor=x.y", "visitor=", "visitor=."));
                        forged.add(real.replaceFirst("=.", "=#"));
                        for (String cookie : forged) {
                            assertThat(visitorCookie(Wire.ask(port, "GET /search/x", "Cookie: " + cookie)))
                                    .isNotEqualTo(cookie);
                        }
                    });
        }
    }

    // H9: what two servers may read differently reaches neither
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/catalog/%2e%2e/admin",
                "/catalog/..%2fadmin",
                "/catalog/%2Fadmin",
                "/catalog/%252e%252e/admin",
                "/catalog/..;/admin",
                "/catalog/x;y=z",
                "//catalog/x",
                "/catalog//x",
                "/catalog/%00",
                "/catalog/%5cadmin",
                "/catalog/../admin"
            })
    void h9_anAmbiguousPathIsRefused(String path) throws Exception {
        try (RawUpstream target = RawUpstream.saying(TARGET_SAYS);
                RemoteSide remote = RemoteSide.at(target.uri()).build()) {
            behind(filter(remote).route("GET /catalog/**", Side.TARGET).otherwise(Side.LEGACY), target, (port, up) -> {
                Wire.Message answer = Wire.ask(port, "GET " + path);
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.text()).doesNotContain("target").doesNotContain("legacy");
                assertThat(up.requests).isEmpty();
            });
        }
    }

    @Test
    void h9_whatIsMatchedIsWhatIsForwarded() throws Exception {
        try (RawUpstream target = RawUpstream.saying(TARGET_SAYS);
                RemoteSide remote = RemoteSide.at(target.uri()).build()) {
            behind(filter(remote).route("GET /catalog/**", Side.TARGET).otherwise(Side.LEGACY), target, (port, up) -> {
                assertThat(Wire.ask(port, "GET /c%61talog/a%3ab?x=%2F").text()).isEqualTo("target");
                assertThat(up.onlyRequest().first())
                        .startsWith("GET /catalog/a")
                        .endsWith("?x=%2F HTTP/1.1");
            });
        }
    }

    @Test
    void h7_formsAreLeftToTheApplication() throws Exception {
        try (RawUpstream target = RawUpstream.saying(TARGET_SAYS);
                RemoteSide remote = RemoteSide.at(target.uri()).build()) {
            behind(filter(remote).route("* /catalog/**", Side.TARGET).otherwise(Side.LEGACY), target, (port, up) -> {
                String[] form = {"Content-Type: application/x-www-form-urlencoded", "Content-Length: 3", "", "q=1"};
                assertThat(Wire.ask(port, "POST /search", form).text()).isEqualTo("legacy1");
                Wire.ask(port, "POST /catalog/x", form);
                assertThat(up.onlyRequest().text()).isEqualTo("q=1");
            });
        }
    }

    @Test
    void aRemoteSideThatIsNotThereIsA502_andAFailureOfThatSide() throws Exception {
        int free;
        try (ServerSocket reserved = new ServerSocket(0)) {
            free = reserved.getLocalPort();
        }
        try (RawUpstream unused = RawUpstream.saying(TARGET_SAYS);
                RemoteSide remote =
                        RemoteSide.at(URI.create("http://127.0.0.1:" + free)).build();
                Traffic.Watch watch = shop.traffic().watch()) {
            behind(filter(remote).route("GET /catalog/**", Side.TARGET).otherwise(Side.LEGACY), unused, (port, up) -> {
                assertThat(Wire.ask(port, "GET /catalog/x").status()).isEqualTo(502);
                assertThat(watch.sample(Side.TARGET).calls()).isEqualTo(1);
                assertThat(watch.sample(Side.TARGET).failures()).isEqualTo(1);
            });
        }
    }

    @Test
    void answersOf500AndAboveAreFailuresForAGuard_andGoThroughAsTheyAre() throws Exception {
        try (RawUpstream target = RawUpstream.saying("HTTP/1.1 500 Broken\r\nContent-Length: 4\r\n\r\noops");
                RemoteSide remote = RemoteSide.at(target.uri()).build();
                Traffic.Watch watch = shop.traffic().watch()) {
            StranglerFilter filter = filter(remote)
                    .route("GET /catalog/**", Side.TARGET)
                    .otherwise(Side.LEGACY)
                    .build();
            try (Front front = new Front(filter, (request, response) -> {
                if (request.getRequestURI().equals("/broken")) {
                    response.setStatus(503);
                } else if (request.getRequestURI().equals("/thrown")) {
                    throw new IOException("the application's own");
                }
            })) {
                Wire.Message answer = Wire.ask(front.port(), "GET /catalog/x");
                assertThat(answer.status()).isEqualTo(500);
                assertThat(answer.text()).isEqualTo("oops");
                assertThat(Wire.ask(front.port(), "GET /broken").status()).isEqualTo(503);
                assertThat(Wire.ask(front.port(), "GET /thrown").status()).isEqualTo(500);
                assertThat(Wire.ask(front.port(), "GET /fine").status()).isEqualTo(200);
            }
            assertThat(watch.sample(Side.TARGET).failures()).isEqualTo(1);
            assertThat(watch.sample(Side.LEGACY).failures()).isEqualTo(2);
            assertThat(watch.sample(Side.LEGACY).calls()).isEqualTo(3);
        }
    }

    @Test
    void whatIsMissingIsNamed() {
        try (RemoteSide remote = RemoteSide.at(URI.create("http://host")).build()) {
            assertThatThrownBy(() ->
                            StranglerFilter.of(shop).remote(Side.TARGET, remote).build())
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("otherwise");
            assertThatThrownBy(() ->
                            StranglerFilter.of(shop).remote(Side.TARGET, remote).route("GET /x", orders))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("key");
            assertThatThrownBy(() -> VisitorCookie.named("visitor").signedWith(new byte[31]))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("at least 32 bytes, but had 31");
            assertThatThrownBy(() -> VisitorCookie.named("a b")).isInstanceOf(MigrationException.class);
        }
    }
}
