package dev.migrate.benchmarks.router;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.ReadCompared;
import dev.migrate.Position;
import dev.migrate.Records;
import dev.migrate.Stage;
import dev.migrate.benchmarks.measure.Keys;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.store.InMemoryMigrationStore;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A router over two trivial sides, on one stage. */
public abstract class RoutedItems {
    /** A value with its key. */
    public record Item(String id) {}

    static final Optional<Item> FOUND = Optional.of(new Item("found"));

    private final Item[] items = Arrays.stream(Keys.all()).map(Item::new).toArray(Item[]::new);
    private final AtomicLong compared = new AtomicLong();
    private final Migration migration;
    private final DualWriteRouter<String, Item> router;

    RoutedItems(Stage stage) {
        migration = Migration.named("items")
                .store(new InMemoryMigrationStore())
                .listener(event -> {
                    if (event instanceof ReadCompared) {
                        compared.incrementAndGet();
                    }
                })
                .build();
        router = DualWriteRouter.of(migration)
                .legacy(Records.<String, Item>of(key -> FOUND, item -> item, key -> {}))
                .target(Records.of(key -> FOUND, item -> item, key -> {}))
                .key(Item::id)
                .build();
        while (migration.current().stage() != stage) {
            Position at = migration.current();
            migration.moveTo(at.stage().next().orElseThrow(), "benchmark");
        }
    }

    Optional<Item> read(String key) {
        return router.read(key);
    }

    Item write(int item) {
        return router.write(items[item]);
    }

    /** How many reads were compared so far, whatever came of it. */
    long compared() {
        return compared.get();
    }

    /** How many comparisons were dropped so far. */
    long dropped() {
        return migration.threads().dropped();
    }

    /** Ends its threads. */
    @TearDown
    public void close() {
        router.close();
        migration.close();
    }

    /** Legacy alone. */
    @State(Scope.Benchmark)
    public static class LegacyOnly extends RoutedItems {
        /** For JMH. */
        public LegacyOnly() {
            super(Stage.LEGACY_ONLY);
        }
    }

    /** Writes go to both. */
    @State(Scope.Benchmark)
    public static class DualWrite extends RoutedItems {
        /** For JMH. */
        public DualWrite() {
            super(Stage.DUAL_WRITE);
        }
    }

    /** Reads are compared. */
    @State(Scope.Benchmark)
    public static class Shadow extends RoutedItems {
        /** For JMH. */
        public Shadow() {
            super(Stage.SHADOW);
        }
    }

    /** The target answers, and reads are compared. */
    @State(Scope.Benchmark)
    public static class Live extends RoutedItems {
        /** For JMH. */
        public Live() {
            super(Stage.LIVE);
        }
    }

    /** The target alone. */
    @State(Scope.Benchmark)
    public static class TargetOnly extends RoutedItems {
        /** For JMH. */
        public TargetOnly() {
            super(Stage.TARGET_ONLY);
        }
    }
}
