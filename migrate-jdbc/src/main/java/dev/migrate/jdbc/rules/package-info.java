/**
 * Rules of the business that must hold on both sides, as pairs of queries; start from {@link dev.migrate.jdbc.rules.BusinessRules}.
 */
@NullMarked
package dev.migrate.jdbc.rules;

import org.jspecify.annotations.NullMarked;
