package dev.migrate.dualwrite;

import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.dualwrite.Staff.Person;
import dev.migrate.side.SideBooks;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Two sides whose rows have rules between them, and time that is turned by hand; the worker works only when a test says so. */
final class StaffFixture implements AutoCloseable {
    static final String ASIDE = "aside-";
    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    final Staff legacy;
    final Staff target;
    private final SideBooks legacyBooks;
    final ConcurrentLinkedQueue<MigrationEvent> events = new ConcurrentLinkedQueue<>();
    final Migration migration;
    final DualWriteRouter<Long, Person> router;

    /** Where the shadow's books are sound, and rows make way. */
    StaffFixture() {
        this(books -> books, options -> options.makeWay(StaffFixture::aside));
    }

    StaffFixture(UnaryOperator<SideBooks> targetBooks, UnaryOperator<DualWriteRouterBuilder<Long, Person>> options) {
        this(books -> books, targetBooks, options);
    }

    StaffFixture(
            UnaryOperator<SideBooks> ofLegacy,
            UnaryOperator<SideBooks> ofTarget,
            UnaryOperator<DualWriteRouterBuilder<Long, Person>> options) {
        legacy = new Staff(now::get, ofLegacy);
        target = new Staff(now::get, ofTarget);
        legacyBooks = legacy.books("staff", "default", Side.LEGACY);
        migration = Migration.named("staff")
                .store(new InMemoryMigrationStore())
                .time(now::get)
                .nanoTime(() -> Duration.between(Instant.EPOCH, now.get()).toNanos())
                .operator(() -> "ada")
                .stepBudget(Duration.ofSeconds(60))
                .listener(events::add)
                .build();
        router = options.apply(DualWriteRouter.of(migration)
                        .legacy(legacy)
                        .target(target)
                        .key(Person::id)
                        .parkAfter(4)
                        .repairEvery(Duration.ofDays(1)))
                .build();
        migration.moveTo(Stage.DUAL_WRITE, "test");
    }

    static Person aside(Person person) {
        return new Person(person.id(), ASIDE + person.id(), null);
    }

    static Person person(long id, @Nullable String name) {
        return new Person(id, name, null);
    }

    static Person person(long id, @Nullable String name, long boss) {
        return new Person(id, name, boss);
    }

    /** Written by one transaction of legacy, which may pass over what no row by itself may be. */
    void write(Person... people) {
        Map<Long, Person> after = legacy.rows();
        for (Person person : people) {
            after.put(person.id(), person);
        }
        replaceAll(after);
    }

    /** Brings all rows of legacy to what they are to be, in one transaction. */
    void replaceAll(Map<Long, Person> after) {
        try {
            legacyBooks.inTransaction(() -> {
                Map<Long, Person> before = legacy.rows();
                for (Person person : before.values()) {
                    legacy.write(person.id(), aside(person));
                }
                for (Person person : after.values()) {
                    legacy.write(person.id(), aside(person));
                }
                for (Person person : after.values()) {
                    if (person.equals(before.get(person.id()))) {
                        legacy.write(person.id(), person);
                    } else {
                        router.write(person);
                    }
                }
                for (Long id : before.keySet()) {
                    if (!after.containsKey(id)) {
                        router.delete(id);
                    }
                }
                return true;
            });
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    /** What both sides hold at first, copied. */
    void begin(Person... people) {
        write(people);
        settle(20);
    }

    void idle() {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> migration.threads().isIdle());
    }

    /** Lets the worker do a number of rounds, with a pause between them that is longer than any of its own. */
    void settle(int rounds) {
        idle();
        for (int round = 0; round < rounds; round++) {
            now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(2)));
            router.repair();
        }
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
