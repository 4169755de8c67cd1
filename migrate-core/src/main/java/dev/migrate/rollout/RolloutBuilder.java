package dev.migrate.rollout;

import dev.migrate.Dial;
import dev.migrate.Gate;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationException;
import dev.migrate.MigrationListener;
import dev.migrate.MigrationStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Describes the rollout of a dial; made by {@link Rollout#of(Dial)}. Not thread-safe.
 *
 * @param <P> what the dial points at
 */
public class RolloutBuilder<P extends Comparable<? super P>> {
    private static final Logger LOG = LoggerFactory.getLogger(Rollout.class);

    private final Dial<P> dial;
    private final List<Plan.Stop<P>> steps = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private final List<Guard> guards = new ArrayList<>();
    private final List<MigrationListener> listeners = new ArrayList<>();
    private String name;
    private @Nullable Duration eachFor;
    private Duration lookEvery = Duration.ofSeconds(10);
    private @Nullable P rollBackTo;
    private @Nullable MigrationStore store;
    private InstantSource time = InstantSource.system();
    private Supplier<String> operator = () -> "rollout";

    RolloutBuilder(Dial<P> dial) {
        this.dial = dial;
        this.name = dial.name();
    }

    /** Adds a step; each leads further than the one before. */
    public RolloutBuilder<P> step(P position) {
        if (!steps.isEmpty()) {
            P before = steps.get(steps.size() - 1).position();
            if (before.compareTo(position) >= 0) {
                throw refused(
                        "step",
                        "lead further than " + dial.format(before),
                        dial.format(position),
                        "put the steps in order");
            }
        }
        steps.add(new Plan.Stop<>(position, List.copyOf(gates)));
        gates.clear();
        return this;
    }

    /** What must hold when the step that follows here is taken. */
    public RolloutBuilder<P> gate(Gate gate) {
        gates.add(gate);
        return this;
    }

    /** What is watched after every step. */
    public RolloutBuilder<P> guard(Guard guard) {
        guards.add(guard);
        return this;
    }

    /** How long every step is watched at least, the last one included; zero or more; required. */
    public RolloutBuilder<P> eachFor(Duration eachFor) {
        if (eachFor.isNegative()) {
            throw refused("eachFor", "be zero or more", eachFor, "use Duration.ZERO where the gates alone decide");
        }
        this.eachFor = eachFor;
        return this;
    }

    /** How often {@link Rollout#start} looks; positive. Default: 10 seconds. */
    public RolloutBuilder<P> lookEvery(Duration lookEvery) {
        if (lookEvery.isNegative() || lookEvery.isZero()) {
            throw refused("lookEvery", "be positive", lookEvery, "leave it out for 10 seconds");
        }
        this.lookEvery = lookEvery;
        return this;
    }

    /**
     * Where every rollback from beyond it leads; never before the position at which the rollout began. Default: the step before,
     * and from there, if a guard still says roll back, the one before that.
     */
    public RolloutBuilder<P> rollBackTo(P position) {
        this.rollBackTo = position;
        return this;
    }

    /** The name under which the store keeps the progress. Default: that of the dial. */
    public RolloutBuilder<P> named(String name) {
        this.name = name;
        return this;
    }

    /** Where the progress is kept; required, unless a migration brings its own. */
    public RolloutBuilder<P> store(MigrationStore store) {
        this.store = store;
        return this;
    }

    /** The wall clock. Default: the system's, or the migration's. */
    public RolloutBuilder<P> time(InstantSource time) {
        this.time = time;
        return this;
    }

    /** Who is said to have changed the progress. Default: {@code rollout}, or the migration's operator. */
    public RolloutBuilder<P> operator(Supplier<String> operator) {
        this.operator = operator;
        return this;
    }

    /** Adds a listener for {@link MigrationEvent.RolloutAdvanced}. */
    public RolloutBuilder<P> listener(MigrationListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * Makes the rollout, which does nothing before {@link Rollout#start} or {@link Rollout#look}.
     *
     * @throws MigrationException where a step, {@code eachFor} or the store is missing, or a gate has no step after it
     */
    public Rollout build() {
        return build(dial::current, position -> false, position -> true, this::tellListeners);
    }

    final Rollout build(
            Supplier<P> current, Predicate<P> mayBeSilent, Predicate<P> isExposed, Consumer<MigrationEvent> events) {
        if (steps.isEmpty()) {
            throw missing("step", "add step(..) for each position on the way");
        }
        if (!gates.isEmpty()) {
            throw refused(
                    "gate",
                    "stand before the step that waits for it",
                    "behind the last step",
                    "add that step, or remove it");
        }
        if (eachFor == null) {
            throw missing("eachFor", "say how long each step is watched, such as Duration.ofHours(24)");
        }
        if (store == null) {
            throw missing("store", "give it the store of the flag with store(..)");
        }
        Plan<P> plan = new Plan<>(
                name,
                dial,
                current,
                List.copyOf(steps),
                List.copyOf(guards),
                eachFor,
                Optional.ofNullable(rollBackTo),
                mayBeSilent,
                isExposed,
                store,
                time,
                operator,
                events);
        return new Rollout(name, new Walk<>(plan), lookEvery);
    }

    final List<P> positions() {
        return steps.stream().map(Plan.Stop::position).toList();
    }

    final void tellListeners(MigrationEvent event) {
        for (MigrationListener listener : listeners) {
            try {
                listener.on(event);
            } catch (RuntimeException | Error failure) {
                LOG.warn("a listener of rollout '{}' failed", name, failure);
            }
        }
    }

    private MigrationException missing(String option, String remedy) {
        return new MigrationException(option + " of rollout '" + name + "' is missing; " + remedy);
    }

    final MigrationException refused(String option, String rule, Object value, String remedy) {
        return new MigrationException(
                option + " of rollout '" + name + "' must " + rule + ", but was " + value + "; " + remedy);
    }
}
