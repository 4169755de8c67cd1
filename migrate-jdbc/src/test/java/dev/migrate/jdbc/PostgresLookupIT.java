package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that has no statistics of the journal, whenever it has made its plans, reads the rows of the keys that are asked for, and no others. */
class PostgresLookupIT {
    private static final int OWED = 20_000;
    private static final List<String> WANTED =
            IntStream.range(0, 50).mapToObj(i -> "l:" + (1_000 + 37 * i)).toList();

    private final BookId id = new BookId("orders", "records", Side.LEGACY);
    private final Journal journal = new Journal(id, new PostgresDialect());
    private TestDatabase database;
    private HikariDataSource pool;

    @BeforeEach
    void open() throws SQLException {
        database = new PostgresServer().fresh();
        pool = JdbcSideBooksContract.pool(database);
        JdbcSideBooksContract.books(pool, InstantSource.system());
        TestDatabase.execute(pool, "ALTER TABLE migrate_journal SET (autovacuum_enabled = false)");
    }

    @AfterEach
    void drop() throws SQLException {
        pool.close();
        database.close();
    }

    private interface Lookup {
        void run(Connection connection) throws SQLException;
    }

    /**
     * How many rows of the journal are read for a lookup.
     *
     * @param before how often it was made while nothing was owed: a server keeps the plan of a statement that comes often
     */
    private long read(int before, Lookup lookup) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            for (int i = 0; i < before; i++) {
                lookup.run(connection);
            }
            TestDatabase.execute(
                    pool,
                    "INSERT INTO migrate_journal (migration, records, side, record_key, segment, epoch, seq, since, attempts,"
                            + " not_before, parked) SELECT 'orders', 'records', 'LEGACY', 'l:' || n, 7, 1, n, now(), 0, now(), false"
                            + " FROM generate_series(1, " + OWED + ") n");
            connection.setAutoCommit(false);
            lookup.run(connection);
            try (Statement statement = connection.createStatement();
                    ResultSet rows =
                            statement.executeQuery("SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)"
                                    + " FROM pg_stat_xact_user_tables WHERE relname = 'migrate_journal'")) {
                rows.next();
                return rows.getLong(1);
            } finally {
                connection.rollback();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20})
    void keysAreLookedUpOneByOne(int before) throws SQLException {
        assertThat(read(before, connection -> journal.owed(connection, WANTED))).isEqualTo(WANTED.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20})
    void aKeyIsLookedUpByThePrimaryKey(int before) throws SQLException {
        assertThat(read(before, connection -> journal.owed(connection, "l:1500")))
                .isEqualTo(1);
    }

    /** Shown to be needed: asked for all at once, with the first index of the journal, each row is compared with each key. */
    @Test
    void askedForAllAtOnce_everythingThatIsOwedIsRead() throws SQLException {
        TestDatabase.execute(
                pool,
                "DROP INDEX migrate_journal_due",
                "CREATE INDEX migrate_journal_claim ON migrate_journal (migration, records, side, parked, since)");
        Dialect others = new H2Dialect();
        assertThat(read(0, connection -> {
                    try (PreparedStatement select = others.selectAmong(
                                    connection, id, "record_key, epoch, seq", "migrate_journal", WANTED, "", "");
                            ResultSet rows = select.executeQuery()) {
                        rows.next();
                    }
                }))
                .isGreaterThanOrEqualTo(OWED);
    }
}
