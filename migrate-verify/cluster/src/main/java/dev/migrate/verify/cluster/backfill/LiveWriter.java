package dev.migrate.verify.cluster.backfill;

import dev.migrate.dualwrite.DualWriteRouter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes and deletes documents about where the backfill is, half of them ahead of it. */
final class LiveWriter implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveWriter.class);
    private static final int LOOK_EVERY = 10;
    private static final int CHUNKS_AROUND = 8;
    private final NodeSetup setup;
    private final DualWriteRouter<Long, Document> router;
    private final DataSource target;
    private final SplittableRandom random;
    private volatile boolean isStopped;
    private long written;
    private long frontier;

    LiveWriter(NodeSetup setup, DualWriteRouter<Long, Document> router, DataSource target) {
        this.setup = setup;
        this.router = router;
        this.target = target;
        this.random =
                new SplittableRandom(setup.options().seed() * 31 + setup.name().hashCode());
    }

    void stop() {
        isStopped = true;
    }

    @Override
    public void run() {
        long pause = TimeUnit.SECONDS.toNanos(1) / setup.options().writesPerSecond();
        while (!isStopped) {
            try {
                operate();
            } catch (Exception refused) {
                LOG.warn("a write was refused", refused);
            }
            LockSupport.parkNanos(pause);
        }
    }

    private void operate() throws SQLException {
        if (written++ % LOOK_EVERY == 0) {
            frontier = frontier();
        }
        long key = key();
        if (random.nextInt(3) == 0) {
            router.delete(key);
        } else {
            router.write(new Document(key, setup.name() + "-" + written, "written meanwhile"));
        }
    }

    private long key() {
        long around = (long) CHUNKS_AROUND * setup.options().chunkRows();
        long key = frontier + random.nextLong(around) - around / 2;
        return Math.max(1, key / Document.EVERY) * Document.EVERY;
    }

    /** Legacy's keys were without a gap when it began. */
    private long frontier() throws SQLException {
        try (Connection connection = target.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM migrate_chunk")) {
            row.next();
            return row.getLong(1) * setup.options().chunkRows();
        }
    }
}
