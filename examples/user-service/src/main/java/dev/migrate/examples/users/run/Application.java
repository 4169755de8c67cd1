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

/**
 * The application process: the user service, its clients and the walk.
 *
 * <p>It can be killed at any time and started again on the same databases and receipts. It ends by itself when the
 * launcher does.
 */
final class Application {

    private static final Duration LATENCY = Duration.ofMillis(150);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

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
            run(options, new Sides(legacy, new FaultyDataSource(target, faults), faults), witness);
        }
    }

    private static void run(Options options, Sides sides, Witness witness) throws Exception {
        Reporter reporter = new Reporter(System.out);
        try (Journey journey = new Moving(options, sides, reporter);
                LoadDriver clients = LoadDriver.start(options.load(), journey.service(), witness);
                Snapshots snapshots = new Snapshots(() -> reporter.tell(snapshot(clients, journey, sides)))) {
            List<String> databases = journey.walk(reporter);
            clients.stop();
            journey.settle();
            snapshots.finish();
            reporter.tell(new Message.Finished(databases));
        }
    }

    private static Message snapshot(LoadDriver clients, Journey journey, Sides sides) {
        Figures figures = Figures.of(clients.tally())
                .add(Count.INJECTED_FAILURES, sides.faults().failures());
        journey.addTo(figures);
        return new Message.Snapshot(figures);
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
