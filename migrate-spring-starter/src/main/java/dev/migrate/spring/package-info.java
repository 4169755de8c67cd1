/** Auto-configuration for Spring Boot; an application needs none of these types. */
@NullMarked
package dev.migrate.spring;

import org.jspecify.annotations.NullMarked;
