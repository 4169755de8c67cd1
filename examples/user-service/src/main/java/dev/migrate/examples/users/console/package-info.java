/**
 * What the example shows while it runs and when it ends;
 * start from {@link dev.migrate.examples.users.console.Console}.
 */
@NullMarked
package dev.migrate.examples.users.console;

import org.jspecify.annotations.NullMarked;
