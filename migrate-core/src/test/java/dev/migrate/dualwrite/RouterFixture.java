package dev.migrate.dualwrite;

import dev.migrate.AuditEntry;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationStore;
import dev.migrate.Node;
import dev.migrate.Position;
import dev.migrate.Setting;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.dualwrite.MapRecords.Item;
import dev.migrate.side.BookKeeper;
import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.SideBooks;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Two sides in memory, a migration and a router over them; the worker runs only when a test says so. */
final class RouterFixture implements AutoCloseable {
    final MapRecords legacy = new MapRecords();
    final MapRecords target = new MapRecords();
    final ConcurrentLinkedQueue<MigrationEvent> events = new ConcurrentLinkedQueue<>();
    final Migration migration;
    final DualWriteRouter<Long, Item> router;

    RouterFixture() {
        this(new InMemoryMigrationStore(), options -> options);
    }

    RouterFixture(UnaryOperator<DualWriteRouterBuilder<Long, Item>> options) {
        this(new InMemoryMigrationStore(), options);
    }

    RouterFixture(MigrationStore store, UnaryOperator<DualWriteRouterBuilder<Long, Item>> options) {
        migration = Migration.named("items")
                .store(store)
                .operator(() -> "test")
                .stepBudget(Duration.ofSeconds(60))
                .listener(events::add)
                .build();
        router = options.apply(describe()).build();
    }

    private DualWriteRouterBuilder<Long, Item> describe() {
        return DualWriteRouter.of(migration)
                .legacy(legacy)
                .target(target)
                .key(Item::id)
                .repairEvery(Duration.ofDays(1))
                .longestWait(Duration.ofSeconds(60));
    }

    /** Another router over the same sides, as a node makes one when it starts. */
    DualWriteRouter<Long, Item> newRouter() {
        return describe().build();
    }

    /** Walks the ladder, one legal step after the other, to a stage. */
    RouterFixture at(Stage stage) {
        while (migration.current().stage() != stage) {
            boolean onward = migration.current().compareTo(Position.of(stage)) < 0;
            Stage now = migration.current().stage();
            migration.moveTo((onward ? now.next() : now.previous()).orElseThrow(), "test");
        }
        return this;
    }

    static Item item(long id, String text) {
        return new Item(id, text);
    }

    <E extends MigrationEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void close() {
        router.close();
        migration.close();
    }

    /** A store that keeps the given books, so that a test can leave a rule of the protocol out. */
    static MigrationStore keeping(BiFunction<InMemorySideBooks, Side, SideBooks> books) {
        return keeping(InstantSource.system(), books);
    }

    static MigrationStore keeping(InstantSource time, BiFunction<InMemorySideBooks, Side, SideBooks> books) {
        return new KeepingStore(new InMemoryMigrationStore(time), books);
    }

    private record KeepingStore(MigrationStore settings, BiFunction<InMemorySideBooks, Side, SideBooks> made)
            implements MigrationStore, BookKeeper {
        @Override
        public SideBooks books(String migration, String records, Side side) {
            return made.apply(new InMemorySideBooks(InstantSource.system()), side);
        }

        @Override
        public Optional<Setting> find(Setting.Kind kind, String name) {
            return settings.find(kind, name);
        }

        @Override
        public List<Setting> list(Setting.Kind kind) {
            return settings.list(kind);
        }

        @Override
        public Setting change(Setting.Kind kind, String name, long expected, String value, String who, String why) {
            return settings.change(kind, name, expected, value, who, why);
        }

        @Override
        public List<AuditEntry> audit(Setting.Kind kind, String name, int limit) {
            return settings.audit(kind, name, limit);
        }

        @Override
        public void renew(String migration, Node.Report report, Duration lease) {
            settings.renew(migration, report, lease);
        }

        @Override
        public List<Node> nodes(String migration) {
            return settings.nodes(migration);
        }

        @Override
        public void leave(String migration, String node) {
            settings.leave(migration, node);
        }

        @Override
        public boolean isDurable() {
            return settings.isDurable();
        }
    }
}
