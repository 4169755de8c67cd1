package dev.migrate.spring;

import dev.migrate.MigrationListener;
import dev.migrate.MigrationStore;
import dev.migrate.MigrationThreads;
import dev.migrate.flag.Flags;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/** The migrations and flags that the properties name, on threads that they share. */
@AutoConfiguration
@EnableConfigurationProperties(MigrateProperties.class)
@Import(DescribedBeans.class)
class MigrateAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean
    MigrationThreads migrationThreads(MigrateProperties properties) {
        return MigrationThreads.of(
                "app",
                Options.atLeastOne("migrate.threads.size", properties.threads().size()),
                Options.atLeastOne("migrate.threads.queue", properties.threads().queue()));
    }

    @Bean
    @ConditionalOnMissingBean
    MigrationOperator migrationOperator(MigrateProperties properties) {
        String named = properties.operator();
        return () -> named != null ? named : System.getProperty("user.name", "unknown");
    }

    @Bean
    ContextListeners migrationContextListeners(ObjectProvider<MigrationListener> listeners) {
        return new ContextListeners(listeners);
    }

    @Bean(name = DescribedBeans.FACTORY)
    MigrateBeanFactory migrateBeanFactory(
            MigrateProperties properties,
            ObjectProvider<MigrationStore> store,
            ObjectProvider<Flags> flags,
            MigrationThreads threads,
            MigrationOperator operator,
            ContextListeners listeners) {
        return new MigrateBeanFactory(properties, store, flags, threads, operator, listeners);
    }

    @Bean(name = RoutedServices.FACTORY)
    RoutedServiceFactory migrateRoutedServiceFactory(ListableBeanFactory beans) {
        return new RoutedServiceFactory(beans);
    }

    @Bean
    @Lazy
    @ConditionalOnMissingBean
    Flags migrationFlags(MigrateBeanFactory factory) {
        return factory.flags();
    }
}
