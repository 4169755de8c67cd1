package dev.migrate.verify.cluster.backfill;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.backfill.Backfill;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.jdbc.JdbcMigrationStore;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.table.Mapping;
import dev.migrate.table.TableSide;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A node that works on the backfill and writes meanwhile. It tells on its standard output what it does, and ends when its standard input
 * does: in good order where the backfill is done, and at once where it is not.
 */
public final class CopyNode implements AutoCloseable {
    static final String MIGRATION = "documents";
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final int CONNECTIONS = 8;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private final NodeSetup setup;
    private final PrintStream out;
    private final HikariDataSource legacy;
    private final HikariDataSource target;
    private final Migration migration;
    private final DualWriteRouter<Long, Document> router;

    private CopyNode(NodeSetup setup, PrintStream out) {
        this.setup = setup;
        this.out = out;
        this.legacy = pool(setup.legacyUrl());
        this.target = pool(setup.targetUrl());
        this.migration = Migration.named(MIGRATION)
                .store(new JdbcMigrationStore(legacy))
                .node(setup.name())
                .operator(setup::name)
                .listener(this::tell)
                .build();
        this.router = router(migration, legacy, target);
    }

    /** Runs a node; the arguments are those of {@link NodeSetup#of}. */
    public static void main(String[] arguments) throws Exception {
        NodeSetup setup = NodeSetup.of(arguments);
        CopyNode node = new CopyNode(setup, System.out);
        Thread copying = new Thread(node::copy, "copying");
        LiveWriter writer = new LiveWriter(setup, node.router, node.target);
        Thread writing = new Thread(writer, "writing");
        writing.start();
        copying.start();
        untilInputEnds();
        if (copying.isAlive()) {
            Runtime.getRuntime().halt(2);
        }
        writer.stop();
        writing.join();
        node.close();
    }

    private static void untilInputEnds() throws IOException {
        while (System.in.read() >= 0) {
            // whatever is said
        }
    }

    static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        return new HikariDataSource(config);
    }

    static DualWriteRouter<Long, Document> router(
            Migration migration, HikariDataSource legacy, HikariDataSource target) {
        return DualWriteRouter.of(migration)
                .legacy(Document.in(legacy))
                .target(Document.in(target))
                .key(Document::id)
                .build();
    }

    private void tell(MigrationEvent event) {
        if (event instanceof MigrationEvent.BackfillProgress progress && !progress.isDone()) {
            say("copied");
        }
    }

    private void say(String... words) {
        synchronized (out) {
            out.println(String.join("\t", words));
            out.flush();
        }
    }

    private void copy() {
        Backfill backfill = backfill();
        boolean isDone = false;
        while (!isDone) {
            try {
                say("done", backfill.run().toString());
                isDone = true;
            } catch (Exception failure) {
                say("again", failure.toString().replaceAll("\\s+", " "));
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private Backfill backfill() {
        JdbcTable documents = JdbcTable.of(target, "document");
        TableSide into = setup.options().variant().splitsTransactions()
                ? SplitCopy.of(documents, target, setup.options().variant())
                : documents;
        return Backfill.of(migration)
                .legacy(JdbcTable.of(legacy, "document"))
                .target(into)
                .mapping(setup.passesBytes() ? Mapping.byName() : mappedOneByOne())
                .chunkRows(
                        setup.options().variant() == Variant.ONE_CHUNK
                                ? 100_000
                                : setup.options().chunkRows())
                .lease(LEASE)
                .build();
    }

    /** The same values, but not without looking at each row. */
    private static Mapping mappedOneByOne() {
        return Mapping.byName()
                .derive("content")
                .from("content")
                .there(row -> row.text("content"))
                .oneWay();
    }

    @Override
    public void close() {
        router.close();
        migration.close();
        legacy.close();
        target.close();
    }
}
