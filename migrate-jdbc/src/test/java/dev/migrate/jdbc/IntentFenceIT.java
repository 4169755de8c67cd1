package dev.migrate.jdbc;

import static dev.migrate.side.Role.AUTHORITY;
import static dev.migrate.side.Role.FENCED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.side.Intent;
import dev.migrate.side.Intents;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The fence of writes that are made outside of the database: once a range is fenced, no write is announced there any more. */
class IntentFenceIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final Instant DEADLINE = Instant.parse("2040-01-01T00:00:00Z");
    private static final SideBooks.Key KEY = new SideBooks.Key("k", 7);
    private static final int ROUNDS = 6;

    @ParameterizedTest
    @FieldSource("SERVERS")
    void onceFenced_noWriteIsAnnounced_andAllOfBeforeAreSeen(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server);
                Writers writers = new Writers(fixture)) {
            SideBooks controller = fixture.books(Side.LEGACY);
            long epoch = 1;
            controller.assign(SegmentRange.ALL, AUTHORITY, true, epoch);
            writers.start();
            for (int round = 1; round <= ROUNDS; round++) {
                writers.awaitMore(20);
                assertThat(controller.assign(SegmentRange.ALL, FENCED, true, ++epoch))
                        .isTrue();
                long whenFenced = controller.debt().intents();
                writers.awaitOneMoreRefusalOfEach();
                assertThat(controller.debt().intents()).isEqualTo(whenFenced);
                assertThat(writers.done).as("those that were told").hasValue(whenFenced);
                assertThat(controller.assign(SegmentRange.ALL, AUTHORITY, true, ++epoch))
                        .isTrue();
            }
        }
    }

    /** Writers who announce writes. */
    private static final class Writers extends RefusedWriters {
        private final Intents intents;

        Writers(SideFixture fixture) {
            intents = fixture.books(Side.LEGACY).intents();
        }

        @Override
        void write(int number) throws Exception {
            untilOver(number, key -> write(number, new SideBooks.Key(key, 7 + number % 2)));
        }

        private void write(int number, SideBooks.Key key) {
            try {
                intents.begin(key, DEADLINE, "writer " + number);
                done.incrementAndGet();
            } catch (RefusedWriteException refused) {
                refused(number);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void announcementThatHasNotCommitted_holdsTheFenceUp(TestServer server) throws Exception {
        ExecutorService controller = Executors.newSingleThreadExecutor();
        try (SideFixture fixture = new SideFixture(server)) {
            SideBooks books = fixture.books(Side.LEGACY);
            books.assign(SegmentRange.ALL, AUTHORITY, true, 1);
            Future<Boolean> fenced;
            try (Connection connection = fixture.dataSource.newConnection()) {
                Dialect dialect = Dialect.of(connection);
                OwnTransaction.run(connection, open -> {
                    LocalDateTime now = UtcTime.of(Instant.now());
                    BookId id = new BookId("orders", "records", Side.LEGACY);
                    dialect.begin(open, id, KEY, now, UtcTime.of(DEADLINE), "writer");
                    return assertFenceWaits(fixture);
                });
                fenced = controller.submit(() -> books.assign(SegmentRange.ALL, FENCED, true, 2));
            }
            assertThat(fenced.get()).isTrue();
            assertThat(books.debt().intents()).isEqualTo(1);
        } finally {
            controller.shutdown();
        }
    }

    private static boolean assertFenceWaits(SideFixture fixture) {
        SideBooks impatient = fixture.impatientBooks(Side.LEGACY);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> impatient.assign(new SegmentRange(7, 8), FENCED, true, 9))
                .hasMessageContaining("find the long transaction");
        return true;
    }

    /** A broken variant: the role is looked at, but not locked. A write is announced after the fence, and after a drain that found nothing. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void roleThatIsOnlyLookedAt_letsAWriteBeAnnouncedPastTheFence(TestServer server) throws Exception {
        CountDownLatch looked = new CountDownLatch(1);
        CountDownLatch drained = new CountDownLatch(1);
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try (SideFixture fixture = new SideFixture(server)) {
            SideBooks broken =
                    fixture.books(Side.LEGACY, fixture.dataSource, real -> new LooksOnly(real, looked, drained));
            broken.assign(SegmentRange.ALL, AUTHORITY, true, 1);
            Future<Intent> announced = writer.submit(() -> broken.intents().begin(KEY, DEADLINE, "writer"));
            looked.await();
            assertThat(broken.assign(SegmentRange.ALL, FENCED, true, 2)).isTrue();
            assertThat(broken.debt().isNone()).as("what a drain would see").isTrue();
            drained.countDown();
            assertThat(broken.intents().acknowledge(announced.get()))
                    .as("acknowledged on the side that was left")
                    .isTrue();
        } finally {
            writer.shutdown();
        }
    }

    private static final class LooksOnly extends DialectVariant {
        private final CountDownLatch looked;
        private final CountDownLatch drained;

        LooksOnly(Dialect real, CountDownLatch looked, CountDownLatch drained) {
            super(real);
            this.looked = looked;
            this.drained = drained;
        }

        @Override
        public Optional<Version> begin(
                Connection connection,
                BookId id,
                SideBooks.Key key,
                LocalDateTime now,
                LocalDateTime deadline,
                String owner)
                throws SQLException {
            Version version;
            try (PreparedStatement look = connection.prepareStatement("select epoch from migrate_role"
                    + " where migration = ? and records = ? and side = ? and segment = ? and role = 'AUTHORITY'")) {
                look.setInt(id.bind(look, 1), key.segment());
                try (ResultSet rows = look.executeQuery()) {
                    if (!rows.next()) {
                        return Optional.empty();
                    }
                    version = new Version(rows.getLong(1), draw(connection));
                }
            }
            looked.countDown();
            try {
                drained.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            note(connection, id, key, version, now, deadline);
            return Optional.of(version);
        }

        private static void note(
                Connection connection,
                BookId id,
                SideBooks.Key key,
                Version version,
                LocalDateTime now,
                LocalDateTime deadline)
                throws SQLException {
            try (PreparedStatement insert =
                    connection.prepareStatement("insert into migrate_intent (migration, records,"
                            + " side, epoch, seq, record_key, segment, since, deadline, owner)"
                            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'writer')")) {
                int next = id.bind(insert, 1);
                insert.setLong(next, version.epoch());
                insert.setLong(next + 1, version.sequence());
                insert.setString(next + 2, key.text());
                insert.setInt(next + 3, key.segment());
                insert.setObject(next + 4, now);
                insert.setObject(next + 5, deadline);
                insert.executeUpdate();
            }
        }
    }
}
