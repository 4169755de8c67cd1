package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.StaffFixture.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationEvent.ShadowWriteFailed;
import dev.migrate.MigrationEvent.ShadowWriteRepaired;
import dev.migrate.Stage;
import dev.migrate.Version;
import dev.migrate.dualwrite.Staff.Person;
import dev.migrate.side.Owed;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Keys that have nothing to do with each other are copied in one transaction of the shadow, and promise what they promise alone. */
class CopyBatchTest {
    private static final int MANY = 120;

    /** Legacy holds people that the target could not be told of yet. */
    private static void owe(StaffFixture fixture, Person... people) {
        Staff.Hook before = fixture.target.before;
        fixture.target.before = key -> {
            throw new IOException("down");
        };
        fixture.write(people);
        fixture.idle();
        fixture.target.before = before;
        fixture.target.commits.clear();
        fixture.events.clear();
    }

    private static Person[] people(int count) {
        Person[] all = new Person[count];
        Arrays.setAll(all, i -> person(i, "name " + i));
        return all;
    }

    @Test
    void whatIsOwed_arrivesInFewTransactions_andEachKeyIsTold() {
        try (StaffFixture fixture = new StaffFixture()) {
            owe(fixture, people(MANY));
            fixture.settle(1);
            assertThat(fixture.target.rows()).hasSize(MANY).isEqualTo(fixture.legacy.rows());
            assertThat(fixture.target.commits).hasSize(3);
            assertThat(fixture.router.debt().isNone()).isTrue();
            assertThat(fixture.events(ShadowWriteRepaired.class))
                    .extracting(ShadowWriteRepaired::key)
                    .doesNotHaveDuplicates()
                    .hasSize(MANY);
            assertThat(fixture.events(ShadowWriteFailed.class)).isEmpty();
        }
    }

    /** Locks are kept to the end of a transaction, and a handover waits for them. */
    @Test
    void slowTarget_getsSmallerBatches_andLargerOnesAgainOnceItIsNotSlow() {
        try (StaffFixture fixture = new StaffFixture()) {
            owe(fixture, people(MANY));
            fixture.target.before = key -> fixture.now.updateAndGet(now -> now.plusMillis(key < 90 ? 20 : 0));
            fixture.settle(1);
            assertThat(fixture.target.rows()).hasSize(MANY);
            assertThat(sizes(fixture.target.commits)).containsExactly(50, 25, 12, 24, 9);
        }
    }

    /** As a backfill inserts them: two transactions that write the same rows in two orders wait for each other. */
    @Test
    void rows_areWrittenInTheOrderOfTheirKeys() {
        try (StaffFixture fixture = new StaffFixture()) {
            owe(fixture, person(12, "first"), person(3, "second"), person(7, "third"), person(100, "fourth"));
            List<Long> written = new ArrayList<>();
            fixture.target.before = written::add;
            fixture.settle(1);
            assertThat(written).containsExactly(3L, 7L, 12L, 100L);
        }
    }

    private static List<Integer> sizes(List<Map<Long, Person>> commits) {
        List<Integer> sizes = new ArrayList<>();
        int before = 0;
        for (Map<Long, Person> rows : commits) {
            sizes.add(rows.size() - before);
            before = rows.size();
        }
        return sizes;
    }

    @Test
    void deletes_areCopiedBesideWrites() {
        try (StaffFixture fixture = new StaffFixture()) {
            fixture.begin(people(4));
            Map<Long, Person> left = fixture.legacy.rows();
            left.remove(2L);
            left.put(9L, person(9, "new"));
            fixture.target.before = key -> {
                throw new IOException("down");
            };
            fixture.replaceAll(left);
            fixture.idle();
            fixture.target.before = key -> {};
            fixture.settle(1);
            assertThat(fixture.target.rows()).isEqualTo(left);
        }
    }

    @Test
    void keyThatFails_failsAlone() {
        try (StaffFixture fixture = new StaffFixture()) {
            owe(fixture, people(10));
            fixture.target.before = key -> {
                if (key == 3) {
                    throw new IOException("value too long");
                }
            };
            fixture.settle(1);
            assertThat(fixture.target.rows()).hasSize(9).doesNotContainKey(3L);
            assertThat(fixture.router.owed()).extracting(Owed::key).containsExactly("l:3");
            assertThat(fixture.events(ShadowWriteFailed.class))
                    .extracting(ShadowWriteFailed::key)
                    .containsExactly("l:3");
        }
    }

    @Test
    void keyThatCannotBeRead_isLeftOut_andTheOthersArriveTogether() {
        try (StaffFixture fixture = new StaffFixture()) {
            owe(fixture, people(10));
            fixture.legacy.afterRead = key -> {
                if (key == 3) {
                    throw new IOException("unreadable");
                }
            };
            fixture.settle(1);
            assertThat(fixture.target.rows()).hasSize(9).doesNotContainKey(3L);
            assertThat(fixture.target.commits).hasSize(1);
            assertThat(fixture.events(ShadowWriteFailed.class))
                    .extracting(ShadowWriteFailed::key)
                    .containsExactly("l:3");
        }
    }

    /** One that fails again and again would have those that are new copied one by one. */
    @Test
    void keysThatHaveFailedBefore_areNotMixedWithNewOnes() {
        try (StaffFixture fixture = new StaffFixture()) {
            owe(fixture, person(1, "a"), person(2, "b"));
            fixture.target.before = key -> {
                if (key == 1) {
                    throw new IOException("value too long");
                }
            };
            List<SideBooks.Key> fresh = new ArrayList<>();
            for (long id = 10; id < 20; id++) {
                writePastTheRouter(fixture, person(id, "name " + id));
                fresh.add(new SideBooks.Key("l:" + id, 0));
            }
            fixture.legacy.books().owe(fresh, Instant.EPOCH);
            fixture.settle(1);
            assertThat(fixture.target.rows()).hasSize(11).doesNotContainKey(1L);
            assertThat(fixture.target.commits).hasSize(2);
            assertThat(fixture.target.commits.get(0)).hasSize(10).doesNotContainKey(2L);
        }
    }

    private static void writePastTheRouter(StaffFixture fixture, Person person) {
        try {
            fixture.legacy.write(person.id(), person);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    /** A key of the batch is written, and copied by another worker, after the batch has read it. */
    private static boolean staysEqual_whenABatchIsOvertaken(UnaryOperator<SideBooks> targetBooks) {
        try (StaffFixture fixture = new StaffFixture(targetBooks, options -> options)) {
            owe(fixture, people(5));
            AtomicBoolean isFirst = new AtomicBoolean(true);
            fixture.legacy.afterRead = key -> {
                if (key == 1 && isFirst.getAndSet(false)) {
                    CompletableFuture.runAsync(() -> fixture.router.write(person(1, "newest")))
                            .join();
                    fixture.idle();
                }
            };
            fixture.settle(2);
            assertThat(fixture.router.debt().isSettled()).isTrue();
            assertThat(fixture.target.rows()).hasSize(5);
            return fixture.target.rows().equals(fixture.legacy.rows());
        }
    }

    @Test
    void batchThatIsOvertaken_writesNothingOlder() {
        assertThat(staysEqual_whenABatchIsOvertaken(books -> books)).isTrue();
        assertThat(staysEqual_whenABatchIsOvertaken(CopyBatchTest::takingEveryVersion))
                .as("without the condition on each key's version")
                .isFalse();
    }

    private static SideBooks takingEveryVersion(SideBooks books) {
        return variant(books, (method, arguments) -> {
            Object answer = method.invoke(books, arguments);
            return answer == Acceptance.OVERTAKEN ? Acceptance.ACCEPTED : answer;
        });
    }

    /** A key of the batch is written, and not yet copied, after the batch has read it. */
    private static boolean isOwedAgain_whenWrittenMeanwhile(UnaryOperator<SideBooks> legacyBooks) {
        try (StaffFixture fixture = new StaffFixture(legacyBooks, books -> books, options -> options)) {
            owe(fixture, people(5));
            AtomicBoolean isFirst = new AtomicBoolean(true);
            fixture.legacy.afterRead = key -> {
                if (key == 1 && isFirst.getAndSet(false)) {
                    writePastTheRouter(fixture, person(1, "newest"));
                    fixture.legacy.books().owe(List.of(new SideBooks.Key("l:1", 0)), Instant.EPOCH);
                }
            };
            fixture.settle(3);
            return fixture.target.rows().equals(fixture.legacy.rows());
        }
    }

    @Test
    void keyThatIsWrittenWhileItsBatchIsCopied_isCopiedOnceMore() {
        assertThat(isOwedAgain_whenWrittenMeanwhile(books -> books)).isTrue();
        assertThat(isOwedAgain_whenWrittenMeanwhile(CopyBatchTest::strikingOutWhateverTheVersion))
                .as("where a debt is struck out whatever its version is")
                .isFalse();
    }

    private static SideBooks strikingOutWhateverTheVersion(SideBooks books) {
        return variant(books, (method, arguments) -> {
            if (method.getName().equals("settle") && arguments[0] instanceof Map<?, ?> copied) {
                return copied.keySet().stream()
                        .map(String.class::cast)
                        .filter(key -> books.owed(key)
                                .map(version -> books.settle(key, version))
                                .orElse(false))
                        .collect(Collectors.toSet());
            }
            return method.invoke(books, arguments);
        });
    }

    private interface Altered {
        Object call(Method method, Object[] arguments) throws Throwable;
    }

    private static SideBooks variant(SideBooks books, Altered altered) {
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    try {
                        return altered.call(method, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    /** The target is no shadow any more when the copies arrive. */
    @Test
    void keysOfAnotherTime_areNotWritten_andStayOwed() {
        AtomicBoolean isShadow = new AtomicBoolean(true);
        Predicate<Method> refusing = method -> method.getName().equals("accept") && !isShadow.get();
        try (StaffFixture fixture = new StaffFixture(
                books -> variant(
                        books,
                        (method, arguments) ->
                                refusing.test(method) ? Acceptance.NOT_SHADOW : method.invoke(books, arguments)),
                options -> options)) {
            owe(fixture, people(5));
            isShadow.set(false);
            fixture.settle(1);
            assertThat(fixture.target.rows()).isEmpty();
            assertThat(fixture.router.debt().keys()).isEqualTo(5);
            isShadow.set(true);
            fixture.settle(1);
            assertThat(fixture.target.rows()).hasSize(5);
            assertThat(fixture.router.debt().isNone()).isTrue();
        }
    }

    @Test
    void versionsOfSeveralKeys_areThoseOfEach() {
        try (StaffFixture fixture = new StaffFixture()) {
            owe(fixture, people(3));
            SideBooks books = fixture.legacy.books();
            Map<String, Version> several = books.owed(List.of("l:0", "l:2", "l:77"));
            assertThat(several).containsOnlyKeys("l:0", "l:2");
            several.forEach((key, version) -> assertThat(books.owed(key)).contains(version));
        }
    }

    @Test
    void repair_saysHowManyKeysHaveArrived() {
        try (StaffFixture fixture = new StaffFixture()) {
            owe(fixture, people(MANY));
            fixture.now.updateAndGet(now -> now.plusSeconds(120));
            assertThat(fixture.router.repair()).isEqualTo(MANY);
            assertThat(fixture.router.repair()).isZero();
        }
    }

    /** As after a call that took effect on a side which had ceased to be authoritative: the other side is right, and pays. */
    @Test
    void debtsOfASideThatHasLostAuthority_areMovedToTheOther() {
        try (StaffFixture fixture = new StaffFixture()) {
            owe(fixture, people(5));
            fixture.migration.moveTo(Stage.SHADOW, "an epoch under which no role was assigned");
            long epoch = fixture.migration.latestView().epoch();
            assertThat(fixture.legacy.books().assign(SegmentRange.ALL, Role.SHADOW, true, epoch))
                    .isTrue();
            assertThat(fixture.target.books().assign(SegmentRange.ALL, Role.AUTHORITY, true, epoch))
                    .isTrue();
            fixture.settle(1);
            assertThat(fixture.legacy.books().debt().isNone()).isTrue();
            fixture.settle(1);
            assertThat(fixture.target.books().debt().isNone()).isTrue();
            assertThat(fixture.legacy.rows()).as("what the target has").isEmpty();
        }
    }

    @Test
    void attemptsAfterACommit_shareATransactionWhereTheyHaveWaitedTogether() throws Exception {
        try (StaffFixture fixture = new StaffFixture()) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch goesOn = new CountDownLatch(1);
            fixture.target.before = key -> {
                begun.countDown();
                goesOn.await();
            };
            fixture.write(person(100, "first"));
            begun.await();
            fixture.write(people(20));
            goesOn.countDown();
            await().until(() -> fixture.target.rows().size() == 21);
            assertThat(sizes(fixture.target.commits)).containsExactly(1, 20);
        }
    }

    @Test
    void interruption_whileABatchIsRead_isNotForgotten() {
        try (StaffFixture fixture = new StaffFixture()) {
            owe(fixture, people(5));
            AtomicBoolean isFirst = new AtomicBoolean(true);
            fixture.legacy.afterRead = key -> {
                if (isFirst.getAndSet(false)) {
                    throw new InterruptedException();
                }
            };
            fixture.now.updateAndGet(now -> now.plusSeconds(120));
            fixture.router.repair();
            assertThat(Thread.interrupted()).isTrue();
            fixture.settle(2);
            assertThat(fixture.target.rows()).hasSize(5);
        }
    }

    /** Half of it is left to chance, so that nodes do not try at the same moments. */
    @Test
    void keyThatHasFailed_isDueAfterHalfOfItsPauseAtTheEarliest() {
        try (StaffFixture fixture = new StaffFixture()) {
            for (int key = 0; key < 10; key++) {
                owe(fixture, person(key, "name " + key));
                fixture.now.updateAndGet(now -> now.plusMillis(199));
                assertThat(due(fixture)).isEmpty();
                fixture.now.updateAndGet(now -> now.plusMillis(201));
                assertThat(due(fixture)).hasSize(1);
                fixture.settle(1);
            }
        }
    }

    private static List<Owed> due(StaffFixture fixture) {
        return fixture.legacy.books().claim("another", 10, fixture.now.get(), Duration.ZERO);
    }
}
