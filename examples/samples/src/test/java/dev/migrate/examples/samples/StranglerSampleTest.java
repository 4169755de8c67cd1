package dev.migrate.examples.samples;

import static dev.migrate.Side.LEGACY;
import static dev.migrate.Side.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Migration;
import dev.migrate.MigrationStore;
import dev.migrate.flag.PercentageFlag;
import dev.migrate.store.InMemoryMigrationStore;
import dev.migrate.strangler.StranglerRouter;
import org.junit.jupiter.api.Test;

class StranglerSampleTest {
    record Request(String line, String userId) {}

    record Response(String from) {}

    interface Handler {
        Response handle(Request request);
    }

    @Test
    void routesGoOverOneByOne() throws Exception {
        Handler monolith = request -> new Response("monolith");
        Handler ordersService = request -> new Response("service");
        MigrationStore store = new InMemoryMigrationStore();
        PercentageFlag flag =
                PercentageFlag.named("new-search").percent(0).store(store).build();
        Migration shop = Migration.named("shop").store(store).build();
        Migration orders = Migration.named("orders").store(store).build();
        // @start region="strangler"
        StranglerRouter<Request, Response> routes = StranglerRouter.of(shop)
                .legacy(monolith::handle)
                .target(ordersService::handle)
                .requestLine(Request::line)
                .key(Request::userId)
                .route("GET /catalog/**", TARGET)
                .route("GET /search/**", flag)
                .route("* /orders/**", orders)
                .otherwise(LEGACY)
                .build();
        // @end region="strangler"
        try (flag;
                shop;
                orders) {
            Request request = new Request("GET /catalog/shoes", "user-1");
            // @start region="handle"
            Response response = routes.handle(request);
            // @end region="handle"
            assertThat(response).isEqualTo(new Response("service"));
            assertThat(routes.handle(new Request("GET /search/shoes", "user-1")))
                    .isEqualTo(new Response("monolith"));
            assertThat(routes.handle(new Request("POST /orders/7", "user-1"))).isEqualTo(new Response("monolith"));
            assertThat(routes.explain(request).toString()).contains("GET /catalog/**");
        }
    }
}
