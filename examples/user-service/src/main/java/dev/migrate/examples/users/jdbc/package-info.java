/**
 * What the legacy and the target side share to reach their tables;
 * start from {@link dev.migrate.examples.users.jdbc.Accounts}.
 */
@NullMarked
package dev.migrate.examples.users.jdbc;

import org.jspecify.annotations.NullMarked;
