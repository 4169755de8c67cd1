package dev.migrate.spring;

import dev.migrate.servlet.StranglerFilter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/** Places the application's {@link StranglerFilter} behind authentication and before whatever reads a body. */
@AutoConfiguration
@ConditionalOnClass(name = {"dev.migrate.servlet.StranglerFilter", "jakarta.servlet.Filter"})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean(type = "dev.migrate.servlet.StranglerFilter")
class MigrateServletAutoConfiguration {
    /** After Spring Security's chain, which is at -100, and before filters without an order. */
    static final int ORDER = -50;

    @Bean
    FilterRegistrationBean<StranglerFilter> stranglerFilterRegistration(ObjectProvider<StranglerFilter> filter) {
        FilterRegistrationBean<StranglerFilter> registration = new FilterRegistrationBean<>(filter.getObject());
        registration.setOrder(ORDER);
        return registration;
    }
}
