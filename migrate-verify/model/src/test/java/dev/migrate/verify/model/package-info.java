/**
 * The protocol as a model: every state that its steps can lead to is looked at, with all of its rules and with each one left out.
 *
 * <p>Start from {@link dev.migrate.verify.model.Concern}, which names the models, and {@link dev.migrate.verify.model.Rule}, which
 * names the rules. {@code README.md} of this module says how to read a model, and how to extend one before the protocol is.
 */
@NullMarked
package dev.migrate.verify.model;

import org.jspecify.annotations.NullMarked;
