/**
 * One interface with an implementation on each side, routed method by method; start with
 * {@link dev.migrate.service.ServiceRouter}.
 */
@NullMarked
package dev.migrate.service;

import org.jspecify.annotations.NullMarked;
