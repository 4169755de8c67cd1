package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.table.Horizon;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What databases say of the transactions that run in them. */
class HorizonIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();

    private static Horizon horizon(Connection connection) throws SQLException {
        return TableChanges.horizon(connection, TableDialect.of(connection.getMetaData()));
    }

    /** Begins a transaction that has written nothing yet. */
    private static Instant begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select now()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void presentMoment_isTheDatabases_andNothingIsOlderWhereNothingRuns(TestServer server) throws Exception {
        try (TestDatabase database = server.fresh();
                Connection connection = database.dataSource().getConnection()) {
            Instant before = Instant.now();
            Horizon horizon = horizon(connection);
            assertThat(horizon.now())
                    .isBetween(before.minusSeconds(1), Instant.now().plusSeconds(1));
            assertThat(horizon.oldest()).isEqualTo(horizon.now());
            assertThat(horizon.isWhole()).isEqualTo(server.product().equals("postgresql"));
        }
    }

    @Test
    void transactionOfPostgres_isSeenFromItsBeginning_orKnownToBeHidden() throws Exception {
        String role = TestDatabases.freshName();
        try (TestDatabase database = TestDatabases.postgres();
                Connection writer = database.dataSource().getConnection();
                Connection reader = database.dataSource().getConnection()) {
            Instant begun = begin(writer);
            assertThat(horizon(reader).oldest()).isEqualTo(begun);
            assertThat(horizon(reader).isWhole()).isTrue();
            execute(reader, "create role " + role);
            try {
                execute(reader, "set role " + role);
                Horizon hidden = horizon(reader);
                assertThat(hidden.isWhole()).isFalse();
                assertThat(hidden.oldest()).isEqualTo(hidden.now());
                writer.commit();
                assertThat(horizon(reader).isWhole()).as("nothing runs").isTrue();
                begun = begin(writer);
                execute(reader, "reset role");
                execute(reader, "grant pg_read_all_stats to " + role);
                execute(reader, "set role " + role);
                assertThat(horizon(reader).oldest()).isEqualTo(begun);
                assertThat(horizon(reader).isWhole()).isTrue();
            } finally {
                execute(reader, "reset role");
                execute(reader, "drop role " + role);
                writer.rollback();
            }
        }
    }
}
