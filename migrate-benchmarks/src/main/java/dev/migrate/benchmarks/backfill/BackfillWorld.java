package dev.migrate.benchmarks.backfill;

import static java.util.Objects.requireNonNull;

import dev.migrate.Migration;
import dev.migrate.Stage;
import dev.migrate.backfill.Backfill;
import dev.migrate.benchmarks.measure.RowGroup;
import dev.migrate.benchmarks.table.OrderDatabases;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.jdbc.JdbcMigrationStore;
import dev.migrate.jdbc.JdbcRecords;
import dev.migrate.jdbc.JdbcTable;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** A full table, an empty one, and every way of copying the one into the other. */
final class BackfillWorld implements RowGroup.World {
    private static final Duration CHUNK_TIME = Duration.ofMillis(250);
    private final OrderDatabases databases;
    private final int rows;
    private final SpringBatchCopy springBatch;
    private @Nullable Moving moving;
    private int migrations;

    BackfillWorld(int rows) throws Exception {
        this.rows = rows;
        this.databases = new OrderDatabases(rows, false);
        this.springBatch = new SpringBatchCopy(databases.legacy(), databases.target());
    }

    @Override
    public void prepare(String benchmark) throws Exception {
        OrderDatabases.execute(databases.target(), "TRUNCATE orders", "CHECKPOINT");
        if (benchmark.startsWith("backfill")) {
            moving = new Moving("orders" + ++migrations);
        }
    }

    @Override
    public void run(String benchmark) throws Exception {
        switch (benchmark) {
            case "backfill" -> requireNonNull(moving).backfill(CHUNK_TIME);
            case "backfillOfFixedChunks" -> requireNonNull(moving).backfill(null);
            case "binaryCopy" -> binaryCopy();
            case "springBatchCursor" -> springBatch.run(true);
            case "springBatchPaging" -> springBatch.run(false);
            default -> throw new IllegalArgumentException("no such benchmark: " + benchmark);
        }
    }

    @Override
    public void check(String benchmark) throws Exception {
        if (moving != null) {
            moving.close();
            moving = null;
        }
        String copied = OrderDatabases.value(databases.target(), "SELECT count(*) FROM orders");
        if (!copied.equals(String.valueOf(rows))) {
            throw new IllegalStateException(benchmark + " has copied " + copied + " of " + rows + " rows");
        }
    }

    /** A migration with dual writes, which a backfill needs. */
    private final class Moving implements AutoCloseable {
        private final Migration migration;
        private final DualWriteRouter<Long, Long> router;

        Moving(String name) {
            migration = Migration.named(name)
                    .store(new JdbcMigrationStore(databases.legacy()))
                    .operator(() -> "benchmark")
                    .build();
            router = DualWriteRouter.of(migration)
                    .legacy(records(databases.legacy()))
                    .target(records(databases.target()))
                    .key((Long id) -> id)
                    .repairEvery(Duration.ofDays(1))
                    .build();
            migration.moveTo(Stage.DUAL_WRITE, "benchmark");
        }

        void backfill(@Nullable Duration chunkTime) throws Exception {
            try (JdbcTable legacy = JdbcTable.of(databases.legacy(), "orders");
                    JdbcTable target = JdbcTable.of(databases.target(), "orders")) {
                Backfill.Builder backfill =
                        Backfill.of(migration).legacy(legacy).target(target);
                if (chunkTime != null) {
                    backfill.chunkTime(chunkTime);
                }
                backfill.build().run();
            }
        }

        @Override
        public void close() {
            router.close();
            migration.close();
        }
    }

    /** Nothing is written while the table is copied. */
    private static JdbcRecords<Long, Long> records(DataSource database) {
        return JdbcRecords.of(
                database, (connection, id) -> Optional.empty(), (connection, id) -> id, (connection, id) -> {});
    }

    private void binaryCopy() throws Exception {
        try (Connection from = databases.legacy().getConnection();
                Connection to = databases.target().getConnection()) {
            CopyOut out = from.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY orders (" + OrderDatabases.COLUMNS + ") TO STDOUT (FORMAT binary)");
            CopyIn in = to.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY orders (" + OrderDatabases.COLUMNS + ") FROM STDIN (FORMAT binary)");
            for (byte[] bytes = out.readFromCopy(); bytes != null; bytes = out.readFromCopy()) {
                in.writeToCopy(bytes, 0, bytes.length);
            }
            in.endCopy();
        }
    }

    @Override
    public void close() throws Exception {
        databases.close();
    }
}
