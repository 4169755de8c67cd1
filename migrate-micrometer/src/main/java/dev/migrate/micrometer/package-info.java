/**
 * Meters for migration events; start from {@link dev.migrate.micrometer.MigrationMeters}.
 */
@NullMarked
package dev.migrate.micrometer;

import org.jspecify.annotations.NullMarked;
