package dev.migrate.rollout;

import dev.migrate.Gate;
import dev.migrate.Migration;
import dev.migrate.MigrationListener;
import dev.migrate.MigrationStore;
import dev.migrate.Position;
import dev.migrate.Stage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Describes the rollout of a migration; made by {@link Rollout#of(Migration)}. Not thread-safe.
 *
 * <p>Before {@link Stage#SHADOW} no answer of the target is used or compared, so there a target without calls is no reason to hold;
 * and a rollback to {@code SHADOW} or before ends the watching, because no caller is exposed to the target any more.
 */
public final class MigrationRolloutBuilder extends RolloutBuilder<Position> {
    private final Migration migration;

    MigrationRolloutBuilder(Migration migration) {
        super(migration);
        this.migration = migration;
        store(migration.store());
        time(migration.time());
        operator(migration::operator);
    }

    /** Adds a step to a whole stage. */
    public MigrationRolloutBuilder step(Stage stage) {
        return step(Position.of(stage));
    }

    @Override
    public MigrationRolloutBuilder step(Position position) {
        if (position.stage() == Stage.TARGET_ONLY) {
            throw refused(
                    "step",
                    "lead to RAMP_DOWN at most",
                    position,
                    "there is no way back from TARGET_ONLY: a person moves the migration there, with moveTo(..)");
        }
        List<Position> before = positions();
        if (!before.isEmpty()) {
            Optional<String> refusal = before.get(before.size() - 1).refusalOfStepTo(position);
            if (refusal.isPresent()) {
                throw refused("step", "be possible from the one before", position, refusal.get());
            }
        }
        super.step(position);
        return this;
    }

    @Override
    public MigrationRolloutBuilder gate(Gate gate) {
        super.gate(gate);
        return this;
    }

    @Override
    public MigrationRolloutBuilder guard(Guard guard) {
        super.guard(guard);
        return this;
    }

    @Override
    public MigrationRolloutBuilder eachFor(Duration eachFor) {
        super.eachFor(eachFor);
        return this;
    }

    @Override
    public MigrationRolloutBuilder lookEvery(Duration lookEvery) {
        super.lookEvery(lookEvery);
        return this;
    }

    /** Where every rollback from beyond it leads: a whole stage. See {@link #rollBackTo(Position)}. */
    public MigrationRolloutBuilder rollBackTo(Stage stage) {
        return rollBackTo(Position.of(stage));
    }

    @Override
    public MigrationRolloutBuilder rollBackTo(Position position) {
        super.rollBackTo(position);
        return this;
    }

    @Override
    public MigrationRolloutBuilder named(String name) {
        super.named(name);
        return this;
    }

    @Override
    public MigrationRolloutBuilder store(MigrationStore store) {
        super.store(store);
        return this;
    }

    @Override
    public MigrationRolloutBuilder time(InstantSource time) {
        super.time(time);
        return this;
    }

    @Override
    public MigrationRolloutBuilder operator(Supplier<String> operator) {
        super.operator(operator);
        return this;
    }

    @Override
    public MigrationRolloutBuilder listener(MigrationListener listener) {
        super.listener(listener);
        return this;
    }

    @Override
    public Rollout build() {
        Position shadow = Position.of(Stage.SHADOW);
        return build(
                () -> migration.refresh().position(),
                position -> position.compareTo(shadow) < 0,
                position -> position.compareTo(shadow) > 0,
                event -> {
                    migration.publish(event);
                    tellListeners(event);
                });
    }
}
