package dev.migrate.examples.users.run;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.examples.users.console.Figures;
import dev.migrate.examples.users.console.Figures.Count;
import dev.migrate.examples.users.fault.FaultSwitch;
import dev.migrate.examples.users.fault.FaultyDataSource;
import dev.migrate.examples.users.load.LoadDriver;
import dev.migrate.examples.users.receipts.Witness;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * The application process: the user service, its clients and the walk.
 *
 * <p>It can be killed at any time and started again on the same databases and receipts. It ends by itself when the
 * launcher does.
 */
final class Application {

    private static final Duration LATENCY = Duration.ofMillis(150);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_SNAPSHOTS = Duration.ofMillis(250);

    private Application() {}

    /** The legacy URL, the target URL, the receipts' path, and what {@link Options} take. */
    public static void main(String[] arguments) throws Exception {
        List<String> words = List.of(arguments);
        Options options = Options.parse(words.subList(3, words.size()));
        endWithLauncher();
        try (HikariDataSource legacy = pool("legacy", words.get(0));
                HikariDataSource target = pool("target", words.get(1));
                Witness witness = Witness.open(
                        Path.of(words.get(2)), new Before(options.seed(), options.rows()), InstantSource.system())) {
            FaultSwitch faults = new FaultSwitch(LATENCY, PATIENCE);
            run(options, legacy, new FaultyDataSource(target, faults), faults, witness);
        }
    }

    private static void run(
            Options options, DataSource legacy, DataSource target, FaultSwitch faults, Witness witness)
            throws Exception {
        Reporter reporter = new Reporter(System.out);
        try (Journey journey = new LegacyOnly(legacy, options.hold());
                LoadDriver clients = LoadDriver.start(options.load(), journey.service(), witness)) {
            Runnable snapshot = () -> {
                Figures figures = Figures.of(clients.tally()).add(Count.INJECTED_FAILURES, faults.failures());
                journey.addTo(figures);
                reporter.tell(new Message.Snapshot(figures));
            };
            ScheduledExecutorService snapshots = Executors.newSingleThreadScheduledExecutor();
            try {
                long millis = BETWEEN_SNAPSHOTS.toMillis();
                snapshots.scheduleAtFixedRate(snapshot, millis, millis, TimeUnit.MILLISECONDS);
                List<String> databases = journey.walk(reporter);
                clients.stop();
                journey.settle();
                snapshot.run();
                reporter.tell(new Message.Finished(databases));
            } finally {
                snapshots.shutdownNow();
            }
        }
    }

    private static HikariDataSource pool(String name, String url) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(24);
        config.setConnectionTimeout(Duration.ofSeconds(10).toMillis());
        return new HikariDataSource(config);
    }

    /** The launcher holds the other end of the standard input as long as it lives. */
    private static void endWithLauncher() {
        Thread watch = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {
                    // nothing is ever said here
                }
            } catch (IOException e) {
                // the launcher is gone as well
            }
            Runtime.getRuntime().halt(3);
        });
        watch.setName("launcher-watch");
        watch.setDaemon(true);
        watch.start();
    }
}
