package dev.migrate.verify.boot;

import static dev.migrate.verify.boot.Contexts.analysisOf;
import static dev.migrate.verify.boot.Contexts.everything;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.MigrationStore;
import dev.migrate.Setting;
import dev.migrate.jdbc.JdbcMigrationStore;
import dev.migrate.store.InMemoryMigrationStore;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;

/** Which database keeps positions and flags. */
class StoreTest {
    private static final String SETTINGS =
            "select count(*) from information_schema.tables where lower(table_name) like 'migrate%'";

    @Configuration(proxyBeanMethods = false)
    static class TwoDatabases {
        @Bean
        @Primary
        DataSource legacyDb() {
            return Contexts.database();
        }

        @Bean
        DataSource appDb() {
            return Contexts.database();
        }
    }

    @Test
    void theOnlyDataSourceIsTaken() {
        everything()
                .withPropertyValues("migrate.migrations.orders.step-budget=5s")
                .run(context -> {
                    MigrationStore store = context.getBean(MigrationStore.class);
                    assertThat(store).isInstanceOf(JdbcMigrationStore.class);
                    assertThat(store.find(Setting.Kind.POSITION, "orders")).isPresent();
                    assertThat(new JdbcTemplate(context.getBean(DataSource.class))
                                    .queryForObject(SETTINGS, Integer.class))
                            .isPositive();
                });
    }

    @Test
    void c1_aPrimaryDataSourceIsNotTakenSilently() {
        everything()
                .withUserConfiguration(TwoDatabases.class)
                .withPropertyValues("migrate.migrations.orders.step-budget=5s")
                .run(context -> {
                    assertThat(context).hasFailed();
                    FailureAnalysis shown = analysisOf(context.getStartupFailure());
                    assertThat(shown.getDescription()).contains("several: [appDb, legacyDb]");
                    assertThat(shown.getAction()).contains("migrate.store.data-source", "@Primary");
                });
    }

    @Test
    void c1_theNamedDataSourceIsTaken() {
        everything()
                .withUserConfiguration(TwoDatabases.class)
                .withPropertyValues("migrate.migrations.orders.step-budget=5s", "migrate.store.data-source=appDb")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    JdbcTemplate app = new JdbcTemplate(context.getBean("appDb", DataSource.class));
                    JdbcTemplate legacy = new JdbcTemplate(context.getBean("legacyDb", DataSource.class));
                    assertThat(app.queryForObject(SETTINGS, Integer.class)).isPositive();
                    assertThat(legacy.queryForObject(SETTINGS, Integer.class)).isZero();
                });
    }

    @Test
    void aNameThatNoDataSourceHasIsRefused() {
        everything()
                .withUserConfiguration(TwoDatabases.class)
                .withPropertyValues("migrate.store.data-source=ordersDb")
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(analysisOf(context.getStartupFailure()).getDescription())
                            .contains("Migrate.store.data-source names 'ordersDb'", "[appDb, legacyDb]");
                });
    }

    @Test
    void aMigrationWithoutAnyStoreIsRefused() {
        everything()
                .withPropertyValues(
                        "migrate.migrations.orders.step-budget=5s",
                        "spring.autoconfigure.exclude="
                                + "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration,"
                                + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
                .run(context -> {
                    assertThat(context).hasFailed();
                    FailureAnalysis shown = analysisOf(context.getStartupFailure());
                    assertThat(shown.getDescription()).contains("igrate.migrations.orders needs a store");
                    assertThat(shown.getAction()).contains("migrate-jdbc", "MigrationStore");
                });
    }

    @Test
    void aStoreOfTheApplicationsOwnWins() {
        Contexts.inMemory()
                .withUserConfiguration(TwoDatabases.class)
                .withPropertyValues("migrate.migrations.orders.step-budget=5s")
                .run(context ->
                        assertThat(context.getBean(MigrationStore.class)).isInstanceOf(InMemoryMigrationStore.class));
    }

    @Test
    void tablesAreOnlyValidatedWhereThatIsAskedFor() {
        everything()
                .withPropertyValues("migrate.store.schema=validate", "migrate.migrations.orders.step-budget=5s")
                .run(context -> assertThat(context).hasFailed());
    }
}
