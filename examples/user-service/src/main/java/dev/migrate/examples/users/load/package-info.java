/**
 * Clients that keep the user service busy and remember what it promised them;
 * start from {@link dev.migrate.examples.users.load.LoadDriver}.
 */
@NullMarked
package dev.migrate.examples.users.load;

import org.jspecify.annotations.NullMarked;
