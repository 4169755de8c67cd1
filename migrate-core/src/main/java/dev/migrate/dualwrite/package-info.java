/**
 * Dual writes: one side answers, the other is owed every write until it has it; start with {@link dev.migrate.dualwrite.DualWriteRouter}.
 */
@NullMarked
package dev.migrate.dualwrite;

import org.jspecify.annotations.NullMarked;
