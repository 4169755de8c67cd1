package dev.migrate.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The connections on which a table is read, written and locked; owns the pool for bulk work where the table has one. */
final class TableConnections implements AutoCloseable {
    private final TableOptions options;
    private @Nullable HikariDataSource ownPool;

    TableConnections(TableOptions options) {
        this.options = options;
    }

    /** A connection for bulk work; whoever takes it closes it. */
    Connection bulk() throws SQLException {
        DataSource unpooled = options.unpooled();
        return unpooled == null
                ? options.binding().newConnection()
                : ownPool(unpooled).getConnection();
    }

    private synchronized DataSource ownPool(DataSource unpooled) {
        if (ownPool == null) {
            HikariConfig config = new HikariConfig();
            config.setPoolName("migrate-bulk-" + options.table());
            config.setDataSource(unpooled);
            config.setMaximumPoolSize(options.bulkConnections());
            config.setMinimumIdle(0);
            ownPool = new HikariDataSource(config);
        }
        return ownPool;
    }

    /** Reads on a connection for bulk work. */
    <T> T reading(TableWork<T> work) throws Exception {
        try (Connection connection = bulk()) {
            return TableWork.reading(connection, work);
        }
    }

    /** Writes in the thread's transaction, or else in one of its own. */
    <T> T writing(TableWork<T> work) throws Exception {
        return options.binding().isActive() ? joined(work) : options.binding().execute(() -> joined(work));
    }

    /** Locks in the thread's transaction, at whose end the lock goes; without one there would be none. */
    <T> T locking(TableWork<T> work) throws Exception {
        if (!options.binding().isActive()) {
            throw new MigrationException("a row of table '" + options.table()
                    + "' can be locked only inside a transaction of its books; call inTransaction(..) around it");
        }
        return joined(work);
    }

    private <T> T joined(TableWork<T> work) throws Exception {
        try (Connection connection = options.binding().getConnection()) {
            return work.run(connection);
        }
    }

    @Override
    public synchronized void close() {
        if (ownPool != null) {
            ownPool.close();
            ownPool = null;
        }
    }
}
