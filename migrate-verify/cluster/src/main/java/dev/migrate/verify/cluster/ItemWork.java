package dev.migrate.verify.cluster;

import dev.migrate.Migration;
import dev.migrate.backfill.Backfill;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.dualwrite.Guarantee;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.side.BookedRecords;
import dev.migrate.side.Debt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Clients that read and write single items. */
final class ItemWork implements NodeWork {
    private final Migration migration;
    private final DataSource legacy;
    private final DataSource target;
    private final DualWriteRouter<Long, Item> router;
    private final List<Client> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    ItemWork(Migration migration, DataSource legacy, DataSource target, NodeSetup setup) throws IOException {
        this.migration = migration;
        this.legacy = legacy;
        this.target = target;
        this.router = DualWriteRouter.of(migration)
                .legacy(side(legacy, setup.legacyUrl(), setup))
                .target(side(target, setup.targetUrl(), setup))
                .key(Item::id)
                .build();
        if (router.guarantee() != Guarantee.EXACT) {
            throw new IllegalStateException("the guarantee must be EXACT, but is " + router.guarantee());
        }
        for (int number = 0; number < setup.clients(); number++) {
            String name = setup.name() + "-" + number;
            HistoryFile history = new HistoryFile(setup.history().resolve(name));
            clients.add(new Client(name, router, history, setup, setup.seed() * 31 + name.hashCode()));
        }
    }

    private static BookedRecords<Long, Item> side(DataSource database, String url, NodeSetup setup) {
        BookedRecords<Long, Item> items = Items.in(database, url);
        return setup.lacking() == Lacking.JOURNAL ? new ForgetfulJournal<>(items) : items;
    }

    @Override
    public void prepare() {
        // The table is there, and nothing else is needed.
    }

    @Override
    public void start() {
        for (Client client : clients) {
            Thread thread = new Thread(client, "client");
            threads.add(thread);
            thread.start();
        }
    }

    @Override
    public void rest() throws InterruptedException {
        clients.forEach(Client::stop);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Override
    public String backfill() throws Exception {
        return Backfill.of(migration)
                .legacy(JdbcTable.of(legacy, "items"))
                .target(JdbcTable.of(target, "items"))
                .chunkRows(500)
                .build()
                .run()
                .toString();
    }

    @Override
    public void repair() {
        router.repair();
    }

    @Override
    public Debt debt() {
        return router.debt();
    }

    @Override
    public void close() {
        router.close();
    }
}
