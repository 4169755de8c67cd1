/** Meters for migration events; start from {@code MigrationMeters}. */
@NullMarked
package dev.migrate.micrometer;

import org.jspecify.annotations.NullMarked;
