package dev.migrate.test.schedule;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.MigrationStore;
import dev.migrate.MigrationThreads;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Version;
import dev.migrate.internal.Waiting;
import dev.migrate.replay.Again;
import dev.migrate.replay.Event;
import dev.migrate.replay.EventLog;
import dev.migrate.replay.EventReplay;
import dev.migrate.replay.InMemoryEventLog;
import dev.migrate.replay.LoggedEvent;
import dev.migrate.side.InMemorySideBooks;
import dev.migrate.store.InMemoryMigrationStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Two logs of events, nodes that deliver from them and a receiver on each side that knows what should have come before; one seed's run. */
final class EventWorld implements AutoCloseable {
    private static final List<String> KEYS = List.of("k", "other");
    private static final int EVENTS_EACH = 5;
    private static final int MOST_STEPS = 30;

    private final Interleaving run;
    private final MigrationThreads threads;
    private final MigrationStore store;
    private final Map<Side, InMemoryEventLog> logs = new EnumMap<>(Side.class);
    private final Map<Side, EventLog> around = new EnumMap<>(Side.class);
    private final Map<Side, List<String>> arrived = new EnumMap<>(Side.class);
    private final List<String> acknowledged = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final boolean hasReplay;

    EventWorld(long seed, MigrationThreads threads, UnaryOperator<EventLog> altered) {
        this.run = new Interleaving(seed);
        this.threads = threads;
        this.store = run.around(MigrationStore.class, "store", new InMemoryMigrationStore(run.quietTime()));
        this.hasReplay = run.random(2) == 0;
        for (Side side : Side.values()) {
            InMemoryEventLog log = new InMemoryEventLog(run.quietTime());
            logs.put(side, log);
            around.put(side, altered.apply(run.around(EventLog.class, side + " log", log)));
            arrived.put(side, new ArrayList<>());
        }
    }

    /** What has gone wrong; empty where nothing has. */
    List<String> violations() {
        List<Interleaving.Node> nodes = List.of(run.node("n0"), run.node("n1"));
        for (Interleaving.Node node : nodes) {
            node.actor("boot", () -> begin(node));
        }
        run.node("fate").actor("fate", () -> disturb(nodes));
        run.run();
        Interleaving.Node last = run.node("last");
        last.actor("end", () -> comeToRest(last));
        run.run();
        judge();
        return violations;
    }

    /** Whether authority has moved, and an event of the target's has arrived at legacy. */
    boolean hasArrivedAtLegacy() {
        return !arrived.get(Side.LEGACY).isEmpty();
    }

    private void disturb(List<Interleaving.Node> nodes) {
        Waiting.pause(Duration.ofMillis(run.random(3_000)).toNanos());
        if (run.random(2) == 0) {
            nodes.get(1).pause(Duration.ofMillis(run.random(2_000)));
        }
        if (run.random(2) == 0) {
            Waiting.pause(Duration.ofMillis(run.random(200)).toNanos());
            nodes.get(0).crash();
        }
    }

    private record Built(Migration migration, EventReplay<String> replay) {}

    private Built built(Interleaving.Node node) {
        Migration migration = Migration.named("orders")
                .store(store)
                .threads(threads)
                .time(run.time())
                .nanoTime(run::nanoTime)
                .operator(node::name)
                .node(node.name())
                .refreshEvery(Plan.REFRESH)
                .lease(Plan.LEASE)
                .stepBudget(Plan.STEP_BUDGET)
                .build();
        EventReplay<String> replay = EventReplay.of(migration)
                .<String>legacy((name, records, side) -> around.get(side), (key, event) -> receive(Side.LEGACY, event))
                .target((name, records, side) -> around.get(side), (key, event) -> receive(Side.TARGET, event))
                .repairEvery(Duration.ofMillis(500))
                .longestWait(Duration.ofSeconds(5))
                .build();
        return new Built(migration, replay);
    }

    private void begin(Interleaving.Node node) {
        Built on = built(node);
        node.actor("client", () -> append(node, on.replay()));
        node.actor("worker", () -> work(on.replay()));
        if (node.name().equals("n0")) {
            node.actor("operator", () -> walk(on));
        }
    }

    private void append(Interleaving.Node node, EventReplay<String> replay) {
        for (int at = 0; at < EVENTS_EACH; at++) {
            for (String key : KEYS) {
                String id = node.name() + "/" + key + "/" + at;
                Instant clock = Instant.EPOCH.plusSeconds(run.random(100));
                try {
                    replay.append(
                            key,
                            Event.of("Happened", new byte[0]).operationId(id).occurredAt(clock));
                    acknowledged.add(id);
                } catch (MigrationException refused) {
                    Waiting.pause(Duration.ofMillis(20).toNanos());
                }
            }
            Waiting.pause(Duration.ofMillis(run.random(600)).toNanos());
        }
    }

    private void work(EventReplay<String> replay) {
        for (int at = 0; at < 6; at++) {
            quietly(replay::repair);
            if (hasReplay && at == 3) {
                quietly(() -> replay.replayFrom(Instant.EPOCH, Again.EVERY_EVENT));
            }
            Waiting.pause(Duration.ofMillis(run.random(400)).toNanos());
        }
    }

    private static void quietly(Runnable work) {
        try {
            work.run();
        } catch (MigrationException | IllegalStateException later) {
            // Taken up again.
        }
    }

    private void walk(Built on) {
        for (int at = 0; at < MOST_STEPS && on.migration().current().stage() != Stage.LIVE; at++) {
            Stage next = on.migration().current().stage().next().orElseThrow();
            quietly(() -> on.migration().moveTo(next, "walk"));
            Waiting.pause(Duration.ofMillis(20).toNanos());
        }
    }

    /** In the receiving side's transaction: what it does with the commit is undone where that does not come. */
    private void receive(Side to, LoggedEvent event) throws IOException {
        for (LoggedEvent before : logged(to.other(), event.aggregate())) {
            if (event.version().isAfter(before.version()) && !arrived.get(to).contains(before.operationId())) {
                violations.add(event + " was handed over before " + before + " had arrived");
            }
        }
        run.nanoTime();
        if (run.random(6) == 0) {
            throw new IOException("receiver down");
        }
        ((InMemorySideBooks) logs.get(to).books())
                .withCommit(() -> arrived.get(to).add(event.operationId()));
        run.nanoTime();
    }

    private List<LoggedEvent> logged(Side side, String aggregate) {
        return logs.get(side).since(aggregate, Instant.EPOCH, Version.NONE, Integer.MAX_VALUE);
    }

    private void comeToRest(Interleaving.Node node) {
        Built last = built(node);
        for (int at = 0; at < 200; at++) {
            if (last.migration().current().stage() == Stage.LEGACY_ONLY) {
                quietly(() -> last.migration().moveTo(Stage.DUAL_WRITE, "end"));
            }
            last.replay()
                    .parked(10)
                    .forEach(owed -> last.replay().retry(last.replay().keyOf(owed)));
            quietly(last.replay()::repair);
            if (last.replay().debt().isNone() && !last.replay().isReplaying()) {
                return;
            }
            Waiting.pause(Duration.ofSeconds(2).toNanos());
        }
        violations.add("what is owed is not worked off: " + last.replay().debt());
    }

    private void judge() {
        for (Side from : Side.values()) {
            for (String key : KEYS) {
                List<String> logged = logged(from, "s:" + key).stream()
                        .map(LoggedEvent::operationId)
                        .toList();
                List<String> all = arrived.get(from.other()).stream()
                        .filter(id -> id.contains("/" + key + "/"))
                        .toList();
                if (!List.copyOf(new LinkedHashSet<>(all)).equals(logged)) {
                    violations.add("from " + from + " " + logged + " were logged, but arrived " + all);
                }
                if (!hasReplay && all.size() != Set.copyOf(all).size()) {
                    violations.add("twice: " + all);
                }
            }
        }
        acknowledged.stream()
                .filter(id ->
                        logs.values().stream().allMatch(log -> log.find(id).isEmpty()))
                .forEach(id -> violations.add(id + " was acknowledged and is in no log"));
    }

    @Override
    public void close() {
        run.close();
    }
}
