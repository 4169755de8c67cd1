package dev.migrate.jdbc;

import static dev.migrate.side.Role.AUTHORITY;
import static dev.migrate.side.Role.FENCED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.store.InMemoryMigrationStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The fence holds for what is written past the router, as it does for what is routed. */
class OwingFenceIT {
    static final List<TestServer> SERVERS = BypassFixture.SERVERS;
    private static final int WRITERS = 4;
    private static final int ROUNDS = 6;
    private static final String ROWS = "select count(*) from app_row";

    /** A database with an owing trigger on a table, and the books of legacy's side. */
    private static final class Fixture implements AutoCloseable {
        final SideFixture side;
        final SideBooks books;
        final OwingTrigger trigger;
        final boolean isPostgres;

        Fixture(TestServer server) throws SQLException {
            side = new SideFixture(server);
            isPostgres = server.product().equals("postgresql");
            JdbcTable table = JdbcTable.of(side.dataSource, "app_row").records("records");
            books = side.books(Side.LEGACY);
            books.assign(SegmentRange.ALL, AUTHORITY, true, 1);
            try (Migration migration = Migration.named("orders")
                    .store(new InMemoryMigrationStore(InstantSource.system()))
                    .build()) {
                trigger = OwingTrigger.of(migration).legacy(table);
                trigger.install();
            }
        }

        /** Installs what all triggers share once more, with another rule. */
        void change(String rule, String... byNothing) throws SQLException {
            String script = trigger.script();
            String begins =
                    isPostgres ? "create or replace function \"public\".migrate_owe_1(" : "create or replace procedure";
            String owe = script.substring(script.indexOf(begins));
            owe = owe.substring(0, owe.indexOf(isPostgres ? "end $$;" : "\n//") + (isPostgres ? 7 : 0));
            String changed = owe;
            for (String part : byNothing) {
                assertThat(changed).as(rule).contains(part);
                changed = changed.replace(part, "");
            }
            side.database.execute(changed);
        }

        @Override
        public void close() throws SQLException {
            side.close();
        }
    }

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
        try (Fixture fixture = new Fixture(server);
                Writers writers = new Writers(fixture, isolation)) {
            long epoch = 1;
            writers.start();
            for (int round = 1; round <= ROUNDS; round++) {
                writers.awaitMore(20);
                assertThat(fixture.books.assign(SegmentRange.ALL, FENCED, true, ++epoch))
                        .isTrue();
                long whenFenced = fixture.side.count(ROWS);
                writers.awaitOneMoreRefusalOfEach();
                assertThat(fixture.side.count(ROWS)).isEqualTo(whenFenced);
                assertThat(fixture.books.debt().keys()).as("each write is owed").isEqualTo(whenFenced);
                assertThat(fixture.books.assign(SegmentRange.ALL, AUTHORITY, true, ++epoch))
                        .isTrue();
            }
        }
    }

    /** Writers of other rows each, by plain statements. */
    private static final class Writers extends RefusedWriters {
        private final Fixture fixture;
        private final int isolation;

        Writers(Fixture fixture, int isolation) {
            this.fixture = fixture;
            this.isolation = isolation;
        }

        @Override
        void write(int number) throws Exception {
            try (Connection connection = fixture.side.database.dataSource().getConnection()) {
                connection.setTransactionIsolation(isolation);
                untilOver(number, key -> write(connection, number, key));
            }
        }

        private void write(Connection connection, int number, String key) {
            try (Statement insert = connection.createStatement()) {
                insert.execute("insert into app_row (id) values ('" + key + "')");
                done.incrementAndGet();
            } catch (SQLException failure) {
                assertThat(failure.getSQLState().equals(SqlFailure.REFUSED) || SqlFailure.isContention(failure))
                        .as(failure.toString())
                        .isTrue();
                refused(number);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void transactionThatHasWritten_holdsTheFenceUpUntilItEnds(TestServer server) throws Exception {
        try (Fixture fixture = new Fixture(server)) {
            whileWritten(fixture, (transaction, controller) -> {
                assertThatThrownBy(() ->
                                fixture.side.impatientBooks(Side.LEGACY).assign(SegmentRange.ALL, FENCED, true, 9))
                        .isInstanceOf(MigrationException.class)
                        .hasMessageContaining("find the long transaction");
                assertThat(controller.isDone()).isFalse();
            });
            assertThat(fixture.books.debt().keys()).isEqualTo(1);
        }
    }

    /** A broken variant: the trigger looks at the role, but does not lock it. A write commits after the fence. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void roleThatIsOnlyLookedAt_letsAWritePastTheFence(TestServer server) throws Exception {
        try (Fixture fixture = new Fixture(server)) {
            fixture.change(
                    "no lock",
                    fixture.isPostgres
                            ? new String[] {
                                "for share of s",
                                "with l as materialized (select pg_advisory_xact_lock_shared("
                                        + "lock_class, of_segment / 10) x)",
                                "l cross join "
                            }
                            : new String[] {"lock in share mode"});
            whileWritten(fixture, (transaction, controller) -> {
                assertThat(controller.get()).as("fenced").isTrue();
                assertThat(fixture.books.debt().isNone()).as("and drained").isTrue();
            });
            assertThat(fixture.books.debt().keys())
                    .as("written after the fence")
                    .isEqualTo(1);
        }
    }

    private interface Meanwhile {
        void happens(Connection transaction, Future<Boolean> controller) throws Exception;
    }

    /** Fences while a transaction stands between its write and its end. */
    private static void whileWritten(Fixture fixture, Meanwhile meanwhile) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Future<Boolean> fenced;
        try (Connection connection = fixture.side.database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("insert into app_row (id) values ('k')");
            fenced = thread.submit(() -> fixture.books.assign(SegmentRange.ALL, FENCED, true, 2));
            meanwhile.happens(connection, fenced);
            connection.commit();
        }
        assertThat(fenced.get()).isTrue();
        assertThat(fixture.side.count(ROWS)).isEqualTo(1);
        thread.shutdown();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void versionsOfOneKey_riseInTheOrderInWhichItsWritesCommit(TestServer server) throws Exception {
        try (Fixture fixture = new Fixture(server)) {
            fixture.side.execute("insert into app_row (id) values ('k')");
            List<Version> inOrderOfCommits = new ArrayList<>();
            ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < 40; i++) {
                        writeOnce(fixture, inOrderOfCommits);
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

    /** Settles after each, so that the row of the journal is gone between two writes, as often as not. */
    private static void writeOnce(Fixture fixture, List<Version> inOrderOfCommits) throws Exception {
        while (true) {
            try {
                Version version = fixture.side.dataSource.inTransaction(() -> {
                    fixture.side.execute("update app_row set content = 'x' where id = 'k'");
                    Version owed = fixture.books.owed("s:k").orElseThrow();
                    synchronized (inOrderOfCommits) {
                        inOrderOfCommits.add(owed);
                    }
                    return owed;
                });
                fixture.books.settle("s:k", version);
                return;
            } catch (SQLException failure) {
                assertThat(SqlFailure.isContention(failure))
                        .as(failure.toString())
                        .isTrue();
            }
        }
    }
}
