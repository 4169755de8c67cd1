package dev.migrate.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;

/**
 * Puts a routed service in front of two beans: on a {@code @Configuration} class.
 *
 * <p>Wherever the interface is injected without a qualifier, the routed service is; the two sides stay available by their names. The
 * interface's methods are marked as {@link dev.migrate.service.ServiceRouter} wants it. What does not fit is refused at start-up.
 *
 * <pre>{@code
 * @Configuration
 * @MigrationRouted(value = OrderService.class, migration = "orders", legacy = "legacyOrders", target = "targetOrders", copier = "orderCopier")
 * class Wiring {}
 * }</pre>
 *
 * <p>For options that this does not have, write a {@code @Bean} method with {@code ServiceRouter.of(..)}, and
 * {@code @Bean(defaultCandidate = false)} on both sides.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(MigrationRouted.All.class)
@Import(RoutedServices.class)
public @interface MigrationRouted {
    /** The interface. */
    Class<?> value();

    /** The name of the migration that decides. */
    String migration();

    /** The name of the legacy bean. */
    String legacy();

    /** The name of the target bean. */
    String target();

    /** The name of the {@link dev.migrate.service.Copier} bean; needed where a method writes. */
    String copier() default "";

    /** The name of the routed bean. Default: that of the interface, beginning with a small letter. */
    String name() default "";

    /** Several of them on one class. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @Documented
    @Import(RoutedServices.class)
    @interface All {
        /** The declarations. */
        MigrationRouted[] value();
    }
}
