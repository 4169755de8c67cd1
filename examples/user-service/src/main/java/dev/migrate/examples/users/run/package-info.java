/** The processes of the example; start from {@link dev.migrate.examples.users.run.Launcher}. */
@NullMarked
package dev.migrate.examples.users.run;

import org.jspecify.annotations.NullMarked;
