package dev.migrate.internal.call;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationThreads;
import dev.migrate.Position;
import dev.migrate.Stage;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A migration in memory that tests move about, with a ticker turned by hand and everything that was published. */
public final class Ladder implements AutoCloseable {
    private final AtomicLong nanos = new AtomicLong(Duration.ofDays(1).toNanos());
    private final List<MigrationEvent> events = new CopyOnWriteArrayList<>();
    private final MigrationThreads threads;
    private final Migration migration;

    /** A migration with four threads and a queue of a thousand. */
    public Ladder() {
        this(4, 1_000);
    }

    /** A migration with its own number of threads, and length of their queue. */
    public Ladder(int threads, int queue) {
        this.threads = MigrationThreads.of("test", threads, queue);
        this.migration = Migration.named("move")
                .store(new InMemoryMigrationStore())
                .nanoTime(nanos::get)
                .threads(this.threads)
                .listener(events::add)
                .build();
    }

    /** The same, standing at a stage. */
    public static Ladder at(Stage stage) {
        return new Ladder().to(Position.of(stage));
    }

    /** Walks to a position by legal steps. */
    public Ladder to(Position goal) {
        while (!migration.current().equals(goal)) {
            Position now = migration.current();
            if (now.compareTo(goal) < 0) {
                migration.moveTo(
                        now.stage() == goal.stage()
                                ? goal
                                : Position.of(now.stage().next().orElseThrow()),
                        "test");
            } else {
                migration.turnBackTo(goal, "test");
            }
        }
        return this;
    }

    public Migration migration() {
        return migration;
    }

    public void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    public List<MigrationEvent> events() {
        return events;
    }

    public <E extends MigrationEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void close() {
        migration.close();
        threads.close();
    }
}
