package dev.migrate.test.schedule;

import dev.migrate.MigrationScope;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.internal.Waiting;
import dev.migrate.test.schedule.ScheduledSides.Item;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/** Reads and writes keys through a node's router, and records what it was told. */
final class Client implements Interleaving.Body {
    private final World world;
    private final RoutedNode node;
    private final Recorded recorded;
    private final Plan.Clients clients;
    private final SplittableRandom random;
    private final String name;
    private int written;

    Client(World world, RoutedNode node, Recorded recorded, Plan plan, SplittableRandom random, String name) {
        this.world = world;
        this.node = node;
        this.recorded = recorded;
        this.clients = plan.clients();
        this.random = random;
        this.name = name;
    }

    @Override
    public void run() {
        for (int i = 0; i < clients.operations(); i++) {
            if (clients.thinkMillis() > 0) {
                Waiting.pause(Duration.ofMillis(clients.thinkMillis()).toNanos());
            }
            if (random.nextInt(5) == 0) {
                inScope();
            } else {
                operate();
            }
        }
    }

    private void inScope() {
        try (MigrationScope scope = node.migration.begin()) {
            operate();
            operate();
        }
    }

    private void operate() {
        long key = World.KEYS.get(random.nextInt(clients.keys()));
        int what = random.nextInt(100);
        if (what < clients.readPercent()) {
            read(key);
        } else if (clients.keys() > 1 && world.isBooked() && what >= 90) {
            inOneTransaction(what >= 95);
        } else if (random.nextInt(100) < clients.deletePercent()) {
            delete(key);
        } else {
            write(key);
        }
    }

    /** Two keys in a transaction of the application's own, through the router or past it. */
    private void inOneTransaction(boolean pastTheRouter) {
        Side side = node.migration.view().position().stage().authoritative();
        List<Item> items = List.of(item(World.KEYS.get(0)), item(World.KEYS.get(1)));
        List<Recorded.Call> calls = items.stream()
                .map(item -> recorded.writes(item.key(), Optional.of(item.value())))
                .toList();
        done(
                calls,
                () -> world.openBooks(side).inTransaction(() -> {
                    for (Item item : items) {
                        if (pastTheRouter) {
                            world.records(side).write(item.key(), item);
                            node.router.touched(List.of(item.key()));
                        } else {
                            node.router.write(item);
                        }
                    }
                    return true;
                }));
    }

    private Item item(long key) {
        written++;
        return new Item(key, name + "." + written);
    }

    void write(long key) {
        Item item = item(key);
        done(List.of(recorded.writes(key, Optional.of(item.value()))), () -> node.router.write(item));
    }

    private void delete(long key) {
        done(List.of(recorded.writes(key, Optional.empty())), () -> {
            node.router.delete(key);
            return key;
        });
    }

    private void done(List<Recorded.Call> calls, Callable<?> operation) {
        try {
            operation.call();
            calls.forEach(recorded::acknowledged);
        } catch (Interleaving.Crash crash) {
            throw crash;
        } catch (RefusedWriteException refused) {
            calls.forEach(recorded::isVoid);
        } catch (Exception | Error unknown) {
            // It may have had its effect, and may have it yet.
        }
    }

    private void read(long key) {
        Recorded.Call call = recorded.reads(key);
        try {
            recorded.found(call, node.router.read(key).map(Item::value));
        } catch (Interleaving.Crash crash) {
            throw crash;
        } catch (RuntimeException | Error unanswered) {
            recorded.isVoid(call);
        }
    }
}
