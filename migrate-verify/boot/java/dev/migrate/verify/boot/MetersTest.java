package dev.migrate.verify.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Migration;
import dev.migrate.Records;
import dev.migrate.Stage;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.flag.PercentageFlag;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Meters in the registry of the context, by whatever Micrometer this Spring Boot manages. */
class MetersTest {
    @Configuration(proxyBeanMethods = false)
    static class Router {
        @Bean
        MeterRegistry registry() {
            return new SimpleMeterRegistry();
        }

        @Bean
        DualWriteRouter<String, String> router(Migration orders) {
            Records<String, String> nothing =
                    Records.<String, String>of(key -> Optional.empty(), value -> value, key -> {});
            return DualWriteRouter.of(orders)
                    .legacy(nothing)
                    .target(nothing)
                    .records("orders")
                    .key(value -> value)
                    .repairEvery(Duration.ofHours(1))
                    .build();
        }
    }

    @Test
    void everythingOfTheContextIsMeasured_andNothingTwice() {
        Contexts.inMemory()
                .withUserConfiguration(Router.class)
                .withPropertyValues("migrate.migrations.orders=", "migrate.flags.new-search.percent=5")
                .run(context -> {
                    MeterRegistry registry = context.getBean(MeterRegistry.class);
                    context.getBean(Migration.class).moveTo(Stage.DUAL_WRITE, "test");
                    context.getBean(PercentageFlag.class).turnTo(25, "test");

                    assertThat(registry.get("migrate.position.changes")
                                    .tag("migration", "orders")
                                    .counter()
                                    .count())
                            .isEqualTo(1);
                    assertThat(registry.get("migrate.flag.turns")
                                    .tag("flag", "new-search")
                                    .counter()
                                    .count())
                            .isEqualTo(1);
                    assertThat(registry.get("migrate.position").gauge().value()).isEqualTo(1);
                    assertThat(registry.get("migrate.flag.percent").gauge().value())
                            .isEqualTo(25);
                    assertThat(registry.get("migrate.debt.keys")
                                    .tags("migration", "orders", "records", "orders")
                                    .gauge()
                                    .value())
                            .isZero();
                });
    }
}
