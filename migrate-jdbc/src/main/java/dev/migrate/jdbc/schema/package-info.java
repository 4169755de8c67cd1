/**
 * Whether the schemas of the two sides can hold each other's rows; start from {@link dev.migrate.jdbc.schema.SchemaCompatibility}.
 */
@NullMarked
package dev.migrate.jdbc.schema;

import org.jspecify.annotations.NullMarked;
