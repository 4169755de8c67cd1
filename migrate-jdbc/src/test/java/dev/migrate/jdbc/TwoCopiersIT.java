package dev.migrate.jdbc;

import static dev.migrate.side.SideBooks.Acceptance.ACCEPTED;
import static dev.migrate.side.SideBooks.Acceptance.OVERTAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Two copiers of one key, one with a write and one with the delete that followed: in whatever order, the row is gone at the end. */
class TwoCopiersIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final int SEGMENT = 7;
    private static final Version WRITE = new Version(1, 1);
    private static final Version DELETE = new Version(1, 2);
    private static final String INSERT_ROW = "insert into app_row (id) values ('k')";
    private static final String DELETE_ROW = "delete from app_row where id = 'k'";

    private interface Copy {
        SideBooks.Acceptance run() throws Exception;
    }

    private static SideBooks shadow(SideFixture fixture) {
        SideBooks books = fixture.books(Side.TARGET);
        books.assign(SegmentRange.ALL, Role.SHADOW, true, 1);
        return books;
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void deleteCopiedBesideTheWrite_doesNotComeBack(TestServer server) throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (SideFixture fixture = new SideFixture(server)) {
            SideBooks shadow = shadow(fixture);
            Copy delete = () -> shadow.inTransaction(() -> {
                SideBooks.Acceptance acceptance = shadow.accept("k", SEGMENT, DELETE, true);
                fixture.execute(DELETE_ROW);
                return acceptance;
            });
            CountDownLatch begun = new CountDownLatch(1);
            Future<SideBooks.Acceptance> deleted = shadow.inTransaction(() -> {
                assertThat(shadow.accept("k", SEGMENT, WRITE, false)).isEqualTo(ACCEPTED);
                Future<SideBooks.Acceptance> beside = other.submit(() -> {
                    begun.countDown();
                    return delete.run();
                });
                begun.await();
                fixture.execute(INSERT_ROW);
                assertThat(beside.isDone()).as("waits for the ledger row").isFalse();
                return beside;
            });
            assertThat(deleted.get()).isEqualTo(ACCEPTED);
            assertThat(fixture.count("select count(*) from app_row")).isZero();
        } finally {
            other.shutdown();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void writeCopiedAfterTheDelete_isOvertakenByTheTombstone(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            SideBooks shadow = shadow(fixture);
            shadow.<SideBooks.Acceptance>inTransaction(() -> shadow.accept("k", SEGMENT, DELETE, true));
            assertThat(shadow.<SideBooks.Acceptance>inTransaction(() -> shadow.accept("k", SEGMENT, WRITE, false)))
                    .isEqualTo(OVERTAKEN);
            assertThat(fixture.count("select count(*) from migrate_ledger where deleted = true"))
                    .isEqualTo(1);
        }
    }

    /** A broken variant: the data row first, the ledger after it. The delete does not see the uncommitted row, and the row stays. */
    @Test
    void ledgerAfterTheRow_bringsADeletedRowBack() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (SideFixture fixture = new SideFixture(new PostgresServer())) {
            SideBooks shadow = shadow(fixture);
            shadow.inTransaction(() -> {
                fixture.execute(INSERT_ROW);
                Future<SideBooks.Acceptance> deleted = other.submit(() -> shadow.inTransaction(() -> {
                    fixture.execute(DELETE_ROW);
                    return shadow.accept("k", SEGMENT, DELETE, true);
                }));
                assertThat(deleted.get()).isEqualTo(ACCEPTED);
                return shadow.accept("k", SEGMENT, WRITE, false);
            });
            assertThat(fixture.count("select count(*) from app_row"))
                    .as("deleted, and there again")
                    .isEqualTo(1);
        } finally {
            other.shutdown();
        }
    }
}
