package dev.migrate.spring;

import dev.migrate.Migration;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.flag.PercentageFlag;
import dev.migrate.micrometer.MigrationMeters;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Meters of everything in the context, where migrate-micrometer and a registry are there. */
@AutoConfiguration(
        after = MigrateAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnClass(name = {"dev.migrate.micrometer.MigrationMeters", "io.micrometer.core.instrument.MeterRegistry"})
@ConditionalOnBean(type = "io.micrometer.core.instrument.MeterRegistry")
class MigrateMetersAutoConfiguration {
    @Bean
    MetersBinding migrationMetersBinding(
            MeterRegistry registry,
            ObjectProvider<Migration> migrations,
            ObjectProvider<PercentageFlag> flags,
            ObjectProvider<DualWriteRouter<?, ?>> routers) {
        return new MetersBinding(MigrationMeters.of(registry), migrations, flags, routers);
    }
}
