/**
 * Interleavings of several nodes, one step at a time in an order that a seed decides; start with {@link dev.migrate.test.schedule.Schedules}, or with
 * {@link dev.migrate.test.schedule.Interleaving} for a test with actors of your own.
 */
@NullMarked
package dev.migrate.test.schedule;

import org.jspecify.annotations.NullMarked;
