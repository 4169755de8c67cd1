/**
 * A user service that moves from its legacy to its target schema under live traffic;
 * start from {@link dev.migrate.examples.users.UserService}.
 */
@NullMarked
package dev.migrate.examples.users;

import org.jspecify.annotations.NullMarked;
