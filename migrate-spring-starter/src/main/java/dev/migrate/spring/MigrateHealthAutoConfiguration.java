package dev.migrate.spring;

import dev.migrate.Migration;
import dev.migrate.MigrationStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The health contributor {@code migrations}; Spring Boot 4 has moved the types that it is made of. */
@AutoConfiguration(after = {MigrateAutoConfiguration.class, MigrateStoreAutoConfiguration.class})
class MigrateHealthAutoConfiguration {
    private static final String IN_3 = "org.springframework.boot.actuate.health.HealthIndicator";
    private static final String IN_4 = "org.springframework.boot.health.contributor.HealthIndicator";

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = IN_3)
    @ConditionalOnBean(MigrationStore.class)
    @org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator("migrations")
    static class Boot3 {
        @Bean
        org.springframework.boot.actuate.health.HealthIndicator migrationsHealthIndicator(
                MigrationStore store, ObjectProvider<Migration> migrations) {
            MigrationsHealth health = new MigrationsHealth(store, migrations);
            return new org.springframework.boot.actuate.health.AbstractHealthIndicator() {
                @Override
                protected void doHealthCheck(org.springframework.boot.actuate.health.Health.Builder builder) {
                    builder.up().withDetails(health.positions());
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = IN_4)
    @ConditionalOnBean(MigrationStore.class)
    @org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator("migrations")
    static class Boot4 {
        @Bean
        org.springframework.boot.health.contributor.HealthIndicator migrationsHealthIndicator(
                MigrationStore store, ObjectProvider<Migration> migrations) {
            MigrationsHealth health = new MigrationsHealth(store, migrations);
            return new org.springframework.boot.health.contributor.AbstractHealthIndicator() {
                @Override
                protected void doHealthCheck(org.springframework.boot.health.contributor.Health.Builder builder) {
                    builder.up().withDetails(health.positions());
                }
            };
        }
    }
}
