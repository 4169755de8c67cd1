package dev.migrate;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The scopes of one migration that are open, each bound to its thread, where one opened inside another goes on with its view. */
final class Scopes {
    private final Migration migration;
    private final UnitsInFlight units;

    @SuppressWarnings("ThreadLocalUsage") // a scope belongs to one migration
    private final ThreadLocal<@Nullable MigrationScope> bound = new ThreadLocal<>();

    /** How many there are in all: a thread that looks while there is none need not ask what is bound to it. */
    private final AtomicInteger count = new AtomicInteger();

    Scopes(Migration migration, UnitsInFlight units) {
        this.migration = migration;
        this.units = units;
    }

    /** The innermost scope of the thread; null where it has none. */
    @Nullable MigrationScope open() {
        return count.get() == 0 ? null : bound.get();
    }

    MigrationScope begin() {
        MigrationScope outer = bound.get();
        if (outer != null) {
            return continueOnThisThread(outer);
        }
        int ticket = units.enter();
        long lapses = migration.leaseLapses(); // before the lease is looked at, and that before the view is taken
        boolean isKnown = migration.holdsLease();
        return bind(new MigrationScope(migration, migration.latestView(), isKnown ? lapses : -1, null, ticket, null));
    }

    MigrationScope continueOnThisThread(MigrationScope begun) {
        return bind(new MigrationScope(
                migration, begun.view(), begun.lapses(), bound.get(), begun.share(units), begun.endsAt()));
    }

    private MigrationScope bind(MigrationScope opened) {
        count.incrementAndGet();
        bound.set(opened);
        return opened;
    }

    void end(MigrationScope ended) {
        if (bound.get() != ended) {
            throw new MigrationException("a scope of migration '" + migration.name()
                    + "' must be closed on the thread that began it, the innermost first; use try-with-resources");
        }
        if (ended.outer() == null) {
            bound.remove();
        } else {
            bound.set(ended.outer());
        }
        count.decrementAndGet();
        units.exit(ended.ticket());
    }

    Executor carrying(Executor executor) {
        return task -> {
            MigrationScope open = open();
            executor.execute(open == null ? task : open.wrapped(task));
        };
    }
}
