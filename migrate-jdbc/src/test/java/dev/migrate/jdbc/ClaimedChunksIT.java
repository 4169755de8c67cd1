package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.table.Chunks.Claim;
import dev.migrate.table.Chunks.Run;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What a worker asks before each chunk costs the same, however many chunks are done. */
class ClaimedChunksIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();

    /** Of the real number, where the plans are to be seen: {@code -Dmigrate.test.chunks=100000}. */
    private static final int DONE = Integer.getInteger("migrate.test.chunks", 2_000);

    private static final int FEW = 12;
    private static final int BEFORE = 20;
    private static final Claim CLAIM = new Claim("w", Instant.EPOCH.plusSeconds(10), Instant.EPOCH.plusSeconds(20));
    private static final Map<String, String> NUMBERS = Map.of(
            "postgresql", "generate_series(1, %d) as n(n)",
            "h2", "system_range(1, %d) as n(n)",
            "mariadb", "(select seq as n from seq_1_to_%d) as n");

    private interface Question {
        Object ask(Connection connection) throws SQLException;
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void claimAndLatest_readNoChunkThatIsDone(TestServer server) throws Exception {
        try (TestDatabase database = server.fresh();
                HikariDataSource pool = JdbcSideBooksContract.pool(database)) {
            JdbcSchema.create(pool);
            JdbcChunks chunks = new JdbcChunks(new JoiningDataSource(pool), "orders", "records", 1);
            chunks.begin(new Run("last", 1));
            try (Connection connection = pool.getConnection()) {
                connection.setAutoCommit(false);
                for (int time = 0; time < BEFORE; time++) {
                    chunks.firstToClaim(connection, CLAIM);
                    chunks.latest(connection);
                }
                connection.commit();
                fill(database);
                assertThat(read(server, connection, here -> chunks.firstToClaim(here, CLAIM)))
                        .as("to claim, without statistics")
                        .isLessThan(FEW);
                assertThat(read(server, connection, chunks::latest))
                        .as("the latest")
                        .isLessThan(FEW);
                connection.commit();
                database.execute(server.product().equals("mariadb") ? "analyze table migrate_chunk" : "analyze");
                assertThat(read(server, connection, here -> chunks.firstToClaim(here, CLAIM)))
                        .as("to claim, with statistics")
                        .isLessThan(FEW);
                connection.rollback();
            }
            assertThat(chunks.claim(CLAIM))
                    .hasValueSatisfying(chunk -> assertThat(chunk.number())
                            .as("the first whose claim has run out, copied or not")
                            .isEqualTo(DONE + 2));
        }
    }

    /** Behind those that are done, one that another worker has, one that is copied, and one that nobody has. */
    private static void fill(TestDatabase database) throws SQLException {
        String insert =
                "insert into migrate_chunk (migration, records, generation, chunk, after_key, upto_key, state, token,"
                        + " claimed_by, claimed_until, attempts, rows_read, rows_written)";
        String key = "'orders', 'records', 1, ";
        database.execute(
                insert + " select " + key + "n.n, 'a', 'b', 'DONE', 1, 'v', null, 1, 5000, 5000 from "
                        + NUMBERS.get(database.product()).formatted(DONE),
                insert + " values (" + key + (DONE + 1)
                        + ", 'a', 'b', 'OPEN', 1, 'v', timestamp '1970-01-01 00:00:11', 1, 0, 0)",
                insert + " values (" + key + (DONE + 2) + ", 'a', 'b', 'COPIED', 1, 'v', null, 1, 0, 0)",
                insert + " values (" + key + (DONE + 3) + ", 'a', 'b', 'OPEN', 1, 'v', null, 1, 0, 0)");
    }

    /** How many rows, or entries of an index, the database looks at to answer. */
    private static long read(TestServer server, Connection connection, Question question) throws SQLException {
        return switch (server.product()) {
            case "postgresql" -> {
                String counted = "select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)"
                        + " from pg_stat_xact_user_tables where relname = 'migrate_chunk'";
                long before = sum(connection, counted, 1);
                question.ask(connection);
                yield sum(connection, counted, 1) - before;
            }
            case "mariadb" -> {
                String counted = "show session status where variable_name in ('Handler_read_first', 'Handler_read_key',"
                        + " 'Handler_read_last', 'Handler_read_next', 'Handler_read_prev', 'Handler_read_rnd_next')";
                long own = sum(connection, counted, 2);
                own = sum(connection, counted, 2) - own;
                long before = sum(connection, counted, 2);
                question.ask(connection);
                yield sum(connection, counted, 2) - before - own;
            }
            default -> {
                Explained explained = new Explained(connection);
                question.ask(explained.connection());
                yield explained.scanned();
            }
        };
    }

    private static long sum(Connection connection, String query, int column) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            long sum = 0;
            while (rows.next()) {
                sum += rows.getLong(column);
            }
            return sum;
        }
    }
}
