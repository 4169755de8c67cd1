package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.StaffFixture.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.MigrationEvent.ShadowWriteFailed;
import dev.migrate.MigrationEvent.ShadowWriteRepaired;
import dev.migrate.dualwrite.Staff.Person;
import dev.migrate.side.ConflictException;
import dev.migrate.side.Owed;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** One round of the worker over keys that are in each other's way: what arrives in it, what is told of it, and how much it costs the shadow. */
class GroupRoundsTest {
    private final AtomicInteger writes = new AtomicInteger();

    /** Where each of the attempts after the commits has failed, and the worker's pause is over. */
    private StaffFixture afterTheFirstAttempts(StaffFixture fixture, Person[] begin, Person... then) {
        fixture.begin(begin);
        fixture.write(then);
        fixture.idle();
        assertThat(fixture.router.owed()).hasSize(then.length).allMatch(owed -> owed.attempts() == 1);
        fixture.events.clear();
        fixture.target.commits.clear();
        fixture.now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(2)));
        fixture.target.before = key -> writes.incrementAndGet();
        return fixture;
    }

    private StaffFixture exchange(StaffFixture fixture) {
        return afterTheFirstAttempts(
                fixture, new Person[] {person(1, "a"), person(2, "b")}, person(1, "b"), person(2, "a"));
    }

    private static StaffFixture without(UnaryOperator<DualWriteRouterBuilder<Long, Person>> options) {
        return new StaffFixture(books -> books, options);
    }

    @Test
    void exchange_arrivesInOneRound_andOneTransaction() {
        try (StaffFixture fixture = exchange(new StaffFixture())) {
            assertThat(fixture.router.repair()).isEqualTo(2);
            assertThat(fixture.target.rows()).isEqualTo(fixture.legacy.rows());
            assertThat(fixture.router.debt().isSettled()).isTrue();
            assertThat(fixture.target.commits).hasSize(1);
            assertThat(writes)
                    .as("with all that is due; alone; in either order; both out of the way and both written")
                    .hasValue(8);
            assertThat(fixture.events(ShadowWriteFailed.class)).isEmpty();
            assertThat(fixture.events(ShadowWriteRepaired.class))
                    .extracting(ShadowWriteRepaired::key)
                    .containsExactlyInAnyOrder("l:1", "l:2");
            assertThat(fixture.events(ShadowWriteRepaired.class))
                    .allMatch(event -> event.owedFor().equals(Duration.ofMinutes(2)));
        }
    }

    @Test
    void exchangeThatCannotMakeWay_isTriedTogetherOncePerRound_andTheRemedyIsToldOnce() {
        try (StaffFixture fixture = exchange(without(options -> options.parkAfter(20)))) {
            assertThat(fixture.router.repair()).isZero();
            assertThat(writes)
                    .as("with all that is due; each alone; in either order; once more when they should have made way")
                    .hasValue(6);
            assertThat(fixture.target.commits).isEmpty();
            assertThat(fixture.router.owed()).allMatch(owed -> owed.attempts() == 2);
            assertThat(fixture.events(ShadowWriteFailed.class))
                    .hasSize(2)
                    .allMatch(event -> event.cause() instanceof ConflictException);
            assertThat(fixture.events(ShadowWriteFailed.class))
                    .filteredOn(event ->
                            event.cause().getMessage().contains("2 keys are in each other's way on the TARGET side"))
                    .hasSize(1);
        }
    }

    @Test
    void keyInTheWayOfNoOtherThatIsOwed_failsByItself() {
        try (StaffFixture fixture = new StaffFixture()) {
            stray(fixture, person(99, "stray"));
            afterTheFirstAttempts(fixture, new Person[] {}, person(1, "stray"));
            assertThat(fixture.router.repair()).isZero();
            assertThat(writes).as("alone, and in no group of one").hasValue(1);
            assertThat(fixture.events(ShadowWriteFailed.class))
                    .singleElement()
                    .satisfies(event -> assertThat(event.cause()).hasMessage("the name is taken"));
        }
    }

    private static void stray(StaffFixture fixture, Person person) {
        try {
            fixture.target.write(person.id(), person);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    /** The one that failed for a reason of its own is told of under its own key and cause; the next has its turn in the same round. */
    @Test
    void keyOfAGroupThatFailsByItself_isToldByItsOwnKey() {
        try (StaffFixture fixture = exchange(new StaffFixture())) {
            IOException tooLong = new IOException("value too long");
            fixture.target.before = key -> {
                if (key == 2) {
                    throw tooLong;
                }
            };
            assertThat(fixture.router.repair()).isZero();
            assertThat(fixture.events(ShadowWriteFailed.class))
                    .filteredOn(event -> event.key().equals("l:2"))
                    .isNotEmpty()
                    .allMatch(event -> event.cause() == tooLong);
            assertThat(fixture.events(ShadowWriteFailed.class))
                    .filteredOn(event -> event.key().equals("l:1"))
                    .singleElement()
                    .satisfies(event -> assertThat(event.cause()).hasMessage("the name is taken"));
            fixture.target.before = key -> {};
            fixture.settle(4);
            assertThat(fixture.target.rows()).isEqualTo(fixture.legacy.rows());
        }
    }

    @Test
    void keyOfAGroupThatCannotBeRead_isLeftOut() {
        try (StaffFixture fixture = afterTheFirstAttempts(
                new StaffFixture(),
                new Person[] {person(1, "a"), person(2, "b"), person(3, "c"), person(4, "d")},
                person(1, "b"),
                person(2, "a"),
                person(3, "d"),
                person(4, "c"))) {
            fixture.legacy.afterRead = key -> {
                if (key == 3) {
                    throw new IOException("row locked");
                }
            };
            fixture.router.repair();
            assertThat(fixture.target.rows()).containsEntry(1L, person(1, "b")).containsEntry(2L, person(2, "a"));
            assertThat(fixture.router.owed()).extracting(Owed::key).containsExactlyInAnyOrder("l:3", "l:4");
            fixture.legacy.afterRead = key -> {};
            fixture.settle(4);
            assertThat(fixture.target.rows()).isEqualTo(fixture.legacy.rows());
        }
    }

    /** One of the two finds no place to make way to; that the other does is enough. */
    @Test
    void rowThatCannotMakeWay_waitsForTheOther() {
        UnaryOperator<Person> aside = person -> person.id() == 1 ? person(1, "taken") : StaffFixture.aside(person);
        try (StaffFixture fixture = without(options -> options.makeWay(aside).parkAfter(20))) {
            stray(fixture, person(99, "taken"));
            exchange(fixture);
            assertThat(fixture.router.repair()).isEqualTo(2);
            assertThat(fixture.target.rows()).containsEntry(1L, person(1, "b")).containsEntry(2L, person(2, "a"));
        }
    }

    /** So that two groups never wait for each other. */
    @Test
    void ledgerRowsOfAGroup_areMovedInTheOrderOfTheirSegments() {
        List<List<Integer>> transactions = new CopyOnWriteArrayList<>();
        List<Integer> segments = new ArrayList<>();
        UnaryOperator<SideBooks> noting = books -> (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    boolean isAccept = method.getName().equals("accept");
                    if (isAccept) {
                        segments.add((Integer) arguments[1]);
                    }
                    boolean isBegun = method.getName().equals("inTransaction");
                    if (isBegun) {
                        segments.clear();
                    }
                    try {
                        return method.invoke(books, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    } finally {
                        if (isBegun && segments.size() > 1) {
                            transactions.add(List.copyOf(segments));
                        }
                    }
                });
        int size = 6;
        Person[] begin = new Person[size];
        Person[] turned = new Person[size];
        for (int i = 0; i < size; i++) {
            begin[i] = person(i, "name " + i);
            turned[i] = person(i, "name " + (i + 1) % size);
        }
        try (StaffFixture fixture = new StaffFixture(
                noting, options -> options.makeWay(StaffFixture::aside).parkAfter(20))) {
            afterTheFirstAttempts(fixture, begin, turned);
            transactions.clear();
            assertThat(fixture.router.repair()).isEqualTo(size);
            assertThat(transactions)
                    .isNotEmpty()
                    .allSatisfy(one -> assertThat(one).hasSize(size).isSorted());
        }
    }

    @Test
    void parkedKeyWhoseWayIsFree_isCountedWhenItArrives_andLookedForOnceAMinute() {
        try (StaffFixture fixture = without(options -> options.parkAfter(1))) {
            stray(fixture, person(99, "stray"));
            fixture.write(person(1, "stray"));
            fixture.idle();
            assertThat(fixture.router.parked(10)).hasSize(1);
            fixture.now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(2)));
            fixture.target.before = key -> writes.incrementAndGet();
            assertThat(fixture.router.repair()).isZero();
            assertThat(writes).hasValue(1);
            fixture.now.updateAndGet(instant -> instant.plus(Duration.ofSeconds(59)));
            assertThat(fixture.router.repair()).isZero();
            assertThat(writes).as("not so soon").hasValue(1);
            stray(fixture, person(99, "gone"));
            fixture.now.updateAndGet(instant -> instant.plus(Duration.ofSeconds(1)));
            assertThat(fixture.router.repair()).isEqualTo(1);
            assertThat(fixture.target.rows()).containsEntry(1L, person(1, "stray"));
        }
    }
}
