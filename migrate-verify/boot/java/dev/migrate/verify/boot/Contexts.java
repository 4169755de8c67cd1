package dev.migrate.verify.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.MigrationStore;
import dev.migrate.store.InMemoryMigrationStore;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** Contexts in which whatever Spring Boot is there configures itself, the starter included. */
final class Contexts {
    private Contexts() {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Everything {}

    @Configuration(proxyBeanMethods = false)
    static class StoreInMemory {
        @Bean
        MigrationStore memory() {
            return new InMemoryMigrationStore();
        }
    }

    /** All auto-configuration, with the one embedded database that Spring Boot makes by itself. */
    static ApplicationContextRunner everything() {
        return new ApplicationContextRunner()
                .withUserConfiguration(Everything.class)
                .withPropertyValues("spring.datasource.generate-unique-name=true");
    }

    /** All auto-configuration, and a store in memory. */
    static ApplicationContextRunner inMemory() {
        return everything().withUserConfiguration(StoreInMemory.class);
    }

    /** A database of its own, in memory. */
    static DataSource database() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        return database;
    }

    /** What a user would be shown of a failed start. */
    static FailureAnalysis analysisOf(Throwable startupFailure) {
        List<FailureAnalysis> analyses = SpringFactoriesLoader.forDefaultResourceLocation()
                .load(
                        FailureAnalyzer.class,
                        SpringFactoriesLoader.FailureHandler.handleMessage((message, failure) -> {}))
                .stream()
                .map(analyzer -> analyzer.analyze(startupFailure))
                .filter(Objects::nonNull)
                .toList();
        assertThat(analyses).as("analyses of " + startupFailure).isNotEmpty();
        return analyses.get(0);
    }
}
