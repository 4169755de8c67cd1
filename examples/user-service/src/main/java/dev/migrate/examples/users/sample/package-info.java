/** People who do not exist, the same for the same seed; start from {@link dev.migrate.examples.users.sample.People}. */
@NullMarked
package dev.migrate.examples.users.sample;

import org.jspecify.annotations.NullMarked;
