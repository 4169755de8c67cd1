package dev.migrate.verify.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Migration;
import dev.migrate.Records;
import dev.migrate.Stage;
import dev.migrate.dualwrite.DualWriteRouter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** A whole application: real server, real database, real actuator. */
class WebApplicationTest {
    private static final String KEY = "customer-7788";

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Shop {
        private final Map<String, String> legacy = new ConcurrentHashMap<>();

        @Bean
        DualWriteRouter<String, String> orderRouter(Migration orders) {
            return DualWriteRouter.of(orders)
                    .legacy(Records.<String, String>of(
                            key -> Optional.ofNullable(legacy.get(key)),
                            value -> {
                                legacy.put(KEY, value);
                                return value;
                            },
                            legacy::remove))
                    .target(Records.<String, String>of(
                            key -> Optional.empty(),
                            value -> {
                                throw new IllegalStateException("the target is down; it was given " + value);
                            },
                            key -> {}))
                    .key(value -> KEY)
                    .repairEvery(Duration.ofHours(1))
                    .build();
        }

        @Bean
        Orders controller(DualWriteRouter<String, String> orderRouter) {
            return new Orders(orderRouter);
        }
    }

    @RestController
    static class Orders {
        private final DualWriteRouter<String, String> router;

        Orders(DualWriteRouter<String, String> router) {
            this.router = router;
        }

        @PutMapping("/orders/{value}")
        String put(@PathVariable("value") String value) {
            return router.write(value);
        }

        @GetMapping("/orders")
        String get() {
            return router.read(KEY).orElse("");
        }
    }

    private static HttpResponse<String> call(ConfigurableApplicationContext application, String method, String path)
            throws Exception {
        String port = application.getEnvironment().getRequiredProperty("local.server.port");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofMinutes(2))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static ConfigurableApplicationContext start(String... properties) {
        SpringApplication application = new SpringApplication(Shop.class);
        String[] arguments = new String[properties.length + 3];
        arguments[0] = "--server.port=0";
        arguments[1] = "--spring.main.banner-mode=off";
        arguments[2] = "--spring.datasource.generate-unique-name=true";
        for (int i = 0; i < properties.length; i++) {
            arguments[i + 3] = "--" + properties[i];
        }
        return application.run(arguments);
    }

    @Test
    void itMovesAndTells() throws Exception {
        try (ConfigurableApplicationContext shop = start(
                "migrate.migrations.orders.step-budget=5s",
                "migrate.flags.new-search.percent=12.5",
                "migrate.flags.new-search.always-on=" + KEY,
                "management.endpoints.web.exposure.include=health,migrations",
                "management.endpoint.health.show-details=always")) {
            assertThat(call(shop, "PUT", "/orders/first").body()).isEqualTo("first");
            shop.getBean(Migration.class).moveTo(Stage.DUAL_WRITE, "schema is live");
            assertThat(call(shop, "PUT", "/orders/second").body()).isEqualTo("second");
            assertThat(call(shop, "GET", "/orders").body()).isEqualTo("second");

            HttpResponse<String> all = call(shop, "GET", "/actuator/migrations");
            assertThat(all.statusCode()).isEqualTo(200);
            assertThat(all.body())
                    .contains("\"name\":\"orders\"", "\"position\":\"DUAL_WRITE\"", "\"router\":\"orderRouter\"")
                    .contains("\"name\":\"new-search\"", "12.5")
                    .containsPattern("\"keys\":1\\b");

            HttpResponse<String> one = call(shop, "GET", "/actuator/migrations/orders");
            assertThat(one.body()).contains("schema is live", "\"from\":\"LEGACY_ONLY\"", "\"to\":\"DUAL_WRITE\"");
            assertThat(call(shop, "GET", "/actuator/migrations/nobody").statusCode())
                    .isEqualTo(404);

            HttpResponse<String> health = call(shop, "GET", "/actuator/health");
            assertThat(health.body()).contains("\"migrations\":{", "\"orders\":\"DUAL_WRITE\"");

            assertThat(all.body() + one.body() + health.body())
                    .doesNotContain(KEY)
                    .doesNotContain("second");
        }
    }

    @Test
    void c2_theEndpointChangesNothing_andIsNotExposedUnlessAskedFor() throws Exception {
        try (ConfigurableApplicationContext shop = start("migrate.migrations.orders.step-budget=5s")) {
            assertThat(call(shop, "GET", "/actuator/migrations").statusCode()).isEqualTo(404);
        }
        try (ConfigurableApplicationContext shop = start(
                "migrate.migrations.orders.step-budget=5s", "management.endpoints.web.exposure.include=migrations")) {
            for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH"}) {
                assertThat(call(shop, method, "/actuator/migrations/orders").statusCode())
                        .isEqualTo(405);
            }
            assertThat(shop.getBean(Migration.class).audit(10)).hasSize(1);
        }
    }
}
