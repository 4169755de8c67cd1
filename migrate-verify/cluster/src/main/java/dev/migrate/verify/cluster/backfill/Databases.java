package dev.migrate.verify.cluster.backfill;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.Migration;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.jdbc.JdbcMigrationStore;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.side.Debt;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.verify.cluster.DatabaseServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Legacy with its documents, and a target that counts what is done to it, in the transactions that do it. */
final class Databases {
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(1);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** {@code applied}: each row that a statement inserts, updates or deletes. {@code noted}: each time that a chunk becomes COPIED. */
    private static final List<String> COUNTING = List.of(
            "CREATE TABLE applied (id bigint NOT NULL, what text NOT NULL, tx xid8 NOT NULL)",
            "CREATE TABLE noted (chunk int NOT NULL, written bigint NOT NULL, tx xid8 NOT NULL)",
            "CREATE FUNCTION count_rows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO applied"
                    + " SELECT id, TG_OP, pg_current_xact_id() FROM touched; RETURN NULL; END $$",
            "CREATE TRIGGER inserted AFTER INSERT ON document REFERENCING NEW TABLE AS touched"
                    + " FOR EACH STATEMENT EXECUTE FUNCTION count_rows()",
            "CREATE TRIGGER updated AFTER UPDATE ON document REFERENCING NEW TABLE AS touched"
                    + " FOR EACH STATEMENT EXECUTE FUNCTION count_rows()",
            "CREATE TRIGGER deleted AFTER DELETE ON document REFERENCING OLD TABLE AS touched"
                    + " FOR EACH STATEMENT EXECUTE FUNCTION count_rows()",
            "CREATE FUNCTION count_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO noted"
                    + " VALUES (NEW.chunk, NEW.rows_written, pg_current_xact_id()); RETURN NULL; END $$",
            "CREATE TRIGGER noted AFTER UPDATE ON migrate_chunk FOR EACH ROW"
                    + " WHEN (NEW.state = 'COPIED' AND OLD.state <> 'COPIED') EXECUTE FUNCTION count_note()");

    final String legacy;
    final String target;

    private Databases(String legacy, String target) {
        this.legacy = legacy;
        this.target = target;
    }

    /** Two new databases of PostgreSQL, with a migration that has just begun to write both. */
    static Databases create(Options options) throws SQLException {
        DatabaseServer server = DatabaseServer.of("postgresql");
        Databases databases = new Databases(server.create("killed_legacy"), server.create("killed_target"));
        execute(databases.legacy, Document.TABLE);
        execute(
                databases.legacy,
                "INSERT INTO document SELECT i, 'seeded', repeat(md5(i::text), " + Math.max(1, options.length() / 32)
                        + ") FROM generate_series(1, " + options.rows() + ") i");
        execute(databases.legacy, "ANALYZE document");
        execute(databases.target, Document.TABLE);
        databases.withRouter((migration, router, legacyPool, targetPool) -> {
            migration.moveTo(Stage.DUAL_WRITE, "to be filled while nodes are killed");
            return JdbcTable.of(targetPool, "document").chunks(CopyNode.MIGRATION, 0);
        });
        for (String statement : COUNTING) {
            execute(databases.target, statement);
        }
        return databases;
    }

    private interface Work<T> {
        T run(
                Migration migration,
                DualWriteRouter<Long, Document> router,
                HikariDataSource legacy,
                HikariDataSource target);
    }

    private <T> T withRouter(Work<T> work) {
        try (HikariDataSource legacyPool = CopyNode.pool(legacy);
                HikariDataSource targetPool = CopyNode.pool(target);
                Migration migration = Migration.named(CopyNode.MIGRATION)
                        .store(new JdbcMigrationStore(legacyPool))
                        .operator(() -> "the run")
                        .build();
                DualWriteRouter<Long, Document> router = CopyNode.router(migration, legacyPool, targetPool)) {
            return work.run(migration, router, legacyPool, targetPool);
        }
    }

    /** Has everything copied that is owed, also what dead nodes have claimed; returns what is left. */
    Debt drain() {
        return withRouter((migration, router, legacyPool, targetPool) -> {
            SideBooks books = JdbcTable.of(legacyPool, "document").books(CopyNode.MIGRATION, Side.LEGACY);
            long deadline = System.nanoTime() + LONGEST_DRAIN.toNanos();
            while (!router.debt().isSettled() && System.nanoTime() - deadline < 0) {
                books.hasten(SegmentRange.ALL);
                router.repair();
                LockSupport.parkNanos(POLL_NANOS);
            }
            return router.debt();
        });
    }

    static Connection open(String url) throws SQLException {
        return DriverManager.getConnection(url);
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = open(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
