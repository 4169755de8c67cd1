package dev.migrate.verify.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.migrate.Migration;
import dev.migrate.Side;
import dev.migrate.servlet.RemoteSide;
import dev.migrate.servlet.StranglerFilter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A Spring application that gives a part of its endpoints to another server. */
class StrangledApplicationTest {
    private HttpServer target;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Monolith {
        @Bean
        RemoteSide catalogService(Environment environment) {
            return RemoteSide.at(URI.create(environment.getRequiredProperty("catalog.uri")))
                    .build();
        }

        @Bean
        StranglerFilter strangler(Migration shop, RemoteSide catalogService) {
            return StranglerFilter.of(shop)
                    .remote(Side.TARGET, catalogService)
                    .route("* /catalog/**", Side.TARGET)
                    .otherwise(Side.LEGACY)
                    .build();
        }

        @Bean
        Forms forms() {
            return new Forms();
        }
    }

    @RestController
    static class Forms {
        @PostMapping("/orders")
        String post(@RequestParam("item") String item) {
            return "monolith took " + item;
        }
    }

    @BeforeEach
    void start() throws Exception {
        target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        target.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            byte[] answer = ("service took " + exchange.getRequestURI() + " " + body).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        target.start();
    }

    @AfterEach
    void stop() {
        target.stop(0);
    }

    private static HttpResponse<String> post(ConfigurableApplicationContext application, String path) throws Exception {
        String port = application.getEnvironment().getRequiredProperty("local.server.port");
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .POST(HttpRequest.BodyPublishers.ofString("item=book"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .timeout(Duration.ofMinutes(2))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void h7_formsArriveWholeOnEitherSide() throws Exception {
        try (ConfigurableApplicationContext monolith = new SpringApplication(Monolith.class)
                .run(
                        "--server.port=0",
                        "--spring.main.banner-mode=off",
                        "--spring.datasource.generate-unique-name=true",
                        "--migrate.migrations.shop=",
                        "--catalog.uri=http://127.0.0.1:" + target.getAddress().getPort())) {
            assertThat(post(monolith, "/orders").body()).isEqualTo("monolith took book");
            assertThat(post(monolith, "/catalog/7?x=1").body()).isEqualTo("service took /catalog/7?x=1 item=book");
            assertThat(post(monolith, "/catalog/%2e%2e/orders").statusCode()).isEqualTo(400);
        }
    }
}
