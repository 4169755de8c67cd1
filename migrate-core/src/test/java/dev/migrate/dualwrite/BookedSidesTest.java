package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.StaffFixture.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.LeaseExpiredException;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.MigrationStore;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Version;
import dev.migrate.dualwrite.Staff.Person;
import dev.migrate.internal.write.TwoSides;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.store.InMemoryMigrationStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Sides that commit their records with their books. */
class BookedSidesTest {
    private static Staff staff(UnaryOperator<SideBooks> books) {
        return new Staff(InstantSource.system(), books);
    }

    private static SideBooks durable(SideBooks books) {
        return answering(books, "isDurable", true);
    }

    private static SideBooks answering(SideBooks books, String name, Object answer) {
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals(name)) {
                        return answer;
                    }
                    try {
                        return method.invoke(books, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private static final class PlainStaff implements Records<Long, Person> {
        @Override
        public Optional<Person> read(Long key) {
            return Optional.empty();
        }

        @Override
        public Person write(Long key, Person value) {
            return value;
        }

        @Override
        public void delete(Long key) {}
    }

    private static Guarantee guarantee(Records<Long, Person> legacy, Records<Long, Person> target) {
        MigrationStore store = RouterFixture.keeping((made, side) -> durable(made));
        try (Migration migration = Migration.named("staff").store(store).build();
                DualWriteRouter<Long, Person> router = DualWriteRouter.of(migration)
                        .legacy(legacy)
                        .target(target)
                        .key(Person::id)
                        .build()) {
            return router.guarantee();
        }
    }

    @Test
    void guarantee_isExactWhereBothSidesAreSo_andElseThatOfTheWeaker() {
        Staff forgetful = staff(books -> books);
        Staff exact = staff(BookedSidesTest::durable);
        assertThat(guarantee(exact, exact)).isEqualTo(Guarantee.EXACT);
        assertThat(guarantee(exact, new PlainStaff())).isEqualTo(Guarantee.DURABLE);
        assertThat(guarantee(new PlainStaff(), exact)).isEqualTo(Guarantee.DURABLE);
        assertThat(guarantee(exact, forgetful)).isEqualTo(Guarantee.UNTIL_RESTART);
        assertThat(guarantee(forgetful, exact)).isEqualTo(Guarantee.UNTIL_RESTART);
    }

    @Test
    void within_isInATransactionOfTheAuthority() throws Exception {
        try (StaffFixture fixture = new StaffFixture()) {
            String done = fixture.router.within(1L, work -> {
                assertThat(work.side()).isEqualTo(Side.LEGACY);
                assertThat(fixture.legacy.books().isInTransaction()).isTrue();
                assertThatThrownBy(() -> work.unwrap(String.class))
                        .isInstanceOf(MigrationException.class)
                        .hasMessage("nothing to unwrap");
                fixture.legacy.write(1L, person(1, "a"));
                return "done";
            });
            assertThat(done).isEqualTo("done");
            fixture.settle(1);
            assertThat(fixture.target.rows()).containsEntry(1L, person(1, "a"));
        }
    }

    /** A tombstone is what keeps an earlier write's copy from bringing the row back. */
    @Test
    void delete_isCopiedAsATombstone_andAWriteIsNone() {
        List<Boolean> tombstones = new CopyOnWriteArrayList<>();
        UnaryOperator<SideBooks> noting = books -> (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("accept")) {
                        tombstones.add((Boolean) arguments[3]);
                    }
                    try {
                        return method.invoke(books, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
        try (StaffFixture fixture = new StaffFixture(noting, UnaryOperator.identity())) {
            fixture.write(person(1, "a"));
            fixture.settle(1);
            fixture.router.delete(1L);
            fixture.settle(1);
            assertThat(tombstones).containsExactly(false, true);
        }
    }

    @Test
    void copy_isToldWithoutItsKeyAndItsValue() throws Exception {
        Staff side = staff(books -> books);
        side.write(4711L, person(4711, "secret"));
        RecordCopying<Long, Person> copying = new RecordCopying<>(new TwoSides<>(side, side), null);
        assertThat(copying.read(4711L, Side.LEGACY))
                .asString()
                .contains("RecordCopy")
                .doesNotContain("4711", "secret");
    }

    /** Both have a new boss, who is not there yet: what each holds makes way, and not what it is to hold. */
    @Test
    void rowMakesWay_fromWhatTheShadowHolds() {
        UnaryOperator<Person> aside = person -> new Person(person.id(), "aside-" + person.id(), person.boss());
        try (StaffFixture fixture = new StaffFixture(books -> books, options -> options.makeWay(aside))) {
            fixture.begin(person(1, "a"), person(2, "b"));
            fixture.write(person(1, "b", 3), person(2, "a", 3), person(3, "c"));
            fixture.settle(4);
            assertThat(fixture.target.rows()).isEqualTo(fixture.legacy.rows());
            assertThat(fixture.router.debt().isSettled()).isTrue();
        }
    }

    /** A node whose lease has run out, with a store out of reach; its migration's clock is turned by hand. */
    private static final class LostNode implements AutoCloseable {
        private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
        private final AtomicBoolean isStoreDown = new AtomicBoolean();
        private final Staff legacy = staff(books -> books);
        private final Staff target = staff(books -> books);
        private final Migration migration;
        private final DualWriteRouter<Long, Person> router;

        LostNode() throws Exception {
            migration = Migration.named("staff")
                    .store(store(new InMemoryMigrationStore(now::get)))
                    .time(now::get)
                    .nanoTime(() -> Duration.between(Instant.EPOCH, now.get()).toNanos())
                    .refreshEvery(Duration.ofHours(1))
                    .lease(Duration.ofHours(3))
                    .build();
            router = DualWriteRouter.of(migration)
                    .legacy(legacy)
                    .target(target)
                    .key(Person::id)
                    .repairEvery(Duration.ofDays(1))
                    .build();
            migration.moveTo(Stage.DUAL_WRITE, "test");
            legacy.write(1L, person(1, "a"));
            isStoreDown.set(true);
            now.updateAndGet(instant -> instant.plus(Duration.ofHours(4)));
        }

        private MigrationStore store(MigrationStore memory) {
            return (MigrationStore) Proxy.newProxyInstance(
                    MigrationStore.class.getClassLoader(),
                    new Class<?>[] {MigrationStore.class},
                    (proxy, method, arguments) -> {
                        if (isStoreDown.get()) {
                            throw new MigrationException("the store is down");
                        }
                        try {
                            return method.invoke(memory, arguments);
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getCause();
                        }
                    });
        }

        @Override
        public void close() {
            isStoreDown.set(false);
            router.close();
            migration.close();
        }
    }

    @Test
    void nodeThatHasLostItsStore_readsASideThatSaysItselfThatItCanBeRead() throws Exception {
        try (LostNode node = new LostNode()) {
            assertThat(node.router.read(1L)).hasValue(person(1, "a"));
            node.legacy.books().assign(SegmentRange.ALL, Role.FENCED, true, 100);
            assertThat(node.router.read(1L)).as("a handover has begun").hasValue(person(1, "a"));
        }
    }

    @Test
    void nodeThatHasLostItsStore_doesNotReadASideThatHasHandedOver() throws Exception {
        try (LostNode node = new LostNode()) {
            node.legacy.books().assign(SegmentRange.ALL, Role.SHADOW, false, 100);
            assertThatThrownBy(() -> node.router.read(1L)).isInstanceOf(LeaseExpiredException.class);
        }
    }

    @Test
    void closedRouter_takesNoPartInStepsAnyMore() {
        StaffFixture fixture = new StaffFixture();
        assertThat(fixture.migration.participants()).hasSize(1);
        fixture.router.close();
        assertThat(fixture.migration.participants()).isEmpty();
        fixture.migration.close();
    }

    /** A worker that goes on after its router is closed would use connections whose pool is closed next. */
    @Test
    void closedRouter_copiesNothingAnyMore() {
        try (StaffFixture fixture = new StaffFixture(
                books -> answering(books, "isConflict", false), options -> options.repairEvery(Duration.ofMillis(1)))) {
            await().until(() -> fixture.migration.threads().isIdle());
            fixture.router.close();
            long before =
                    fixture.legacy.books().owed("l:1").map(Version::sequence).orElse(0L);
            fixture.legacy.books().owe(List.of(new SideBooks.Key("l:1", 0)), Instant.EPOCH);
            assertThat(before).isZero();
            CopyOnWriteArrayList<Boolean> rounds = new CopyOnWriteArrayList<>();
            try (AutoCloseable chore =
                    fixture.migration.threads().every(Duration.ofMillis(1), () -> rounds.add(true))) {
                await().until(() -> rounds.size() > 50);
                assertThat(chore).isNotNull();
            } catch (Exception unexpected) {
                throw new AssertionError(unexpected);
            }
            assertThat(fixture.legacy.books().owed("l:1"))
                    .as("after fifty of its pauses")
                    .isPresent();
        }
    }
}
