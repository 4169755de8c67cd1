package dev.migrate.strangler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.migrate.Call;
import dev.migrate.KeySwitch;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Traffic;
import dev.migrate.internal.call.Ladder;
import dev.migrate.strangler.RouteDecision.Reason;
import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StranglerRouterTest {
    record Request(String line, Long userId) {}

    private final Ladder shop = new Ladder();
    private final Ladder orders = new Ladder();

    @AfterEach
    void close() {
        shop.close();
        orders.close();
    }

    private static final KeySwitch EVEN = new KeySwitch() {
        @Override
        public String name() {
            return "new-search";
        }

        @Override
        public boolean isOn(String key) {
            return Long.parseLong(key) % 2 == 0;
        }
    };

    private StranglerRouter.Builder<Request, Side> options() {
        Call<Request, Side> legacy = request -> Side.LEGACY;
        return StranglerRouter.of(shop.migration())
                .legacy(legacy)
                .target(request -> Side.TARGET)
                .requestLine(Request::line)
                .key(Request::userId);
    }

    private StranglerRouter<Request, Side> shopRoutes() {
        return options()
                .route("GET /catalog/**", Side.TARGET)
                .route("GET /search/**", EVEN)
                .route("* /orders/**", orders.migration())
                .route("GET /users/*/avatar", Side.TARGET)
                .otherwise(Side.LEGACY)
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /catalog, TARGET, GET /catalog/**",
        "GET /catalog/, TARGET, GET /catalog/**",
        "GET /catalog/shoes/7?size=40, TARGET, GET /catalog/**",
        "GET /catalog/shoes HTTP/1.1, TARGET, GET /catalog/**",
        "GET /%63atalog/x, TARGET, GET /catalog/**",
        "POST /catalog/shoes, LEGACY, otherwise",
        "HEAD /catalog, LEGACY, otherwise",
        "get /catalog, LEGACY, otherwise",
        "GET /catalogue, LEGACY, otherwise",
        "GET /search/x, TARGET, GET /search/**",
        "DELETE /orders/7, LEGACY, * /orders/**",
        "GET /users/7/avatar, TARGET, GET /users/*/avatar",
        "GET /users/7/8/avatar, LEGACY, otherwise",
        "GET /users/avatar, LEGACY, otherwise",
        "GET /, LEGACY, otherwise"
    })
    void theFirstMatchingRouteDecides(String line, Side side, String route) {
        Request request = new Request(line, 42L);
        assertThat(shopRoutes().<RuntimeException>handle(request)).isEqualTo(side);
        RouteDecision decision = shopRoutes().explain(request);
        assertThat(decision.side()).isEqualTo(side);
        assertThat(decision.route()).isEqualTo(route);
    }

    @Test
    void aSwitch_decidesByKey_andIsNamed() {
        assertThat(shopRoutes().<RuntimeException>handle(new Request("GET /search/x", 41L)))
                .isEqualTo(Side.LEGACY);
        RouteDecision decision = shopRoutes().explain(new Request("GET /search/x", 42L));
        assertThat(decision.reason()).isEqualTo(Reason.SWITCH);
        assertThat(decision.sentence())
                .isEqualTo("TARGET because route 'GET /search/**' asks 'new-search', which is on for the key");
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void aMigration_sendsToItsAuthoritativeSideAlone(Stage stage) {
        orders.to(Position.of(stage));
        Request request = new Request("POST /orders", 42L);
        assertThat(shopRoutes().<RuntimeException>handle(request)).isEqualTo(stage.authoritative());
        RouteDecision decision = shopRoutes().explain(request);
        assertThat(decision.stage()).isEqualTo(stage);
        assertThat(decision.bucket()).isNull();
        assertThat(decision.decidedBy()).isEqualTo("move");
    }

    @Test
    void aShare_dividesByTheSameKeyThatOtherRoutersOfTheMigrationUse() {
        orders.to(Stage.SHADOW.plusPercent(30));
        StranglerRouter<Request, Side> routes = shopRoutes();
        assertThat(LongStream.range(0, 1_000)).allSatisfy(user -> {
            Request request = new Request("PUT /orders/1", user);
            Side expected = orders.migration().stageOf(user).authoritative();
            assertThat(routes.<RuntimeException>handle(request)).isEqualTo(expected);
            RouteDecision decision = routes.explain(request);
            assertThat(decision.bucket()).isEqualTo(orders.migration().bucketOf(user));
            assertThat(decision.sentence()).contains("in bucket " + decision.bucket());
        });
    }

    @Test
    void aRouteMayHaveAKeyOfItsOwn() {
        orders.to(Stage.SHADOW.plusPercent(50));
        StranglerRouter<Request, Side> routes = options()
                .route(
                        "* /orders/*",
                        orders.migration(),
                        request -> Long.valueOf(request.line().split("/")[2]))
                .otherwise(Side.LEGACY)
                .build();
        assertThat(LongStream.range(0, 100))
                .allSatisfy(order -> assertThat(routes.explain(new Request("PUT /orders/" + order, 1L))
                                .stage())
                        .isEqualTo(orders.migration().stageOf(order)));
    }

    @Test
    void h9_anAmbiguousPathIsHandledByNobody() {
        for (String path :
                List.of("/catalog/../orders/7", "/catalog/%2e%2e/orders", "/catalog//x", "/catalog;/x", "*")) {
            Request request = new Request("GET " + path, 42L);
            assertThatThrownBy(() -> shopRoutes().handle(request)).isInstanceOf(AmbiguousPathException.class);
            assertThatThrownBy(() -> shopRoutes().explain(request)).isInstanceOf(AmbiguousPathException.class);
        }
        assertThatThrownBy(() -> shopRoutes().handle(new Request("nonsense", 1L)))
                .isInstanceOf(AmbiguousPathException.class);
    }

    @Test
    void aMissingKey_isRefusedWhereItMattersOnly() {
        assertThat(shopRoutes().<RuntimeException>handle(new Request("GET /catalog", null)))
                .isEqualTo(Side.TARGET);
        assertThatThrownBy(() -> shopRoutes().handle(new Request("GET /search", null)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("GET /search/**")
                .hasMessageContaining("session");
    }

    @Test
    void failures_passAsThrown() {
        var failure = new IOException();
        Call<Request, Side> legacy = request -> {
            throw failure;
        };
        StranglerRouter<Request, Side> routes = StranglerRouter.of(shop.migration())
                .legacy(legacy)
                .target(request -> Side.TARGET)
                .requestLine(Request::line)
                .otherwise(Side.LEGACY)
                .build();
        assertThat(catchThrowable(() -> routes.handle(new Request("GET /", 1L))))
                .isSameAs(failure);
    }

    @Test
    void traffic_isThatOfWhoeverDecides() {
        try (Traffic.Watch ofShop = shop.migration().traffic().watch();
                Traffic.Watch ofOrders = orders.migration().traffic().watch()) {
            shopRoutes().handle(new Request("GET /catalog", 1L));
            shopRoutes().handle(new Request("GET /orders", 1L));
            shopRoutes().handle(new Request("GET /elsewhere", 1L));
            assertThat(ofShop.sample(Side.TARGET).calls()).isEqualTo(1);
            assertThat(ofShop.sample(Side.LEGACY).calls()).isEqualTo(1);
            assertThat(ofOrders.sample(Side.LEGACY).calls()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/catalog | must begin with a method in capitals",
                "get /catalog | must begin with a method in capitals",
                "GET catalog | a path that begins with a slash",
                "GET /**/x | only as its last segment",
                "GET /a/b** | only as its last segment",
                "GET /a*/b | * only as a whole segment",
                "GET /a/../b | can never match",
                "GET /a//b | can never match",
                "GET /%61 | canonical path, which is /a"
            })
    void aMalformedPattern_isRefused(String pattern, String rule) {
        assertThatThrownBy(() -> options().route(pattern, Side.TARGET))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining(rule);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /a/**, GET /a/b",
        "* /a/**, POST /a",
        "* /**, GET /",
        "GET /*/b, GET /a/b",
        "GET /a, GET /a",
        "GET /a/**, GET /a/b/**"
    })
    void aRouteThatCanNeverBeReached_isRefused(String earlier, String later) {
        assertThatThrownBy(() -> options().route(earlier, Side.TARGET).route(later, Side.LEGACY))
                .hasMessageContaining("can never be reached")
                .hasMessageContaining(earlier);
        options().route(later, Side.LEGACY);
    }

    @Test
    void s8_whatIsMissingIsNamed() {
        Call<Request, Side> side = request -> Side.LEGACY;
        var options = StranglerRouter.of(shop.migration()).legacy(side);
        assertThatThrownBy(options::build).hasMessageContaining("target is missing");
        assertThatThrownBy(() -> options.route("GET /x", EVEN))
                .hasMessageContaining("key is missing for route 'GET /x'");
        options.target(side);
        assertThatThrownBy(options::build).hasMessageContaining("requestLine is missing");
        options.requestLine(Request::line);
        assertThatThrownBy(options::build).hasMessageContaining("otherwise is missing");
    }
}
