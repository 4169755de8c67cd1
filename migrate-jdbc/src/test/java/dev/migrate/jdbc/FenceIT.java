package dev.migrate.jdbc;

import static dev.migrate.side.Role.AUTHORITY;
import static dev.migrate.side.Role.FENCED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.SegmentRole;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The side's own fence: once a range is assigned another role, no transaction that was admitted under the earlier one commits any more. */
class FenceIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final int WRITERS = 4;
    private static final int ROUNDS = 6;
    private static final int SEGMENT = 7;

    static Stream<Arguments> serversAndIsolation() {
        return SERVERS.stream()
                .flatMap(server -> Stream.of(
                                Connection.TRANSACTION_READ_COMMITTED,
                                Connection.TRANSACTION_REPEATABLE_READ,
                                Connection.TRANSACTION_SERIALIZABLE)
                        .map(isolation -> Arguments.of(server, isolation)));
    }

    @ParameterizedTest
    @MethodSource("serversAndIsolation")
    void onceFenced_noWriteCommits_atAnyIsolation(TestServer server, int isolation) throws Exception {
        try (SideFixture fixture = new SideFixture(server);
                Writers writers = new Writers(fixture, isolation)) {
            SideBooks controller = fixture.books(Side.LEGACY);
            long epoch = 1;
            assertThat(controller.assign(SegmentRange.ALL, AUTHORITY, true, epoch))
                    .isTrue();
            writers.start();
            for (int round = 1; round <= ROUNDS; round++) {
                writers.awaitMore(20);
                assertThat(controller.assign(SegmentRange.ALL, FENCED, true, ++epoch))
                        .isTrue();
                long whenFenced = fixture.count("select count(*) from app_row");
                writers.awaitOneMoreRefusalOfEach();
                assertThat(fixture.count("select count(*) from app_row")).isEqualTo(whenFenced);
                assertThat(controller.debt().keys()).as("each write is owed").isEqualTo(whenFenced);
                assertThat(controller.assign(SegmentRange.ALL, AUTHORITY, true, ++epoch))
                        .isTrue();
            }
        }
    }

    /** Writers of new rows. */
    private static final class Writers extends RefusedWriters {
        private final JoiningDataSource dataSource;
        private final SideBooks books;

        Writers(SideFixture fixture, int isolation) {
            dataSource = new JoiningDataSource(fixture.pool, isolation);
            books = fixture.books(Side.LEGACY, dataSource, unchanged -> unchanged);
        }

        @Override
        void write(int number) throws Exception {
            untilOver(number, key -> write(number, key));
        }

        private void write(int number, String key) throws Exception {
            try {
                books.inTransaction(() -> {
                    SideFixture.execute(dataSource, "insert into app_row (id) values ('" + key + "')");
                    int segment = SEGMENT + number % 2;
                    if (number < WRITERS / 2) {
                        books.admit(key, segment, true);
                    } else {
                        books.admitAtCommit(key, segment, true, refused -> refused);
                    }
                    return true;
                });
                done.incrementAndGet();
            } catch (RefusedWriteException refused) {
                refused(number);
            } catch (MigrationException failure) {
                assertThat(failure.getCause()).isInstanceOfSatisfying(SQLException.class, this::isContention);
                refused(number);
            } catch (SQLException failure) {
                isContention(failure);
            }
        }

        private void isContention(SQLException failure) {
            assertThat(SqlFailure.isContention(failure)).as(failure.toString()).isTrue();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void admittedTransaction_holdsTheFenceUpUntilItEnds(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            SideBooks books = fixture.books(Side.LEGACY);
            books.assign(SegmentRange.ALL, AUTHORITY, true, 1);
            Future<Boolean> fenced = whileAdmitted(fixture, books, true);
            assertThat(fenced.get()).isTrue();
            assertThat(fixture.count("select count(*) from app_row")).isEqualTo(1);
            assertThat(books.debt().keys()).isEqualTo(1);
        }
    }

    /** A broken variant: the role is looked at, but not locked. A write commits after the fence, and after the drain has found nothing owed. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void roleThatIsOnlyLookedAt_letsAWritePastTheFence(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            SideBooks broken = fixture.books(Side.LEGACY, fixture.dataSource, LooksOnly::new);
            broken.assign(SegmentRange.ALL, AUTHORITY, true, 1);
            Future<Boolean> fenced = whileAdmitted(fixture, broken, false);
            assertThat(fenced.get()).isTrue();
            assertThat(broken.debt().keys()).as("written after the fence").isEqualTo(1);
        }
    }

    /** Fences while a transaction is between its admission and its end; says whether the fence was there before that end. */
    private static Future<Boolean> whileAdmitted(SideFixture fixture, SideBooks books, boolean mustWait)
            throws Exception {
        ExecutorService controller = Executors.newSingleThreadExecutor();
        try {
            return books.inTransaction(() -> {
                SideFixture.execute(fixture.dataSource, "insert into app_row (id) values ('k')");
                books.admit("k", SEGMENT, true);
                Future<Boolean> assigned =
                        controller.submit(() -> books.assign(new SegmentRange(0, 10), FENCED, true, 2));
                if (mustWait) {
                    assertThatThrownBy(() -> fixture.impatientBooks(Side.LEGACY)
                                    .assign(new SegmentRange(SEGMENT, SEGMENT + 1), FENCED, true, 9))
                            .isInstanceOf(MigrationException.class)
                            .hasMessageContaining("segments 7 to 8 FENCED")
                            .hasMessageContaining("find the long transaction");
                    assertThat(assigned.isDone()).isFalse();
                } else {
                    assertThat(assigned.get()).isTrue();
                    assertThat(books.debt(new SegmentRange(0, 10)).keys())
                            .as("seen by this very transaction alone")
                            .isEqualTo(1);
                    assertThat(fixture.count("select count(*) from migrate_journal"))
                            .isZero();
                }
                assertThat(roleOf(books)).isEqualTo(mustWait ? AUTHORITY : FENCED);
                return assigned;
            });
        } finally {
            controller.shutdown();
        }
    }

    private static Role roleOf(SideBooks books) {
        return books.roles().stream()
                .filter(role -> role.segment() == SEGMENT)
                .map(SegmentRole::role)
                .findFirst()
                .orElseThrow();
    }

    private static final class LooksOnly extends DialectVariant {
        LooksOnly(Dialect real) {
            super(real);
        }

        @Override
        public Optional<Version> admit(
                Connection connection,
                BookId id,
                SideBooks.Key key,
                LocalDateTime now,
                LocalDateTime notBefore,
                boolean anyRole)
                throws SQLException {
            try (PreparedStatement look = connection.prepareStatement("select epoch from migrate_role"
                    + " where migration = ? and records = ? and side = ? and segment = ? and role = 'AUTHORITY'")) {
                look.setInt(id.bind(look, 1), key.segment());
                try (ResultSet rows = look.executeQuery()) {
                    if (!rows.next()) {
                        return Optional.empty();
                    }
                    Version version = new Version(rows.getLong(1), draw(connection));
                    put(connection, id, key, version, now);
                    return Optional.of(version);
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void versionsOfOneKey_riseInTheOrderInWhichItsWritesCommit(TestServer server) throws Exception {
        versionsRise(server, books -> books.admit("k", SEGMENT, true));
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void versionsOfOneKey_riseAlsoWhereItIsOwedAsOneOfMany(TestServer server) throws Exception {
        versionsRise(server, books -> {
            books.owe(List.of(new SideBooks.Key("k", SEGMENT)), Instant.EPOCH);
            return books.owed("k").orElseThrow();
        });
    }

    private interface Owing {
        Version by(SideBooks books) throws Exception;
    }

    private static void versionsRise(TestServer server, Owing owing) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            SideBooks books = fixture.books(Side.LEGACY);
            books.assign(SegmentRange.ALL, AUTHORITY, true, 1);
            List<Version> inOrderOfCommits = new ArrayList<>();
            ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < 40; i++) {
                        writeOnce(books, owing, inOrderOfCommits);
                    }
                    return null;
                }));
            }
            threads.shutdown();
            for (Future<?> writer : writers) {
                writer.get();
            }
            assertThat(inOrderOfCommits).hasSize(WRITERS * 40).isSorted().doesNotHaveDuplicates();
        }
    }

    /** What follows the admission runs under the lock of the journal's row, so that the list is in the order of the commits. */
    private static void writeOnce(SideBooks books, Owing owing, List<Version> inOrderOfCommits) throws Exception {
        while (true) {
            try {
                Version version = books.inTransaction(() -> {
                    Version admitted = owing.by(books);
                    synchronized (inOrderOfCommits) {
                        inOrderOfCommits.add(admitted);
                    }
                    return admitted;
                });
                books.settle("k", version);
                return;
            } catch (MigrationException failure) {
                assertThat(failure.getCause())
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                sql -> assertThat(SqlFailure.isContention(sql)).isTrue());
            }
        }
    }

    /** A broken variant: the version is drawn before the row's lock is taken. The later write has the lower version, and its copy is refused. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void versionDrawnOutsideTheRowsLock_losesTheLaterWrite(TestServer server) throws Exception {
        CountDownLatch drawn = new CountDownLatch(1);
        CountDownLatch overtaken = new CountDownLatch(1);
        AtomicBoolean isFirst = new AtomicBoolean(true);
        UnaryOperator<Dialect> drawsEarly = real -> new DrawsEarly(real, () -> {
            if (isFirst.compareAndSet(true, false)) {
                drawn.countDown();
                overtaken.await();
            }
        });
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (SideFixture fixture = new SideFixture(server)) {
            SideBooks broken = fixture.books(Side.LEGACY, fixture.dataSource, drawsEarly);
            broken.assign(SegmentRange.ALL, AUTHORITY, true, 1);
            SideBooks shadow = fixture.books(Side.TARGET);
            shadow.assign(SegmentRange.ALL, Role.SHADOW, true, 1);

            Future<Version> later =
                    thread.submit(() -> broken.<Version>inTransaction(() -> broken.admit("k", 7, true)));
            drawn.await();
            Version earlier = broken.inTransaction(() -> broken.admit("k", 7, true));
            assertThat(shadow.<SideBooks.Acceptance>inTransaction(() -> shadow.accept("k", 7, earlier, false)))
                    .isEqualTo(SideBooks.Acceptance.ACCEPTED);
            overtaken.countDown();
            Version committedLast = later.get();

            assertThat(committedLast).isLessThan(earlier);
            assertThat(shadow.<SideBooks.Acceptance>inTransaction(() -> shadow.accept("k", 7, committedLast, false)))
                    .as("the copy of what was written last")
                    .isEqualTo(SideBooks.Acceptance.OVERTAKEN);
        } finally {
            thread.shutdown();
        }
    }

    private interface Pause {
        void run() throws InterruptedException;
    }

    private static final class DrawsEarly extends DialectVariant {
        private final Pause pause;

        DrawsEarly(Dialect real, Pause pause) {
            super(real);
            this.pause = pause;
        }

        @Override
        public Optional<Version> admit(
                Connection connection,
                BookId id,
                SideBooks.Key key,
                LocalDateTime now,
                LocalDateTime notBefore,
                boolean anyRole)
                throws SQLException {
            Version version = new Version(1, draw(connection));
            try {
                pause.run();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            put(connection, id, key, version, now);
            return Optional.of(version);
        }
    }
}
