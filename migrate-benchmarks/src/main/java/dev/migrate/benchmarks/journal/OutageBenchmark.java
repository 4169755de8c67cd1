package dev.migrate.benchmarks.journal;

import dev.migrate.Migration;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.benchmarks.journal.ItemDatabases.Item;
import dev.migrate.benchmarks.measure.Claim;
import dev.migrate.benchmarks.measure.Clients;
import dev.migrate.benchmarks.measure.Figures;
import dev.migrate.benchmarks.measure.Measurement;
import dev.migrate.benchmarks.measure.Quantity;
import dev.migrate.benchmarks.measure.Reference;
import dev.migrate.benchmarks.measure.Rounds;
import dev.migrate.benchmarks.measure.Suite;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.jdbc.JdbcMigrationStore;
import dev.migrate.side.Debt;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * The target is down for a minute under eight clients, and comes back; then 100,000 keys are owed while it is down, and worked off.
 *
 * <p>{@code drain} is the time for a key of the journal's one worker; {@code copyByHand} that of a loop of one thread that reads a row and writes it,
 * without any version, ledger or journal.
 */
public final class OutageBenchmark implements Suite {
    private static final int CLIENTS = 8;
    private static final int KEYS = 100_000;
    private static final int COPIED_BY_HAND = 10_000;
    private static final Duration OUTAGE = Duration.ofMinutes(1);
    private static final Duration QUICK_OUTAGE = Duration.ofSeconds(10);

    private final AtomicBoolean isDown = new AtomicBoolean();
    private final AtomicLong written = new AtomicLong();

    private OutageBenchmark() {}

    /** What is run and claimed. */
    public static Suite group() {
        return new OutageBenchmark();
    }

    @Override
    public String name() {
        return "outage";
    }

    @Override
    public List<String> benchmarks() {
        return List.of("writeTargetUp", "writeTargetDown", "drain", "copyByHand");
    }

    @Override
    public List<Claim> claims() {
        return List.of(
                Claim.atMost(
                        "outage.write/up", "writeTargetDown", Quantity.TIME, 1, Reference.benchmark("writeTargetUp")),
                Claim.atMost(
                        "outage.write p99/up",
                        "writeTargetDown",
                        Quantity.P99,
                        1.5,
                        Reference.benchmark("writeTargetUp")),
                Claim.atMost("outage.drain/by hand", "drain", Quantity.TIME, 2, Reference.benchmark("copyByHand")));
    }

    @Override
    public Figures run(Rounds rounds, PrintStream progress) {
        Figures figures = new Figures();
        try (ItemDatabases databases = new ItemDatabases(KEYS);
                Migration migration = Migration.named("items")
                        .store(new JdbcMigrationStore(databases.legacy))
                        .operator(() -> "benchmark")
                        .build();
                DualWriteRouter<Long, Item> router = DualWriteRouter.of(migration)
                        .legacy(ItemDatabases.records(databases.legacy))
                        .target(ItemDatabases.records(unlessDown(databases.target)))
                        .key(Item::id)
                        .build()) {
            migration.moveTo(Stage.DUAL_WRITE, "benchmark");
            Clients.run(CLIENTS, rounds.warmupMillis(), () -> write(router));
            long outage = (rounds.rounds() > 3 ? OUTAGE : QUICK_OUTAGE).toMillis();
            progress.printf("the target is up for %d s%n", outage / 1_000);
            figures.add("writeTargetUp", Clients.run(CLIENTS, outage, () -> write(router)));
            drain(router);
            progress.printf("the target is down for %d s%n", outage / 1_000);
            isDown.set(true);
            figures.add("writeTargetDown", Clients.run(CLIENTS, outage, () -> write(router)));
            Debt owed = router.debt(Side.LEGACY); // the target cannot be asked
            isDown.set(false);
            long begun = System.nanoTime();
            drain(router);
            progress.printf(
                    "%d keys were owed, nothing is after %.1f s%n", owed.keys(), (System.nanoTime() - begun) / 1e9);
            requireEqual(databases);
            figures.add("drain", worstCase(router, progress));
            requireEqual(databases);
            figures.add("copyByHand", byHand(databases));
        } catch (Exception failure) {
            throw new IllegalStateException("group outage could not be run", failure);
        }
        return figures;
    }

    private void write(DualWriteRouter<Long, Item> router) {
        long id = 1 + ThreadLocalRandom.current().nextLong(KEYS);
        router.write(new Item(id, "content " + written.incrementAndGet()));
    }

    /** Every key is owed, by a statement past the router, and worked off by one thread. */
    private Measurement worstCase(DualWriteRouter<Long, Item> router, PrintStream progress) throws SQLException {
        isDown.set(true);
        for (long id = 1; id <= KEYS; id++) {
            router.touched(List.of(id));
        }
        long owed = router.debt(Side.LEGACY).keys();
        isDown.set(false);
        long begun = System.nanoTime();
        drain(router);
        long took = System.nanoTime() - begun;
        progress.printf("%d keys worked off in %.1f s, %.0f a second%n", owed, took / 1e9, owed * 1e9 / took);
        return new Measurement(List.of(List.of((double) took / owed)), List.of(), List.of());
    }

    private static void drain(DualWriteRouter<Long, Item> router) {
        while (!router.debt().isNone()) {
            if (router.repair() == 0) {
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        }
    }

    private static Measurement byHand(ItemDatabases databases) {
        long begun = System.nanoTime();
        for (long id = 1; id <= COPIED_BY_HAND; id++) {
            databases.copy(id);
        }
        double each = (double) (System.nanoTime() - begun) / COPIED_BY_HAND;
        return new Measurement(List.of(List.of(each)), List.of(), List.of());
    }

    private static void requireEqual(ItemDatabases databases) throws SQLException {
        if (!rows(databases.legacy).equals(rows(databases.target))) {
            throw new IllegalStateException("nothing is owed, but the two sides differ");
        }
    }

    private static Map<Long, String> rows(DataSource database) throws SQLException {
        Map<Long, String> rows = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT id, content FROM item")) {
            while (found.next()) {
                rows.put(found.getLong(1), found.getString(2));
            }
        }
        return rows;
    }

    /** The database, which gives no connection while it is down. */
    private DataSource unlessDown(DataSource database) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (isDown.get() && method.getName().equals("getConnection")) {
                        throw new SQLNonTransientConnectionException("connection refused", "08001");
                    }
                    return method.invoke(database, arguments);
                });
    }
}
