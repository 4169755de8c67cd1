/**
 * The two sides of the user service;
 * start from {@link dev.migrate.examples.users.side.LegacyUserService} and
 * {@link dev.migrate.examples.users.side.TargetUserService}.
 */
@NullMarked
package dev.migrate.examples.users.side;

import org.jspecify.annotations.NullMarked;
