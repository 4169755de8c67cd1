package dev.migrate.rollout;

import dev.migrate.Dial;
import dev.migrate.Gate;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What a rollout was told.
 *
 * @param steps in rising order, each with the gates before it
 * @param current where the dial stands, as fresh as it can be had
 * @param mayBeSilent at which positions a target without calls is no reason to hold
 * @param isExposed at which positions the guards go on watching after a rollback
 */
record Plan<P extends Comparable<? super P>>(
        String name,
        Dial<P> dial,
        Supplier<P> current,
        List<Stop<P>> steps,
        List<Guard> guards,
        Duration eachFor,
        Optional<P> rollBackTo,
        Predicate<P> mayBeSilent,
        Predicate<P> isExposed,
        MigrationStore store,
        InstantSource time,
        Supplier<String> operator,
        Consumer<MigrationEvent> events) {
    record Stop<P>(P position, List<Gate> gates) {}

    Optional<Stop<P>> nextAfter(P position) {
        return steps.stream()
                .filter(step -> step.position().compareTo(position) > 0)
                .findFirst();
    }

    boolean isStep(P position) {
        return steps.stream().anyMatch(step -> step.position().compareTo(position) == 0);
    }

    /** Where a rollback leads: where it was told to, or one step, and never before the beginning; empty from the beginning. */
    Optional<P> backFrom(P position, P beginning) {
        if (position.compareTo(beginning) <= 0) {
            return Optional.empty();
        }
        if (rollBackTo.isPresent() && rollBackTo.get().compareTo(position) < 0) {
            return rollBackTo.get().compareTo(beginning) < 0 ? Optional.of(beginning) : rollBackTo;
        }
        P back = beginning;
        for (Stop<P> step : steps) {
            if (step.position().compareTo(position) < 0 && step.position().compareTo(back) > 0) {
                back = step.position();
            }
        }
        return Optional.of(back);
    }
}
