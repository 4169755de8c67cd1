/** The side that is replaced; start from {@link dev.migrate.examples.users.legacy.LegacyUserService}. */
@NullMarked
package dev.migrate.examples.users.legacy;

import org.jspecify.annotations.NullMarked;
