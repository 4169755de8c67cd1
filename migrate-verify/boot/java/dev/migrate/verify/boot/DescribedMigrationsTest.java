package dev.migrate.verify.boot;

import static dev.migrate.verify.boot.Contexts.analysisOf;
import static dev.migrate.verify.boot.Contexts.inMemory;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationListener;
import dev.migrate.MigrationThreads;
import dev.migrate.Position;
import dev.migrate.Stage;
import dev.migrate.flag.Flags;
import dev.migrate.flag.PercentageFlag;
import dev.migrate.spring.MigrationOperator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Migrations and flags that the properties describe. */
class DescribedMigrationsTest {
    record Wired(Migration orders, Migration users, PercentageFlag search) {}

    @Configuration(proxyBeanMethods = false)
    static class Users {
        @Bean
        Wired wired(
                @Qualifier("orders") Migration orders,
                @Qualifier("user-service") Migration users,
                PercentageFlag newSearchFlag) {
            return new Wired(orders, users, newSearchFlag);
        }
    }

    /** Needs a migration itself, and must nevertheless hear of it. */
    static final class Heard implements MigrationListener {
        final List<MigrationEvent> events = new CopyOnWriteArrayList<>();
        final Migration orders;

        Heard(Migration orders) {
            this.orders = orders;
        }

        @Override
        public void on(MigrationEvent event) {
            events.add(event);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Listening {
        @Bean
        MigrationListener broken() {
            return event -> {
                throw new IllegalStateException("a listener that always fails");
            };
        }

        @Bean
        Heard heard(@Qualifier("orders") Migration orders) {
            return new Heard(orders);
        }

        @Bean
        Object mover(@Qualifier("orders") Migration orders) {
            orders.moveTo(Stage.DUAL_WRITE, "during start-up");
            return new Object();
        }

        @Bean
        MigrationOperator operator() {
            return () -> "ada";
        }
    }

    @Test
    void eachIsABeanByItsName() {
        inMemory()
                .withUserConfiguration(Users.class)
                .withPropertyValues(
                        "migrate.migrations.orders.step-budget=2s",
                        "migrate.migrations.user-service=",
                        "migrate.flags.new-search.percent=5",
                        "migrate.flags.new-search.always-on=customer:acme,customer:umbrella")
                .run(context -> {
                    Wired wired = context.getBean(Wired.class);
                    assertThat(wired.orders().name()).isEqualTo("orders");
                    assertThat(wired.orders().current()).isEqualTo(Position.START);
                    assertThat(wired.users().name()).isEqualTo("user-service");
                    assertThat(context.getBean("userServiceMigration")).isSameAs(wired.users());
                    assertThat(wired.search().name()).isEqualTo("new-search");
                    assertThat(wired.search().current()).hasToString("5 %");
                    assertThat(wired.search().isOn("customer:acme")).isTrue();
                    assertThat(wired.search().isOn("customer:umbrella")).isTrue();
                    assertThat(context.getBean(Flags.class).get("new-search")).isSameAs(wired.search());
                });
    }

    // S5
    @Test
    void s5_allShareTheThreads_whichEndWithTheContext() {
        AtomicReference<MigrationThreads> threads = new AtomicReference<>();
        inMemory()
                .withPropertyValues("migrate.migrations.a=", "migrate.migrations.b=", "migrate.flags.c.percent=1")
                .run(context -> {
                    threads.set(context.getBean(MigrationThreads.class));
                    assertThat(context.getBeansOfType(Migration.class).values())
                            .hasSize(2)
                            .allMatch(migration -> migration.threads() == threads.get());
                });
        assertThat(threads.get().offer(() -> {})).isFalse();
    }

    @Test
    void anApplicationWithoutAnyIsLeftAlone() {
        inMemory().run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context).doesNotHaveBean(Migration.class);
        });
    }

    @Test
    void listenersOfTheContextHearEverything_alsoWhatHappensDuringStartUp() {
        inMemory()
                .withUserConfiguration(Listening.class)
                .withPropertyValues("migrate.migrations.orders=", "migrate.flags.new-search.percent=5")
                .run(context -> {
                    Heard heard = context.getBean(Heard.class);
                    assertThat(heard.orders.audit(1).get(0).who()).isEqualTo("ada");
                    heard.orders.moveTo(Stage.SHADOW, "later");
                    context.getBean(PercentageFlag.class).turnTo(25, "more");
                    assertThat(heard.events)
                            .hasSize(3)
                            .satisfies(event -> assertThat(event.toString()).contains("DUAL_WRITE"), index(0))
                            .satisfies(event -> assertThat(event.toString()).contains("SHADOW"), index(1))
                            .satisfies(event -> assertThat(event.toString()).contains("new-search"), index(2));
                });
    }

    private static org.assertj.core.data.Index index(int index) {
        return org.assertj.core.data.Index.atIndex(index);
    }

    @Test
    void theOperatorMayBeAProperty() {
        inMemory()
                .withPropertyValues("migrate.operator=night job", "migrate.migrations.orders=")
                .run(context -> {
                    Migration orders = context.getBean(Migration.class);
                    assertThat(orders.audit(1).get(0).who()).isEqualTo("night job");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "migrate.flags.search.percent, 120, must be between 0 and 100",
        "migrate.flags.search.percent, 0.00001, at most four decimals",
        "migrate.threads.size, 0, at least 1",
        "migrate.threads.queue, -1, at least 1",
        "migrate.refresh-every, 0s, positive",
        "migrate.migrations.orders.step-budget, -5s, positive"
    })
    void aValueOutOfItsRangeIsRefusedByTheNameOfItsProperty(String property, String value, String rule) {
        inMemory()
                .withPropertyValues("migrate.migrations.orders.step-budget=5s", property + "=" + value)
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(analysisOf(context.getStartupFailure()).getDescription())
                            .contains(property)
                            .contains(rule);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "migrate.flags.search.percnt, 5",
        "migrate.migration.orders.step-budget, 5s",
        "migrate.store.datasource-name, x",
        "migrate.migrations.orders.step-budge, 5s"
    })
    void d2_aTypoIsRefusedAndNamed(String property, String value) {
        inMemory().withPropertyValues(property + "=" + value).run(context -> {
            assertThat(context).hasFailed();
            FailureShown.assertShown(context.getStartupFailure(), property);
        });
    }

    @Test
    void namesThatWouldBeOneBeanAreRefused() {
        inMemory()
                .withPropertyValues("migrate.migrations.user-service=", "migrate.migrations.userService=")
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(analysisOf(context.getStartupFailure()).getDescription())
                            .contains("userServiceMigration");
                });
    }

    /** Shown by Spring Boot's own analyzers. */
    private static final class FailureShown {
        static void assertShown(Throwable failure, String property) {
            assertThat(analysisOf(failure).getDescription()).contains(property);
        }
    }
}
