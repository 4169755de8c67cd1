package dev.migrate.verify.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Call;
import dev.migrate.Migration;
import dev.migrate.Stage;
import dev.migrate.fallback.LegacyFallback;
import java.net.ConnectException;
import java.sql.Connection;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The health contributor of either generation, asked through whatever bean there is. */
class HealthTest {
    @Configuration(proxyBeanMethods = false)
    static class OwnDatabase {
        @Bean
        DataSource appDb() {
            return Contexts.database();
        }
    }

    private static String health(AssertableApplicationContext context) throws Exception {
        Object indicator = context.getBean("migrationsHealthIndicator");
        // the type differs by generation: found by name, and called by it
        Object health = java.util.Arrays.stream(indicator.getClass().getMethods())
                .filter(method -> method.getName().equals("health") && method.getParameterCount() == 0)
                .findFirst()
                .orElseThrow()
                .invoke(indicator);
        return health.toString();
    }

    @Test
    void upWithThePositions_whileTheStoreCanBeRead() {
        Contexts.everything()
                .withUserConfiguration(OwnDatabase.class)
                .withPropertyValues("migrate.migrations.orders=")
                .run(context -> {
                    assertThat(health(context)).contains("UP").contains("orders=LEGACY_ONLY");
                    try (Connection connection =
                                    context.getBean(DataSource.class).getConnection();
                            var statement = connection.createStatement()) {
                        statement.execute("drop all objects");
                    }
                    assertThat(health(context)).contains("DOWN");
                });
    }

    /** A target that is shunned is answered for by legacy, so that the application is well. */
    @Test
    void b10_upWhileABreakerIsOpen() {
        Contexts.everything()
                .withUserConfiguration(OwnDatabase.class)
                .withPropertyValues("migrate.migrations.orders=")
                .run(context -> {
                    Migration orders = context.getBean(Migration.class);
                    for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.SHADOW, Stage.LIVE)) {
                        orders.moveTo(stage, "test");
                    }
                    Call<String, String> legacy = input -> "legacy";
                    LegacyFallback<String, String> fallback = LegacyFallback.of(orders)
                            .legacy(legacy)
                            .target(input -> {
                                throw new ConnectException();
                            })
                            .notSent(ConnectException.class)
                            .window(4)
                            .minimumCalls(4)
                            .build();
                    for (int call = 0; call < 4; call++) {
                        assertThat(fallback.<RuntimeException>call("order")).isEqualTo("legacy");
                    }
                    assertThat(fallback.isTargetShunned()).isTrue();
                    assertThat(health(context)).contains("UP").doesNotContain("DOWN");
                });
    }

    @Test
    void canBeSwitchedOffLikeAnyOther() {
        Contexts.inMemory()
                .withPropertyValues("management.health.migrations.enabled=false", "migrate.migrations.orders=")
                .run(context -> assertThat(context).doesNotHaveBean("migrationsHealthIndicator"));
    }

    @Test
    void absentWithoutAStore() {
        Contexts.everything()
                .withPropertyValues("spring.autoconfigure.exclude="
                        + "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration,"
                        + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("migrationsHealthIndicator"));
    }
}
