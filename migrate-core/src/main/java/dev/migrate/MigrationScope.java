package dev.migrate;

import dev.migrate.internal.Refusal;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A unit of work during which a migration stands still: stage and share are read once, at its beginning.
 *
 * <p>Opened by {@link Migration#begin} and bound to the thread until closed; a scope opened inside another shares its view. If
 * the view becomes invalid meanwhile, because authority has moved, a write inside the scope is refused, not moved.
 */
public final class MigrationScope implements AutoCloseable {
    private final Migration migration;
    private final Migration.View view;
    private final long lapses;
    private final @Nullable MigrationScope outer;
    private final int ticket;
    private @Nullable Long endsAt;
    private boolean isClosed;

    MigrationScope(
            Migration migration,
            Migration.View view,
            long lapses,
            @Nullable MigrationScope outer,
            int ticket,
            @Nullable Long endsAt) {
        this.migration = migration;
        this.view = view;
        this.lapses = lapses;
        this.outer = outer;
        this.ticket = ticket;
        this.endsAt = endsAt;
    }

    Migration.View view() {
        return view;
    }

    /** How often the node's lease had run out when the view was taken; negative where it was not valid then. */
    long lapses() {
        return lapses;
    }

    @Nullable MigrationScope outer() {
        return outer;
    }

    int ticket() {
        return ticket;
    }

    /** The monotonic time at which the unit of work ends; null where it has no limit. */
    @Nullable Long endsAt() {
        return endsAt;
    }

    /**
     * Gives the unit of work a time limit, counted from now: no call inside it falls back to the other side later. A limit that ends earlier
     * holds, of this scope or of one around it. To be called on the thread that began it, before work is {@link #wrap wrapped}. Returns this.
     *
     * @param limit positive
     */
    public MigrationScope endingWithin(Duration limit) {
        String refusal = Refusal.notPositive("endingWithin", limit, "leave it out where the unit of work has no limit");
        if (refusal != null) {
            throw new MigrationException(refusal);
        }
        long ends = migration.nanoTime() + limit.toNanos();
        if (endsAt == null || ends - endsAt < 0) {
            endsAt = ends;
        }
        return this;
    }

    /**
     * Work that has the same view, and the same time limit, on whatever thread it runs. It is part of this unit of work and must begin while this scope
     * is open: later it is refused with a {@link MigrationException}. It may end later than the scope, and a step waits for it.
     */
    public <T> Callable<T> wrap(Callable<T> work) {
        return () -> {
            try (MigrationScope bound = migration.scopes().continueOnThisThread(this)) {
                return work.call();
            }
        };
    }

    Runnable wrapped(Runnable work) {
        return () -> {
            try (MigrationScope bound = migration.scopes().continueOnThisThread(this)) {
                work.run();
            }
        };
    }

    /** Enters the unit of work once more, which then ends only when both have left. */
    synchronized int share(UnitsInFlight units) {
        if (isClosed) {
            throw new MigrationException(
                    "a unit of work of migration '" + migration.name()
                            + "' had ended before work that was wrapped in it began; wait for such work before the scope is closed");
        }
        return units.enterWith(ticket);
    }

    /** Ends the unit of work; to be called on the thread that began it. */
    @Override
    public synchronized void close() {
        if (!isClosed) {
            migration.scopes().end(this);
            isClosed = true;
        }
    }
}
