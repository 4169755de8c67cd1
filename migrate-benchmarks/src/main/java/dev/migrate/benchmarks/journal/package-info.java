/** What it costs to owe a write durably. */
@NullMarked
package dev.migrate.benchmarks.journal;

import org.jspecify.annotations.NullMarked;
