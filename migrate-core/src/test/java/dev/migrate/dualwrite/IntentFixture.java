package dev.migrate.dualwrite;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.dualwrite.MapRecords.Item;
import dev.migrate.side.Intents;
import dev.migrate.side.SideBooks;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** A router over books that say of themselves that they outlive the process, with a clock to turn and acknowledgements to lose. */
final class IntentFixture implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(30);
    final Map<Side, SideBooks> books = new EnumMap<>(Side.class);
    final ConcurrentLinkedQueue<MigrationEvent> events = new ConcurrentLinkedQueue<>();
    final AtomicBoolean losesAcknowledgements = new AtomicBoolean();
    final AtomicLong seconds = new AtomicLong();
    final Migration migration;
    final DualWriteRouter<Long, Item> router;

    IntentFixture(Records<Long, Item> legacy, Records<Long, Item> target) {
        this(legacy, target, options -> options);
    }

    IntentFixture(
            Records<Long, Item> legacy,
            Records<Long, Item> target,
            UnaryOperator<DualWriteRouterBuilder<Long, Item>> options) {
        migration = Migration.named("items")
                .store(RouterFixture.keeping((made, side) -> {
                    SideBooks durable = durable(made);
                    books.put(side, durable);
                    return durable;
                }))
                .time(() -> Instant.EPOCH.plusSeconds(seconds.get()))
                .operator(() -> "test")
                .stepBudget(Duration.ofMillis(200))
                .listener(events::add)
                .build();
        router = options.apply(DualWriteRouter.of(migration)
                        .legacy(legacy)
                        .target(target)
                        .key(Item::id)
                        .repairEvery(Duration.ofDays(1))
                        .longestWait(Duration.ofMillis(200))
                        .callsEndWithin(LIMIT))
                .build();
    }

    private SideBooks durable(SideBooks made) {
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("isDurable")) {
                        return true;
                    }
                    try {
                        Object result = method.invoke(made, arguments);
                        return result instanceof Intents intents ? forgetful(intents) : result;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private Intents forgetful(Intents intents) {
        return (Intents) Proxy.newProxyInstance(
                Intents.class.getClassLoader(), new Class<?>[] {Intents.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("acknowledge") && losesAcknowledgements.get()) {
                        throw new IllegalStateException("connection reset");
                    }
                    try {
                        return method.invoke(intents, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    IntentFixture at(Stage stage) {
        while (migration.current().stage() != stage) {
            migration.moveTo(migration.current().stage().next().orElseThrow(), "test");
        }
        return this;
    }

    void pass(Duration time) {
        seconds.addAndGet(time.toSeconds());
    }

    <E extends MigrationEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void close() {
        router.close();
        migration.close();
    }
}
