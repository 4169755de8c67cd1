package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.StaffFixture.ASIDE;
import static dev.migrate.dualwrite.StaffFixture.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.MigrationEvent.KeyParked;
import dev.migrate.MigrationEvent.ShadowWriteFailed;
import dev.migrate.dualwrite.Staff.Person;
import dev.migrate.side.ConflictException;
import dev.migrate.side.Owed;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Keys that are in each other's way at the shadow. */
class CopyGroupTest {
    /** Rounds of the worker after which all is expected to have arrived: a first attempt, and one together with others. */
    private static final int ROUNDS = 3;

    private static void assertEqualAndNothingParked(StaffFixture fixture) {
        assertThat(fixture.target.rows()).isEqualTo(fixture.legacy.rows());
        assertThat(fixture.router.debt().isSettled()).isTrue();
        assertThat(fixture.events(KeyParked.class)).isEmpty();
        assertThat(fixture.target.commits)
                .as("nobody sees a row that makes way")
                .noneMatch(CopyGroupTest::makesWay);
    }

    private static boolean makesWay(Map<Long, Person> rows) {
        return rows.values().stream()
                .map(Person::name)
                .filter(Objects::nonNull)
                .anyMatch(name -> name.startsWith(ASIDE));
    }

    @Test
    void exchangedNames_arriveTogether() {
        try (StaffFixture fixture = new StaffFixture()) {
            fixture.begin(person(1, "a"), person(2, "b"));
            fixture.write(person(1, "b"), person(2, "a"));
            fixture.settle(ROUNDS);
            assertEqualAndNothingParked(fixture);
        }
    }

    @Test
    void namesThatGoRoundThreeRows_arriveTogether() {
        try (StaffFixture fixture = new StaffFixture()) {
            fixture.begin(person(1, "a"), person(2, "b"), person(3, "c"));
            fixture.write(person(1, "b"), person(2, "c"), person(3, "a"));
            fixture.settle(ROUNDS);
            assertEqualAndNothingParked(fixture);
        }
    }

    @Test
    void namesThatGoRoundMoreRowsThanAFirstGroupHas_arriveInTheEnd() {
        try (StaffFixture fixture = new StaffFixture(
                books -> books, options -> options.makeWay(StaffFixture::aside).parkAfter(20))) {
            int size = 40;
            Person[] begin = new Person[size];
            Person[] turned = new Person[size];
            for (int i = 0; i < size; i++) {
                begin[i] = person(i, "name " + i);
                turned[i] = person(i, "name " + (i + 1) % size);
            }
            fixture.begin(begin);
            fixture.write(turned);
            fixture.settle(6);
            assertEqualAndNothingParked(fixture);
        }
    }

    @Test
    void rowsThatReferToEachOther_arriveTogether() {
        try (StaffFixture fixture = new StaffFixture()) {
            fixture.write(person(1, "a", 2), person(2, "b", 1), person(3, "c", 3));
            fixture.settle(ROUNDS);
            assertEqualAndNothingParked(fixture);
        }
    }

    /** Each alone, in the order in which the shadow takes them, and without a word of how they make way. */
    @Test
    void rowsThatOnlyNeedAnOrder_needNotMakeWay() {
        try (StaffFixture fixture = new StaffFixture(books -> books, options -> options.parkAfter(20))) {
            fixture.write(person(1, "a", 2), person(2, "b", 3), person(3, "c", 4), person(4, "d"));
            fixture.settle(5);
            assertEqualAndNothingParked(fixture);
            fixture.write(person(1, "freed", 1), person(2, "a", 1), person(3, "b", 2), person(4, "c", 3));
            fixture.settle(5);
            assertEqualAndNothingParked(fixture);
            fixture.router.delete(4L);
            fixture.router.delete(3L);
            fixture.router.delete(2L);
            fixture.settle(5);
            assertEqualAndNothingParked(fixture);
        }
    }

    @Test
    void withoutAWordOfHowTheyMakeWay_theyAreParked_andTheRemedyIsTold() {
        try (StaffFixture fixture = new StaffFixture(books -> books, options -> options.parkAfter(3))) {
            fixture.begin(person(1, "a"), person(2, "b"));
            fixture.write(person(1, "b"), person(2, "a"));
            fixture.settle(10);
            assertThat(fixture.router.parked(10)).hasSize(2);
            assertThat(fixture.router.parked(10))
                    .extracting(Owed::lastError)
                    .allMatch(error -> error.contains(ConflictException.class.getName()));
            assertThat(fixture.events(ShadowWriteFailed.class))
                    .anySatisfy(event -> assertThat(event.cause()).hasMessageContaining("makeWay(..)"));
            assertThat(fixture.events(KeyParked.class)).as("each is told once").hasSize(2);
            assertThat(fixture.target.rows())
                    .as("nothing was half done")
                    .isEqualTo(Map.of(1L, person(1, "a"), 2L, person(2, "b")));
        }
    }

    /** A key of the group is written and copied by another worker after the group has read it. */
    private static boolean staysEqual_whenAGroupIsOvertaken(UnaryOperator<SideBooks> targetBooks) throws Exception {
        try (StaffFixture fixture = new StaffFixture(targetBooks, options -> options.makeWay(StaffFixture::aside))) {
            fixture.begin(person(1, "a"), person(2, "b"));
            fixture.write(person(1, "b"), person(2, "a"));
            fixture.idle();
            AtomicInteger reads = new AtomicInteger();
            fixture.legacy.afterRead = key -> {
                if (key == 1 && reads.incrementAndGet() == 3) {
                    CompletableFuture.runAsync(() -> {
                                fixture.router.write(person(1, "newest"));
                                fixture.router.repair();
                            })
                            .join();
                }
            };
            fixture.settle(ROUNDS);
            assertThat(reads)
                    .as("read with all that is due, alone, with the group, and by the other worker")
                    .hasValueGreaterThan(3);
            assertThat(fixture.router.debt().isSettled()).isTrue();
            return fixture.target.rows().equals(fixture.legacy.rows());
        }
    }

    @Test
    void groupThatIsOvertaken_writesNothingOlder() throws Exception {
        assertThat(staysEqual_whenAGroupIsOvertaken(books -> books)).isTrue();
        assertThat(staysEqual_whenAGroupIsOvertaken(CopyGroupTest::takingEveryVersion))
                .as("without the condition on each key's version")
                .isFalse();
    }

    private static SideBooks takingEveryVersion(SideBooks books) {
        return variant(books, (method, answer) -> answer == Acceptance.OVERTAKEN ? Acceptance.ACCEPTED : answer);
    }

    /** A broken variant: the shadow does not tell a conflict from any other failure, and so nothing is copied together. */
    @Test
    void withoutGroups_exchangedNamesAreParkedForEver() {
        try (StaffFixture fixture =
                new StaffFixture(CopyGroupTest::tellingNoConflict, options -> options.makeWay(StaffFixture::aside))) {
            fixture.begin(person(1, "a"), person(2, "b"));
            fixture.write(person(1, "b"), person(2, "a"));
            fixture.settle(50);
            assertThat(fixture.router.parked(10)).hasSize(2);
            assertThat(fixture.target.rows()).isNotEqualTo(fixture.legacy.rows());
            fixture.router.retryParked(10);
            fixture.settle(50);
            assertThat(fixture.router.parked(10)).as("for ever").hasSize(2);
        }
    }

    private static SideBooks tellingNoConflict(SideBooks books) {
        return variant(books, (method, answer) -> method.equals("isConflict") ? Boolean.FALSE : answer);
    }

    private static SideBooks variant(SideBooks books, BinaryOperator<Object> answers) {
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    try {
                        return answers.apply(method.getName(), method.invoke(books, arguments));
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    @Test
    void keyThatNoOtherKeepsFromArriving_holdsNobodyUp() {
        try (StaffFixture fixture = new StaffFixture()) {
            fixture.begin(person(1, "a"), person(2, "b"), person(3, "c"));
            strayRow(fixture, person(99, "stray"));
            fixture.write(person(1, "b"), person(2, "a"), person(3, "stray"));
            fixture.settle(ROUNDS);
            assertThat(fixture.router.owed()).extracting(Owed::key).containsExactly("l:3");
            assertThat(fixture.target.rows())
                    .containsEntry(1L, person(1, "b"))
                    .containsEntry(2L, person(2, "a"))
                    .containsEntry(3L, person(3, "c"));
            assertThat(fixture.target.commits).noneMatch(CopyGroupTest::makesWay);
        }
    }

    /** A row that only the target has. */
    private static void strayRow(StaffFixture fixture, Person person) {
        try {
            fixture.target.write(person.id(), person);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void keyThatWasParked_arrivesByItselfOnceWhatWasInItsWayIsGone() {
        try (StaffFixture fixture = new StaffFixture()) {
            strayRow(fixture, person(99, "stray"));
            fixture.write(person(1, "stray"));
            fixture.settle(10);
            assertThat(fixture.router.parked(10)).hasSize(1);
            strayRow(fixture, person(99, "gone"));
            fixture.settle(1);
            assertThat(fixture.router.parked(10)).isEmpty();
            assertThat(fixture.target.rows()).containsEntry(1L, person(1, "stray"));
        }
    }

    @Test
    void keyThatFailsForAReasonOfItsOwn_isLeftForLater_andTheOthersArrive() {
        try (StaffFixture fixture = new StaffFixture(
                books -> books, options -> options.makeWay(StaffFixture::aside).parkAfter(20))) {
            fixture.begin(person(1, "a"), person(2, "b"), person(3, "c"), person(4, "d"));
            fixture.write(person(1, "b"), person(2, "a"), person(3, "d"), person(4, "c"));
            fixture.idle();
            fixture.target.before = key -> {
                if (key == 3) {
                    throw new IOException("value too long");
                }
            };
            fixture.settle(ROUNDS);
            assertThat(fixture.target.rows()).containsEntry(1L, person(1, "b")).containsEntry(2L, person(2, "a"));
            fixture.target.before = key -> {};
            fixture.settle(4);
            assertThat(fixture.target.rows()).isEqualTo(fixture.legacy.rows());
            assertThat(fixture.router.debt().isSettled()).isTrue();
        }
    }

    @Test
    void keyWrittenWhileItsGroupIsCopied_isCopiedOnceMore() {
        try (StaffFixture fixture = new StaffFixture()) {
            fixture.begin(person(1, "a"), person(2, "b"));
            fixture.write(person(1, "b"), person(2, "a"));
            fixture.idle();
            fixture.target.before = new Staff.Hook() {
                private boolean isFirst = true;

                @Override
                public void call(Long key) {
                    if (isFirst
                            && fixture.target.rows().values().stream()
                                    .anyMatch(row ->
                                            Objects.requireNonNull(row.name()).startsWith(ASIDE))) {
                        isFirst = false;
                        CompletableFuture.runAsync(() -> fixture.router.write(person(1, "another")))
                                .join();
                    }
                }
            };
            fixture.settle(ROUNDS);
            assertEqualAndNothingParked(fixture);
            assertThat(fixture.target.rows()).containsEntry(1L, person(1, "another"));
        }
    }
}
