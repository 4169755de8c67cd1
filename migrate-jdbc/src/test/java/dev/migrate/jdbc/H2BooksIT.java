package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.side.Dismissal;
import dev.migrate.side.Intent;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the books refuse and when they give up, on the database that needs no server. */
class H2BooksIT {
    private static final String NUL = "a\0b";
    private static final int SEGMENT = 7;
    private static final SideBooks.Key KEY = new SideBooks.Key("k", SEGMENT);
    private SideFixture fixture;
    private JdbcSideBooks books;

    @BeforeEach
    void open() throws SQLException {
        fixture = new SideFixture(new H2Server());
        books = fixture.books(Side.LEGACY);
        assertThat(books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1)).isTrue();
    }

    @AfterEach
    void close() throws SQLException {
        fixture.close();
    }

    private JdbcSideBooks impatient(Duration lockPatience) throws SQLException {
        try (Connection connection = fixture.dataSource.newConnection()) {
            return new JdbcSideBooks(
                    new BookId("orders", "records", Side.LEGACY),
                    fixture.dataSource,
                    Dialect.of(connection),
                    InstantSource.system(),
                    lockPatience);
        }
    }

    @Test
    void books_outliveTheProcess_andSayWhoseTheyAre() {
        assertThat(books.isDurable()).isTrue();
        assertThat(books).hasToString("JdbcSideBooks[migration 'orders' (records 'records', LEGACY) in h2]");
    }

    @Test
    void names_haveOneToAHundredCharacters() {
        String longest = "n".repeat(100);
        assertThatCode(() -> new BookId(longest, longest, Side.LEGACY)).doesNotThrowAnyException();
        refused(() -> new BookId("m", "", Side.LEGACY), "must have 1 to 100 characters");
        refused(() -> new BookId("m", longest + "n", Side.LEGACY), "must have 1 to 100 characters");
        refused(() -> new BookId(longest + "n", "r", Side.LEGACY), "must have 1 to 100 characters");
        refused(() -> new BookId("m", NUL, Side.LEGACY), "the name of a kind of records must not contain");
    }

    /** Nodes of any two versions lock by it. */
    @Test
    void lockClass_isTheSameEverywhere_andAnotherForOtherBooks() {
        BookId id = new BookId("orders", "records", Side.LEGACY);
        assertThat(id.lockClass()).isEqualTo("migrate/orders/records/LEGACY".hashCode());
        assertThat(new BookId("orders", "records", Side.TARGET).lockClass()).isNotEqualTo(id.lockClass());
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(MigrationException.class).hasMessageContaining(message);
    }

    private static void refusedText(String what, ThrowingCallable call) {
        refused(call, what + " must not contain the character NUL");
    }

    /** Some database would cut it, or take it and find nothing by it. */
    @Test
    void textThatNotEveryDatabaseKeeps_isRefusedWhereverItComesFrom() {
        refusedText("a canonical key", () -> books.<Version>inTransaction(() -> books.admit(NUL, SEGMENT, true)));
        refusedText("a canonical key", () -> books.owe(List.of(KEY, new SideBooks.Key(NUL, SEGMENT)), Instant.EPOCH));
        refusedText(
                "a canonical key", () -> books.intents().begin(new SideBooks.Key(NUL, SEGMENT), Instant.EPOCH, "node"));
        refusedText("the owner of an intent", () -> books.intents().begin(KEY, Instant.EPOCH, NUL));
        refusedText("the name of a worker", () -> books.claim(NUL, 1, Instant.EPOCH, Duration.ZERO));
        refusedText("who", () -> books.owedKeys().dismiss("k", new Dismissal(NUL, "why", Instant.EPOCH)));
        refusedText("why", () -> books.owedKeys().dismiss("k", new Dismissal("who", NUL, Instant.EPOCH)));
        assertThat(books.debt().isNone()).isTrue();
        books.assign(SegmentRange.ALL, Role.SHADOW, true, 2);
        refusedText(
                "a canonical key",
                () -> books.<SideBooks.Acceptance>inTransaction(
                        () -> books.accept(NUL, SEGMENT, new Version(1, 1), false)));
    }

    @Test
    void refusal_saysWhetherTheWriterDoesNotKnowOfTheJournal() {
        assertThatThrownBy(() -> books.<Version>inTransaction(() -> books.admit("k", SEGMENT, false)))
                .isInstanceOf(RefusedWriteException.class)
                .hasMessageContaining("its writes are copied to the other side and this node does not know it yet");
        books.assign(SegmentRange.ALL, Role.SHADOW, true, 2);
        assertThatThrownBy(() -> books.<Version>inTransaction(() -> books.admit("k", SEGMENT, true)))
                .isInstanceOf(RefusedWriteException.class)
                .hasMessageContaining("the side is not authoritative for it; roll back");
    }

    /** As where somebody has emptied the table. */
    @Test
    void intentWhoseSegmentHasNoRole_isKept_andTheRemedyTold() throws Exception {
        Intent begun = books.intents().begin(KEY, Instant.EPOCH, "node");
        fixture.execute("delete from migrate_role");
        refused(() -> books.intents().acknowledge(begun), "no role there; build the router again");
        assertThat(books.debt().intents()).isEqualTo(1);
        assertThat(books.debt().keys()).isZero();
    }

    /** Does something while another thread's transaction has been admitted to the segment and goes on. */
    private <T> T whileAWriteGoesOn(Callable<T> work) throws Exception {
        CountDownLatch admitted = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        FutureTask<Version> write = new FutureTask<>(() -> books.<Version>inTransaction(() -> {
            Version version = books.admit("held", SEGMENT, true);
            admitted.countDown();
            done.await();
            return version;
        }));
        new Thread(write).start();
        admitted.await();
        try {
            return work.call();
        } finally {
            done.countDown();
            write.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void handoversLock_isGivenUpAfterItsPatience() throws Exception {
        JdbcSideBooks impatient = impatient(Duration.ofMillis(500));
        whileAWriteGoesOn(() -> {
            refused(
                    () -> impatient.assign(SegmentRange.ALL, Role.FENCED, true, 2),
                    "could not make segments 0 to 1000 FENCED: transactions that write there have run for all of 500 ms");
            return true;
        });
        assertThat(impatient.assign(SegmentRange.ALL, Role.FENCED, true, 2)).isTrue();
    }

    @Test
    void handoversLock_isNotWaitedForByAThreadThatIsInterrupted() throws Exception {
        JdbcSideBooks patient = impatient(Duration.ofHours(1));
        poolTwoConnections();
        whileAWriteGoesOn(() -> {
            FutureTask<Boolean> fence = new FutureTask<>(() -> {
                Thread.currentThread().interrupt();
                return patient.assign(SegmentRange.ALL, Role.FENCED, true, 2);
            });
            new Thread(fence).start();
            assertThatThrownBy(() -> fence.get(10, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("the thread was interrupted while transactions that write there went on");
            return true;
        });
    }

    /** So that it is the database, and not the pool, that a thread waits for. */
    private void poolTwoConnections() throws SQLException {
        try (Connection one = fixture.pool.getConnection();
                Connection other = fixture.pool.getConnection()) {
            assertThat(one).isNotSameAs(other);
        }
    }

    @Test
    void assignmentThatFailsForAnotherReason_isNotTriedAgain() throws Exception {
        fixture.execute("drop table migrate_role");
        refused(
                () -> impatient(Duration.ofHours(1)).assign(SegmentRange.ALL, Role.FENCED, true, 2),
                "the library's tables are missing");
    }

    @Test
    void announcement_isBegunAgainWhereOthersAreInTheWay_butNotForEver() throws Exception {
        try (Connection connection = fixture.dataSource.newConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set default_lock_timeout 20");
        }
        fixture.pool.getHikariPoolMXBean().softEvictConnections();
        whileAWriteGoesOn(() -> {
            refused(
                    () -> books.intents().begin(KEY, Instant.EPOCH, "node"),
                    "another transaction was in the way: roll back and begin the transaction again");
            return true;
        });
        assertThat(books.intents().begin(KEY, Instant.EPOCH, "node").owner()).isEqualTo("node");
    }
}
