package dev.migrate.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Units of work in which stage and share stand still: Spring's transactions, and requests where the properties ask for it. */
@AutoConfiguration
class MigrateScopesAutoConfiguration {
    @Bean
    static UnitScopes migrationUnitScopes() {
        return new UnitScopes();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.transaction.ConfigurableTransactionManager")
    @ConditionalOnProperty(name = "migrate.scopes.transactions", havingValue = "true", matchIfMissing = true)
    static class Transactions {
        @Bean
        static TransactionScopes migrationTransactionScopes(UnitScopes scopes) {
            return new TransactionScopes(scopes);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "jakarta.servlet.Filter")
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnProperty(name = "migrate.scopes.requests", havingValue = "true")
    static class Requests {
        /** Before whatever reads or writes. */
        private static final int ORDER = -1_000;

        @Bean
        FilterRegistrationBean<RequestScopes> migrationRequestScopes(UnitScopes scopes) {
            FilterRegistrationBean<RequestScopes> registration =
                    new FilterRegistrationBean<>(new RequestScopes(scopes));
            registration.setOrder(ORDER);
            return registration;
        }
    }
}
