package dev.migrate.rollout;

import dev.migrate.Traffic.Sample;
import java.util.Optional;

/**
 * What a guard is shown: the calls of both sides since the step began, as this node has measured them.
 *
 * @param legacy calls of legacy
 * @param target calls of the target
 * @param legacyBefore calls of legacy during the step before: what is left to compare with where legacy is called no more; empty
 *     for the first step, and after a restart
 */
public record Look(Sample legacy, Sample target, Optional<Sample> legacyBefore) {}
