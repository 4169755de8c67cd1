package dev.migrate;

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
    private final @Nullable MigrationScope outer;
    private final int ticket;
    private boolean isClosed;

    MigrationScope(Migration migration, Migration.View view, @Nullable MigrationScope outer, int ticket) {
        this.migration = migration;
        this.view = view;
        this.outer = outer;
        this.ticket = ticket;
    }

    Migration.View view() {
        return view;
    }

    @Nullable MigrationScope outer() {
        return outer;
    }

    int ticket() {
        return ticket;
    }

    /** Work that has the same view on whatever thread it runs, while this scope is open. */
    public <T> Callable<T> wrap(Callable<T> work) {
        return () -> {
            try (MigrationScope bound = migration.continueOnThisThread(view)) {
                return work.call();
            }
        };
    }

    /** Ends the unit of work; to be called on the thread that began it. */
    @Override
    public void close() {
        if (!isClosed) {
            migration.end(this);
            isClosed = true;
        }
    }
}
