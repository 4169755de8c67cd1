/** Tables of orders in two databases on one server. */
@NullMarked
package dev.migrate.benchmarks.table;

import org.jspecify.annotations.NullMarked;
