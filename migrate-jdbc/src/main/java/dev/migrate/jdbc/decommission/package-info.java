/**
 * Whether anybody but the library still touches legacy's tables; start from {@link
 * dev.migrate.jdbc.decommission.DecommissionCheck}.
 */
@NullMarked
package dev.migrate.jdbc.decommission;

import org.jspecify.annotations.NullMarked;
