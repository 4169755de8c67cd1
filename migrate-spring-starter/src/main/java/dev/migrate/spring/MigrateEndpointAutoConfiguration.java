package dev.migrate.spring;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code migrations}, where the actuator is there and exposes it. */
@AutoConfiguration(after = MigrateAutoConfiguration.class)
@ConditionalOnClass(
        name = "org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint")
@ConditionalOnAvailableEndpoint(endpoint = MigrationsEndpoint.class)
class MigrateEndpointAutoConfiguration {
    @Bean
    MigrationsEndpoint migrationsEndpoint(ListableBeanFactory beans) {
        return new MigrationsEndpoint(beans);
    }
}
