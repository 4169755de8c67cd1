package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.jdbc.Orders.Order;
import dev.migrate.side.BookedRecords;
import dev.migrate.side.Debt;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class JdbcRecordsIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();

    /** Both ways to give records, over the same table. */
    private static List<JdbcRecords<Long, Order>> bothWays(SideFixture fixture) throws SQLException {
        fixture.database.execute(Orders.ddl("orders"));
        Orders orders = new Orders(fixture.dataSource, "orders");
        return List.of(
                JdbcRecords.joining(fixture.dataSource, Records.of(orders::find, orders::save, orders::delete)),
                JdbcRecords.of(fixture.pool, orders::findOn, orders::saveOn, orders::deleteOn));
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void recordAndDebt_commitTogether_orNeither(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            long id = 0;
            for (JdbcRecords<Long, Order> records : bothWays(fixture)) {
                SideBooks books = records.books("orders", "records " + ++id, Side.LEGACY);
                books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
                Order order = new Order(id, "one");
                assertThatThrownBy(() -> books.inTransaction(() -> {
                            records.write(order.id(), order);
                            books.admit("l:" + order.id(), 1, true);
                            throw new IOException("after both");
                        }))
                        .isInstanceOf(IOException.class);
                assertThat(records.read(order.id())).isEmpty();
                assertThat(books.debt()).isEqualTo(Debt.NONE);

                books.inTransaction(() -> {
                    records.write(order.id(), order);
                    return books.admit("l:" + order.id(), 1, true);
                });
                assertThat(records.read(order.id())).contains(order);
                assertThat(books.debt().keys()).isEqualTo(1);
                records.delete(order.id());
                assertThat(records.read(order.id())).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void asAnotherType_theyStillKeepTheirBooks(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            for (JdbcRecords<Long, Order> records : bothWays(fixture)) {
                BookedRecords<Long, String> texts =
                        records.as(text -> new Order(Long.parseLong(text), text), Order::content);
                SideBooks books = texts.books("orders", "texts", Side.TARGET);
                books.inTransaction(() -> {
                    assertThat(texts.write(5L, "5")).isEqualTo("5");
                    Connection connection = texts.unwrap(Connection.class);
                    assertThat(new Orders(fixture.dataSource, "orders").findOn(connection, 5L))
                            .as("in the same transaction")
                            .contains(new Order(5, "5"));
                    return true;
                });
                assertThat(texts.read(5L)).contains("5");
                texts.delete(5L);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void whatTheFunctionsThrow_comesAsItWas(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            IOException mine = new IOException("mine");
            JdbcRecords<Long, Order> failing = JdbcRecords.of(
                    fixture.pool,
                    (connection, key) -> {
                        throw mine;
                    },
                    (connection, value) -> {
                        throw mine;
                    },
                    (connection, key) -> {
                        throw mine;
                    });
            assertThatThrownBy(() -> failing.read(1L)).isSameAs(mine);
            assertThatThrownBy(() -> failing.write(1L, new Order(1, ""))).isSameAs(mine);
            assertThatThrownBy(() -> failing.delete(1L)).isSameAs(mine);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void unwrap_givesTheConnectionOfATransaction_andNothingElse(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            JdbcRecords<Long, Order> records = bothWays(fixture).get(0);
            assertThatThrownBy(() -> records.unwrap(Connection.class))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("within(..)");
            assertThatThrownBy(() -> records.unwrap(String.class))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("java.lang.String");
        }
    }

    /** A claim that were held open would block the next authoritative write of the key. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void claim_isCommittedBeforeItReturns_evenInsideATransactionThatRollsBack(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            SideBooks books = fixture.books(Side.LEGACY);
            books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
            books.inTransaction(() -> books.admit("k", 1, true));
            Instant now = Instant.now().plusSeconds(1);
            assertThatThrownBy(() -> books.inTransaction(() -> {
                        assertThat(books.claim("one", 10, now, Duration.ofMinutes(1)))
                                .hasSize(1);
                        throw new IllegalStateException("rolled back");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(books.claim("other", 10, now, Duration.ofMinutes(1))).isEmpty();
            books.inTransaction(() -> books.admit("k", 1, true));
        }
    }

    /** In the transaction that wrote past the router, owing is refused with it; a row that stands already is owed whatever the role. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void owing_isRefusedOnlyWhereTheWriteCanBeUndone(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            SideBooks books = fixture.books(Side.LEGACY);
            books.assign(SegmentRange.ALL, Role.FENCED, true, 1);
            List<SideBooks.Key> keys = List.of(new SideBooks.Key("k", 1));
            assertThatThrownBy(() -> fixture.dataSource.inTransaction(() -> {
                        fixture.execute("insert into app_row (id) values ('k')");
                        books.owe(keys, Instant.EPOCH);
                        return true;
                    }))
                    .isInstanceOf(dev.migrate.RefusedWriteException.class);
            assertThat(fixture.count("select count(*) from app_row")).isZero();
            assertThat(books.debt()).isEqualTo(Debt.NONE);
            books.owe(keys, Instant.EPOCH);
            assertThat(books.debt().keys()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void keyThatADatabaseWouldAlter_isRefused_withoutTellingIt(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            SideBooks books = fixture.books(Side.LEGACY);
            books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
            List<String> refused = new ArrayList<>();
            for (String key : List.of("secret\0", "secret\uD83E", "secret".repeat(86))) {
                assertThatThrownBy(() -> books.inTransaction(() -> books.admit(key, 1, true)))
                        .isInstanceOf(MigrationException.class)
                        .satisfies(failure -> refused.add(failure.getMessage().toLowerCase(Locale.ROOT)));
            }
            assertThat(refused).hasSize(3).noneMatch(message -> message.contains("secret"));
        }
    }

    /** Both sides in one database, under one migration: each has its own rows. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void booksOfTwoSidesInOneDatabase_areApart(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            SideBooks legacy = fixture.books(Side.LEGACY);
            SideBooks target = fixture.books(Side.TARGET);
            legacy.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
            assertThat(target.roles()).isEmpty();
            target.assign(SegmentRange.ALL, Role.SHADOW, true, 1);
            legacy.inTransaction(() -> legacy.admit("k", 1, true));
            assertThat(target.debt()).isEqualTo(Debt.NONE);
            assertThat(target.<SideBooks.Acceptance>inTransaction(
                            () -> target.accept("k", 1, legacy.owed("k").orElseThrow(), false)))
                    .isEqualTo(SideBooks.Acceptance.ACCEPTED);
            assertThat(legacy.heldAmong(List.of("k"))).isEmpty();
            assertThat(target.heldAmong(List.of("k"))).containsExactly("k");
        }
    }
}
