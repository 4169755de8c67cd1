package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.StaffFixture.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationEvent.Pressure;
import dev.migrate.MigrationScope;
import dev.migrate.RefusedWriteException;
import dev.migrate.Setting;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.dualwrite.Staff.Person;
import dev.migrate.side.DebtLimits;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writes in a transaction or a scope of the caller's own: they never wait, and never go to another side than that. */
@Timeout(60)
class JoinedWritesTest {
    private static final IOException REFUSED_BY_TRIGGER = new IOException("refused by a trigger");

    private static SideBooks books(StaffFixture fixture, Side side) {
        return (side == Side.LEGACY ? fixture.legacy : fixture.target).books("staff", "default", side);
    }

    private interface Body {
        void run() throws Exception;
    }

    private static void inTransaction(StaffFixture fixture, Side side, Body body) throws Exception {
        books(fixture, side).inTransaction(() -> {
            body.run();
            return true;
        });
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(RefusedWriteException.class).hasMessageContaining(message);
    }

    private static void fenceLegacy(StaffFixture fixture) {
        long epoch = fixture.migration.latestView().epoch();
        assertThat(books(fixture, Side.LEGACY).assign(SegmentRange.ALL, Role.FENCED, true, epoch + 1))
                .isTrue();
    }

    @Test
    void transactionOfTheOtherSide_isNoneToWriteIn() throws Exception {
        try (StaffFixture fixture = new StaffFixture()) {
            inTransaction(fixture, Side.TARGET, () -> {
                refused(
                        () -> fixture.router.write(person(1, "a")),
                        "a transaction of the TARGET side is running, but LEGACY is authoritative for the key");
                refused(() -> fixture.router.touched(List.of(1L)), "within(key, ..)");
            });
            assertThat(fixture.legacy.rows()).isEmpty();
            assertThat(fixture.router.debt().isNone()).isTrue();
        }
    }

    @Test
    void transactionOfTheOtherSide_isNoneToTouchIn_alsoWhereNothingIsCopied() throws Exception {
        try (StaffFixture fixture = new StaffFixture()) {
            fixture.migration.moveTo(Stage.LEGACY_ONLY, "test");
            inTransaction(
                    fixture,
                    Side.TARGET,
                    () -> refused(() -> fixture.router.touched(List.of(1L)), "a transaction of the TARGET side"));
        }
    }

    @Test
    void transactionsOfBothSides_areInNobodysWay() throws Exception {
        try (StaffFixture fixture = new StaffFixture()) {
            inTransaction(
                    fixture,
                    Side.LEGACY,
                    () -> inTransaction(fixture, Side.TARGET, () -> fixture.router.write(person(1, "a"))));
            assertThat(fixture.legacy.rows()).containsKey(1L);
            fixture.settle(1);
            assertThat(fixture.target.rows()).containsKey(1L);
        }
    }

    @Test
    void writeThatIsRefusedInATransaction_isTheCallers_atOnce() throws Exception {
        try (StaffFixture fixture = new StaffFixture()) {
            fenceLegacy(fixture);
            refused(
                    () -> inTransaction(fixture, Side.LEGACY, () -> fixture.router.write(person(1, "a"))),
                    "the side is FENCED");
        }
    }

    @Test
    void writeThatIsRefusedInAScope_isTheCallers_atOnce() throws Exception {
        try (StaffFixture fixture = new StaffFixture()) {
            fenceLegacy(fixture);
            try (MigrationScope scope = fixture.migration.begin()) {
                refused(() -> fixture.router.write(person(1, "a")), "the side is FENCED");
                assertThat(scope).isNotNull();
            }
            assertThat(fixture.legacy.rows()).isEmpty();
        }
    }

    @Test
    void writeInATransactionOfEitherSide_isNotHeldByDebt() throws Exception {
        DebtLimits limits = DebtLimits.builder()
                .slowBackfill(1, DebtLimits.ANY_AGE)
                .leaveToWorker(1, DebtLimits.ANY_AGE)
                .holdRollout(1, DebtLimits.ANY_AGE)
                .tripGuard(1, DebtLimits.ANY_AGE)
                .holdWrites(1, DebtLimits.ANY_AGE, Duration.ofHours(1))
                .build();
        try (StaffFixture fixture = new StaffFixture(
                books -> books, options -> options.debtLimits(limits).parkAfter(1_000))) {
            fixture.target.before = key -> {
                throw new IOException("target down");
            };
            fixture.write(person(1, "a"));
            fixture.settle(1);
            assertThat(fixture.router.pressure()).contains(Pressure.STOPS_WRITES);
            for (Side side : Side.values()) {
                refused(
                        () -> inTransaction(fixture, side, () -> fixture.router.write(person(2, "b"))),
                        "was told to stop writes");
            }
            assertThat(fixture.legacy.rows()).containsOnlyKeys(1L);
        }
    }

    /** The side knows that its writes are copied, and the node does not yet. */
    @Test
    void touchedInATransaction_isAdmittedAlsoWhereNothingIsCopied() throws Exception {
        try (StaffFixture fixture = new StaffFixture()) {
            fixture.migration.moveTo(Stage.LEGACY_ONLY, "test");
            inTransaction(fixture, Side.LEGACY, () -> fixture.router.touched(List.of(1L)));
            fixture.router.touched(List.of(1L));
            long epoch = fixture.migration.latestView().epoch();
            books(fixture, Side.LEGACY).assign(SegmentRange.ALL, Role.AUTHORITY, true, epoch + 1);
            refused(
                    () -> inTransaction(fixture, Side.LEGACY, () -> fixture.router.touched(List.of(1L))),
                    "its writes are copied");
            fixture.router.touched(List.of(1L));
            assertThat(fixture.router.debt().isNone())
                    .as("the rows stand already, and nobody copies")
                    .isTrue();
        }
    }

    private static SideBooks altered(SideBooks books, String name, UnaryOperator<Object> answer) {
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals(name)) {
                        return answer.apply(arguments == null ? null : arguments[0]);
                    }
                    try {
                        return method.invoke(books, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private static SideBooks recognizingItsTrigger(SideBooks books) {
        return altered(
                books,
                "refusal",
                failure -> failure == REFUSED_BY_TRIGGER
                        ? Optional.of(new RefusedWriteException("by the side's own trigger"))
                        : Optional.empty());
    }

    private static void moveToLive(StaffFixture fixture) {
        fixture.migration.moveTo(Stage.SHADOW, "test");
        fixture.migration.moveTo(Stage.LIVE, "test");
    }

    /** The trigger's own word that authority has moved, or is about to, is no failure of the write. */
    @Test
    void writeThatTheSideItselfRefuses_isBegunAgain() throws Exception {
        try (StaffFixture fixture =
                new StaffFixture(JoinedWritesTest::recognizingItsTrigger, UnaryOperator.identity())) {
            moveToLive(fixture);
            AtomicInteger tries = new AtomicInteger();
            fixture.target.before = key -> {
                if (tries.incrementAndGet() == 1) {
                    throw REFUSED_BY_TRIGGER;
                }
            };
            assertThat(fixture.router.write(person(1, "a"))).isEqualTo(person(1, "a"));
            assertThat(tries).hasValue(2);
            assertThatThrownBy(() -> inTransaction(fixture, Side.TARGET, () -> {
                        tries.set(0);
                        fixture.router.write(person(2, "b"));
                    }))
                    .isInstanceOf(RefusedWriteException.class)
                    .hasMessage("by the side's own trigger");
            IOException another = new IOException("value too long");
            fixture.target.before = key -> {
                throw another;
            };
            assertThatThrownBy(() -> fixture.router.write(person(3, "c"))).isSameAs(another);
        }
    }

    /** Where a commit is not seen, nobody knows when its key is owed: the worker copies it, and until then no read falls back. */
    @Test
    void writeWhoseCommitIsNotSeen_isTheWorkers_andPendingUntilItsCopyHasArrived() throws Exception {
        UnaryOperator<SideBooks> blind = books -> altered(books, "seesCommit", unused -> false);
        try (StaffFixture fixture = new StaffFixture(blind, UnaryOperator.identity())) {
            moveToLive(fixture);
            fixture.router.write(person(1, "a"));
            fixture.idle();
            assertThat(fixture.legacy.rows()).as("no attempt").isEmpty();
            IOException down = new IOException("target down");
            fixture.target.afterRead = key -> {
                throw down;
            };
            assertThatThrownBy(() -> fixture.router.read(1L)).isSameAs(down);
            fixture.target.afterRead = key -> {};
            fixture.settle(1);
            assertThat(fixture.legacy.rows()).containsEntry(1L, person(1, "a"));
            fixture.target.afterRead = key -> {
                throw down;
            };
            assertThat(fixture.router.read(1L)).hasValue(person(1, "a"));
        }
    }

    @Test
    void repair_countsWhatHasArrivedFromEitherSide() throws Exception {
        try (StaffFixture fixture = new StaffFixture()) {
            moveToLive(fixture);
            fixture.legacy.before = key -> {
                throw new IOException("legacy down");
            };
            fixture.router.write(person(1, "a"));
            fixture.idle();
            fixture.legacy.before = key -> {};
            fixture.now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(2)));
            assertThat(fixture.router.repair()).isEqualTo(1);
            Person copied = fixture.legacy.rows().get(1L);
            assertThat(copied).isEqualTo(person(1, "a"));
        }
    }

    /** Nobody has told the node; it asks when a side refuses. */
    @Test
    void writeThatASideRefusesBecauseAuthorityHasMoved_goesToTheOther() throws Exception {
        try (StaffFixture fixture = new StaffFixture()) {
            fixture.migration.moveTo(Stage.SHADOW, "test");
            long epoch = fixture.migration
                    .store()
                    .change(
                            Setting.Kind.POSITION,
                            "staff",
                            fixture.migration.latestView().epoch(),
                            "LIVE",
                            "another",
                            "test")
                    .version();
            books(fixture, Side.LEGACY).assign(SegmentRange.ALL, Role.SHADOW, false, epoch);
            books(fixture, Side.TARGET).assign(SegmentRange.ALL, Role.AUTHORITY, true, epoch);
            fixture.router.write(person(1, "a"));
            assertThat(fixture.target.rows()).containsKey(1L);
            await().until(() -> fixture.migration.threads().isIdle());
        }
    }
}
