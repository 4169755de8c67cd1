/** The starter on whatever Spring Boot is on the class path: the same tests for each; start from {@code WebApplicationTest}. */
@NullMarked
package dev.migrate.verify.boot;

import org.jspecify.annotations.NullMarked;
