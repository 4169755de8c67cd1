package dev.migrate.service;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that changes nothing: it may be called on both sides, and their answers compared.
 *
 * <p>With a {@link MigrationKey} the stage is that of the key. Without one the method concerns no single key, and stays with the
 * side of the keys that have not moved on yet.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Reads {}
