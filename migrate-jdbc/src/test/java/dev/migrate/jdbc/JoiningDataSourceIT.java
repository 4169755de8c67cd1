package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class JoiningDataSourceIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final String INSERT_A = "insert into app_row (id) values ('a')";
    private static final String ROWS = "select count(*) from app_row";

    @ParameterizedTest
    @FieldSource("SERVERS")
    void insideATransaction_everyConnectionIsTheTransactions(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            fixture.dataSource.inTransaction(() -> {
                fixture.execute(INSERT_A);
                assertThat(fixture.execute("update app_row set content = 'seen'"))
                        .isEqualTo(1);
                assertThat(fixture.count(ROWS)).as("seen from outside").isZero();
                return true;
            });
            assertThat(fixture.count(ROWS)).isEqualTo(1);
            assertThat(fixture.dataSource.isActive()).isFalse();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void whateverIsThrown_isRolledBackAndComesAsItWas(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            for (Throwable thrown :
                    List.of(new IOException("mine"), new IllegalStateException(), new StackOverflowError())) {
                assertThatThrownBy(() -> fixture.dataSource.inTransaction(() -> {
                            fixture.execute(INSERT_A);
                            throw thrown instanceof Error error ? sneaky(error) : (Exception) thrown;
                        }))
                        .isSameAs(thrown);
                assertThat(fixture.count(ROWS)).isZero();
            }
        }
    }

    private static Exception sneaky(Error error) {
        throw error;
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void connectionOfATransaction_cannotEndIt_andClosingItEndsNothing(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            fixture.dataSource.inTransaction(() -> {
                Connection connection = fixture.dataSource.getConnection();
                for (SqlCall end : List.<SqlCall>of(
                        Connection::commit,
                        Connection::rollback,
                        c -> c.setAutoCommit(true),
                        c -> c.abort(Runnable::run),
                        c -> c.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE))) {
                    assertThatThrownBy(() -> end.on(connection))
                            .isInstanceOf(SQLException.class)
                            .hasMessageContaining("whoever opened it ends it");
                }
                connection.setAutoCommit(false);
                fixture.execute(INSERT_A);
                Savepoint savepoint = connection.setSavepoint();
                fixture.execute("insert into app_row (id) values ('b')");
                connection.rollback(savepoint);
                connection.close();
                connection.close();
                assertThat(connection.isClosed()).isTrue();
                assertThatThrownBy(connection::createStatement).hasMessageContaining("was closed");
                assertThatThrownBy(() -> fixture.dataSource.getConnection("u", "p"))
                        .isInstanceOf(SQLFeatureNotSupportedException.class);
                return true;
            });
            assertThat(fixture.count(ROWS)).isEqualTo(1);
        }
    }

    private interface SqlCall {
        void on(Connection connection) throws SQLException;
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void outsideATransaction_connectionsAreThePoolsOwn(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            try (Connection connection = fixture.dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate(INSERT_A);
                connection.rollback();
            }
            assertThat(fixture.count(ROWS)).isZero();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void refusalThatIsCaught_cannotBeCommitted_evenBehindASavepoint(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            SideBooks books = fixture.books(Side.LEGACY);
            books.assign(SegmentRange.ALL, Role.FENCED, true, 1);
            List<String> ran = new ArrayList<>();
            assertThatThrownBy(() -> fixture.dataSource.inTransaction(() -> {
                        fixture.execute(INSERT_A);
                        try (Connection connection = fixture.dataSource.getConnection()) {
                            Savepoint savepoint = connection.setSavepoint();
                            assertThatThrownBy(() -> books.admit("k", 1, true))
                                    .isInstanceOf(RefusedWriteException.class);
                            connection.rollback(savepoint);
                        }
                        fixture.execute("insert into app_row (id) values ('unjournalled')");
                        books.afterCommit(() -> ran.add("after commit"));
                        return true;
                    }))
                    .isInstanceOf(RefusedWriteException.class)
                    .hasMessageContaining("the refusal was caught");
            assertThat(fixture.count(ROWS)).isZero();
            assertThat(ran).isEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void joinedWorkThatFails_doomsTheTransactionThatItJoined(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            IllegalStateException half = new IllegalStateException("half-way");
            assertThatThrownBy(() -> fixture.dataSource.inTransaction(() -> {
                        fixture.execute(INSERT_A);
                        assertThatThrownBy(() -> fixture.dataSource.inTransaction(() -> {
                                    throw half;
                                }))
                                .isSameAs(half);
                        return true;
                    }))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("transaction of its own")
                    .hasCause(half);
            assertThat(fixture.count(ROWS)).isZero();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void wrappersOfOnePool_shareTheTransaction_andTheStoreKeepsApart(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            JoiningDataSource another = new JoiningDataSource(fixture.dataSource);
            SideBooks ofStore = new JdbcMigrationStore(fixture.dataSource).books("orders", "mail", Side.LEGACY);
            ofStore.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
            assertThatThrownBy(() -> fixture.dataSource.inTransaction(() -> {
                        assertThat(another.isActive()).isTrue();
                        assertThat(ofStore.isInTransaction()).isFalse();
                        SideFixture.execute(another, INSERT_A);
                        ofStore.owe(List.of(new SideBooks.Key("k", 1)), java.time.Instant.EPOCH);
                        throw new IllegalStateException("rolled back");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(fixture.count(ROWS)).isZero();
            assertThat(ofStore.debt().keys())
                    .as("owed for a call that cannot be rolled back")
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void connections_goBackAsTheyCame_whateverHappens(TestServer server) throws Exception {
        for (boolean autoCommit : new boolean[] {true, false}) {
            try (TestDatabase database = server.fresh();
                    HikariDataSource single = single(database, autoCommit)) {
                JoiningDataSource dataSource = new JoiningDataSource(single);
                int isolation;
                try (Connection connection = single.getConnection()) {
                    isolation = connection.getTransactionIsolation();
                }
                SideBooks books = JdbcRecords.<String, String>of(
                                dataSource, (c, k) -> java.util.Optional.empty(), (c, v) -> v, (c, k) -> {})
                        .books("orders", "records", Side.LEGACY);
                assertThat(books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1))
                        .isTrue();
                books.inTransaction(() -> books.admit("k", 1, true));
                assertThat(books.claim(
                                "w", 10, java.time.Instant.now().plusSeconds(1), java.time.Duration.ofSeconds(1)))
                        .hasSize(1);
                assertThat(books.settle("k", books.owed("k").orElseThrow())).isTrue();
                assertThatThrownBy(() -> books.inTransaction(() -> {
                            throw new StackOverflowError();
                        }))
                        .isInstanceOf(StackOverflowError.class);
                try (Connection connection = single.getConnection()) {
                    assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
                    assertThat(connection.getTransactionIsolation()).isEqualTo(isolation);
                }
                assertThat(books.debt().isNone()).isTrue();
            }
        }
    }

    private static HikariDataSource single(TestDatabase database, boolean autoCommit) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        config.setMaximumPoolSize(1);
        config.setAutoCommit(autoCommit);
        return new HikariDataSource(config);
    }

    @Test
    void plainPool_cannotBeJoined_andTheErrorSaysWhatToDo() throws Exception {
        try (SideFixture fixture = new SideFixture(new H2Server())) {
            DataSource plain = fixture.pool;
            assertThatThrownBy(() -> JdbcRecords.joining(
                            plain,
                            dev.migrate.Records.<String, String>of(k -> java.util.Optional.empty(), v -> v, k -> {})))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("HikariDataSource")
                    .hasMessageContaining("new JoiningDataSource(pool)");
        }
    }

    @Test
    void admissionOutsideATransaction_isRefused() throws Exception {
        try (SideFixture fixture = new SideFixture(new H2Server())) {
            assertThatThrownBy(() -> fixture.books(Side.LEGACY).admit("k", 1, true))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("inTransaction(..)");
        }
    }
}
