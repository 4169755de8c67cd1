package dev.migrate.spring;

import dev.migrate.MigrationStore;
import dev.migrate.jdbc.JdbcMigrationStore;
import dev.migrate.jdbc.SchemaMode;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The store in one of the application's databases, and its sides in Spring's transactions. */
@AutoConfiguration(
        before = MigrateAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
@ConditionalOnClass(
        name = {"dev.migrate.jdbc.JdbcMigrationStore", "org.springframework.jdbc.support.JdbcTransactionManager"})
@ConditionalOnBean(DataSource.class)
class MigrateStoreAutoConfiguration {
    @Bean(name = TransactionBindings.FACTORY)
    DataSourceBeans migrateDataSourceBeans(ListableBeanFactory beans) {
        return new DataSourceBeans(beans);
    }

    @Bean
    static TransactionBindings migrateTransactionBindings() {
        return new TransactionBindings();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(MigrationStore.class)
    static class Store {
        @Bean
        MigrationStore migrationStore(MigrateProperties properties, DataSourceBeans dataSources) {
            MigrateProperties.StoreOptions options = properties.store();
            return new JdbcMigrationStore(dataSources.forStore(options.dataSource()))
                    .schema(SchemaMode.valueOf(options.schema().name()));
        }
    }
}
