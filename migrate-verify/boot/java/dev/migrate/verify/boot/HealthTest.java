package dev.migrate.verify.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
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
