/**
 * What the clients were promised, kept in a file that outlives the application;
 * start from {@link dev.migrate.examples.users.receipts.Witness}.
 */
@NullMarked
package dev.migrate.examples.users.receipts;

import org.jspecify.annotations.NullMarked;
