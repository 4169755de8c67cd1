package dev.migrate.verify.boot;

import static dev.migrate.verify.boot.Contexts.analysisOf;
import static dev.migrate.verify.boot.Contexts.inMemory;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.service.Copier;
import dev.migrate.service.MigrationKey;
import dev.migrate.service.Reads;
import dev.migrate.service.ServiceRouter;
import dev.migrate.service.Writes;
import dev.migrate.spring.MigrationRouted;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** One interface, two beans, and the routed one injected everywhere. */
class RoutedServiceTest {
    public interface Greetings {
        @Reads
        String greet(@MigrationKey String name);

        @Writes
        void learn(@MigrationKey String name);
    }

    record Answering(String side, List<String> learnt) implements Greetings {
        @Override
        public String greet(String name) {
            return side + " greets " + name;
        }

        @Override
        public void learn(String name) {
            learnt.add(name);
        }
    }

    /** What a component that knows nothing of the migration is given. */
    record Page(Greetings greetings) {}

    record Sides(Greetings legacy, Greetings target) {}

    @Configuration(proxyBeanMethods = false)
    static class Beans {
        @Bean
        Greetings legacyGreetings() {
            return new Answering("legacy", new CopyOnWriteArrayList<>());
        }

        @Bean
        Greetings targetGreetings() {
            return new Answering("target", new CopyOnWriteArrayList<>());
        }

        @Bean
        Copier<String> greetingsCopier(
                @Qualifier("legacyGreetings") Greetings legacy, @Qualifier("targetGreetings") Greetings target) {
            return (key, from, to) -> (to == Side.TARGET ? target : legacy).learn(key);
        }

        @Bean
        Page page(Greetings greetings) {
            return new Page(greetings);
        }

        @Bean
        Sides sides(@Qualifier("legacyGreetings") Greetings legacy, @Qualifier("targetGreetings") Greetings target) {
            return new Sides(legacy, target);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @MigrationRouted(
            value = Greetings.class,
            migration = "greetings",
            legacy = "legacyGreetings",
            target = "targetGreetings",
            copier = "greetingsCopier")
    static class Wiring extends Beans {}

    @Configuration(proxyBeanMethods = false)
    @MigrationRouted(
            value = Greetings.class,
            migration = "greetings",
            legacy = "legacyGreting",
            target = "targetGreetings")
    static class Typo extends Beans {}

    @Configuration(proxyBeanMethods = false)
    @MigrationRouted(
            value = Greetings.class,
            migration = "gretings",
            legacy = "legacyGreetings",
            target = "targetGreetings")
    static class WrongMigration extends Beans {}

    @Configuration(proxyBeanMethods = false)
    @MigrationRouted(value = Greetings.class, migration = "greetings", legacy = "greetings", target = "targetGreetings")
    static class InFrontOfItself extends Beans {}

    @Configuration(proxyBeanMethods = false)
    @MigrationRouted(value = Greetings.class, migration = "greetings", legacy = "page", target = "targetGreetings")
    static class AnotherType extends Beans {}

    @Test
    void theRoutedServiceIsInjectedEverywhere_andTheSidesByName() {
        inMemory()
                .withUserConfiguration(Wiring.class)
                .withPropertyValues("migrate.migrations.greetings=")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    Greetings routed = context.getBean(Page.class).greetings();
                    Sides sides = context.getBean(Sides.class);
                    assertThat(routed).isSameAs(context.getBean("greetings")).isNotInstanceOf(Answering.class);
                    assertThat(sides.legacy()).isInstanceOf(Answering.class);
                    assertThat(routed.greet("ada")).isEqualTo("legacy greets ada");

                    Migration migration = context.getBean(Migration.class);
                    for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.SHADOW, Stage.LIVE)) {
                        migration.moveTo(stage, "test");
                    }
                    assertThat(routed.greet("ada")).isEqualTo("target greets ada");
                    routed.learn("bob");
                    assertThat(((Answering) sides.target()).learnt()).containsExactly("bob");
                    await().atMost(Duration.ofMinutes(2))
                            .until(() ->
                                    context.getBean(ServiceRouter.class).debt().isNone());
                    assertThat(((Answering) sides.legacy()).learnt()).contains("bob");
                });
    }

    @Test
    void d2_aTypoIsNamedWithWhatThereIs() {
        inMemory()
                .withUserConfiguration(Typo.class)
                .withPropertyValues("migrate.migrations.greetings=")
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(analysisOf(context.getStartupFailure()).getDescription())
                            .contains("'legacyGreting' as its legacy", "legacyGreetings", "targetGreetings");
                });
    }

    @Test
    void d2_aMigrationThatIsNotThereIsNamed() {
        inMemory()
                .withUserConfiguration(WrongMigration.class)
                .withPropertyValues("migrate.migrations.greetings=")
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(analysisOf(context.getStartupFailure()).getDescription())
                            .contains("migration 'gretings'", "[greetings]");
                });
    }

    @Test
    void d1_aServiceInFrontOfItselfIsRefused() {
        inMemory()
                .withUserConfiguration(InFrontOfItself.class)
                .withPropertyValues("migrate.migrations.greetings=")
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(analysisOf(context.getStartupFailure()).getDescription())
                            .contains("three beans of different names");
                });
    }

    @Test
    void aBeanOfAnotherTypeIsRefused() {
        inMemory()
                .withUserConfiguration(AnotherType.class)
                .withPropertyValues("migrate.migrations.greetings=")
                .run(context -> assertThat(context).hasFailed());
    }
}
