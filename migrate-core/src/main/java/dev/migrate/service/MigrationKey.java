package dev.migrate.service;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks the parameter that is the key of a call, or that holds it. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface MigrationKey {
    /**
     * The property of the parameter that is the key: {@code "id"} for {@code id()} or {@code getId()}. Empty where the parameter
     * itself is.
     */
    String value() default "";
}
