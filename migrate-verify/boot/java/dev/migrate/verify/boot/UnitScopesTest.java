package dev.migrate.verify.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Migration;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Stage and share stand still in each of Spring's transactions. */
class UnitScopesTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Configuration(proxyBeanMethods = false)
    static class Shop {
        @Bean
        DataSource db() {
            return Contexts.database();
        }

        @Bean
        PlatformTransactionManager transactions(DataSource db) {
            return new JdbcTransactionManager(db);
        }
    }

    private static ApplicationContextRunner shop() {
        return new ApplicationContextRunner()
                .withUserConfiguration(Contexts.Everything.class, Shop.class)
                .withPropertyValues("migrate.migrations.orders=");
    }

    @Test
    void transaction_isAUnitOfWork_nestedAndSuspendedOnesToo() {
        shop().run(context -> {
            Migration orders = context.getBean(Migration.class);
            PlatformTransactionManager manager = context.getBean(PlatformTransactionManager.class);
            TransactionTemplate outer = new TransactionTemplate(manager);
            TransactionTemplate inner = new TransactionTemplate(manager);
            inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
            List<Boolean> pinned = new ArrayList<>();
            outer.executeWithoutResult(status -> {
                pinned.add(orders.isPinned());
                inner.executeWithoutResult(nested -> pinned.add(orders.isPinned()));
                pinned.add(orders.isPinned());
                status.setRollbackOnly();
            });
            pinned.add(orders.isPinned());
            assertThat(pinned).containsExactly(true, true, true, false);
            assertThat(orders.awaitEarlierUnits(LONG)).isTrue();
        });
    }

    @Test
    void transaction_thatFails_endsItsUnit() {
        shop().run(context -> {
            Migration orders = context.getBean(Migration.class);
            TransactionTemplate template =
                    new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
            try {
                template.executeWithoutResult(status -> {
                    throw new IllegalStateException("no stock");
                });
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessage("no stock");
            }
            assertThat(orders.isPinned()).isFalse();
            assertThat(orders.awaitEarlierUnits(LONG)).isTrue();
        });
    }

    @Test
    void propertySwitchesItOff() {
        shop().withPropertyValues("migrate.scopes.transactions=false").run(context -> {
            Migration orders = context.getBean(Migration.class);
            new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                    .executeWithoutResult(
                            status -> assertThat(orders.isPinned()).isFalse());
        });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Web {
        @Bean
        Pinned controller(Migration orders) {
            return new Pinned(orders);
        }
    }

    @RestController
    static class Pinned {
        private final Migration orders;

        Pinned(Migration orders) {
            this.orders = orders;
        }

        @GetMapping("/pinned")
        String pinned() {
            return String.valueOf(orders.isPinned());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void request_isAUnitOfWork_whereThePropertiesAskForIt(String asked) throws Exception {
        try (ConfigurableApplicationContext web = new SpringApplication(Web.class)
                .run(
                        "--server.port=0",
                        "--spring.main.banner-mode=off",
                        "--spring.datasource.generate-unique-name=true",
                        "--migrate.migrations.orders=",
                        "--migrate.scopes.requests=" + asked)) {
            String port = web.getEnvironment().getRequiredProperty("local.server.port");
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/pinned"))
                    .timeout(Duration.ofMinutes(2))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo(asked);
            assertThat(web.getBean(Migration.class).awaitEarlierUnits(LONG)).isTrue();
        }
    }
}
