/**
 * What tests of a migration need: time that is turned by hand, contracts for what implements an SPI, faults, generators and
 * assertions; start from {@link dev.migrate.test.ManualTime}, or extend the contract of what you have written.
 */
@NullMarked
package dev.migrate.test;

import org.jspecify.annotations.NullMarked;
