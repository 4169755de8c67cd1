/**
 * How far the schemas of the two sides can hold each other's rows: findings, and the {@link dev.migrate.schema.SchemaReport} of them.
 *
 * <p>What compares the schemas lies elsewhere; {@code migrate-jdbc} has {@code SchemaCompatibility}.
 */
@NullMarked
package dev.migrate.schema;

import org.jspecify.annotations.NullMarked;
