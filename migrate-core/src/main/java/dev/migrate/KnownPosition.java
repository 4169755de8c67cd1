package dev.migrate;

import dev.migrate.Migration.View;
import dev.migrate.internal.Waiting;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Where a migration stands, as this node has read it last: never further back than it was known to be before. */
final class KnownPosition {
    private final Migration migration;
    private final MigrationStore store;
    private final @Nullable NodeLease lease;
    private final ReentrantLock learning = new ReentrantLock();
    private volatile View latest;

    /** Reads the store, in which the migration is created where it is new; whoever has a lease has registered before. */
    KnownPosition(Migration migration, @Nullable NodeLease lease) {
        this.migration = migration;
        this.store = migration.store();
        this.lease = lease;
        this.latest = load();
    }

    private View load() {
        return store.find(Setting.Kind.POSITION, migration.name())
                .map(KnownPosition::view)
                .orElseGet(this::create);
    }

    private View create() {
        try {
            Setting created = store.change(
                    Setting.Kind.POSITION,
                    migration.name(),
                    0,
                    Position.START.toString(),
                    migration.operator(),
                    "migration created");
            return new View(Position.START, created.version());
        } catch (StaleChangeException another) {
            return store.find(Setting.Kind.POSITION, migration.name())
                    .map(KnownPosition::view)
                    .orElseThrow(() -> another);
        }
    }

    private static View view(Setting stored) {
        return new View(Position.parse(stored.value()), stored.version());
    }

    View latest() {
        return latest;
    }

    /** Reads the store; where the lease had run out, it is renewed before and begins after. */
    View refresh() {
        NodeLease.@Nullable Renewed renewed = lease != null && !lease.isValid() ? lease.renew() : null;
        Setting stored = store.find(Setting.Kind.POSITION, migration.name())
                .orElseThrow(() -> new MigrationException("migration '" + migration.name()
                        + "' is gone from its store; do not remove a migration that is still in use"));
        View view = learn(view(stored));
        if (lease != null && renewed != null) {
            lease.begins(renewed);
        }
        return view;
    }

    /** Changes the store. */
    View change(long expectedEpoch, Position to, String why) {
        Setting changed = store.change(
                Setting.Kind.POSITION, migration.name(), expectedEpoch, to.toString(), migration.operator(), why);
        View made = new View(to, changed.version());
        learn(made);
        return made; // not what others have made of it since: whoever goes on with an overtaken step does so under its
        // own epoch
    }

    private View learn(View newer) {
        Waiting.lock(learning);
        try {
            View before = latest;
            if (newer.epoch() <= before.epoch()) {
                return before;
            }
            latest = newer;
            if (!newer.position().equals(before.position())) {
                migration.publish(new MigrationEvent.PositionChanged(
                        migration.name(), before.position(), newer.position(), newer.epoch()));
            }
            return newer;
        } finally {
            Waiting.unlock(learning);
        }
    }

    /**
     * Renews a lease that has run out.
     *
     * @throws LeaseExpiredException where the store cannot be reached
     */
    void renewLease() {
        Waiting.lock(learning);
        try {
            if (!migration.holdsLease()) { // another thread may have been first
                refresh();
            }
        } catch (RuntimeException unreachable) {
            throw new LeaseExpiredException(
                    "migration '" + migration.name()
                            + "': this node has not reached its store for longer than its lease, and does not know which side"
                            + " is authoritative any more; nothing was read or written: bring the store back, and try again",
                    unreachable);
        } finally {
            Waiting.unlock(learning);
        }
    }
}
