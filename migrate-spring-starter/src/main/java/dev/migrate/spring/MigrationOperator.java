package dev.migrate.spring;

/**
 * Knows who makes a change right now, for the audit trail: a bean of the application's, usually made of its security context.
 *
 * <p>Asked at each change, on the thread that makes it. Without one, the property {@code migrate.operator} is taken, or the name of
 * the process's user.
 */
@FunctionalInterface
public interface MigrationOperator {
    /** The operator's name: 1 to 200 characters. */
    String name();
}
