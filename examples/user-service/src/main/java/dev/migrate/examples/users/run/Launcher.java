package dev.migrate.examples.users.run;

import static dev.migrate.examples.users.run.Postgres.dataSource;

import dev.migrate.examples.users.check.CheckReport;
import dev.migrate.examples.users.check.Database;
import dev.migrate.examples.users.check.LossCheck;
import dev.migrate.examples.users.console.Console;
import dev.migrate.examples.users.console.Figures;
import dev.migrate.examples.users.console.FiguresTable;
import dev.migrate.examples.users.fault.Fault;
import dev.migrate.examples.users.receipts.Histories;
import dev.migrate.examples.users.receipts.ReceiptLog;
import dev.migrate.examples.users.receipts.Witness;
import dev.migrate.examples.users.sample.People;
import dev.migrate.examples.users.sample.Seeder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Starts the databases and the application, kills the application where that is asked for, and checks in the end that
 * nothing was lost. The exit code is 0 only if nothing was.
 */
public final class Launcher {

    private static final int SHOWN_FINDINGS = 20;
    private static final Duration POLL = Duration.ofMillis(20);

    private final Options options;
    private final Console console;
    private final Path directory;
    private final Path receipts;
    private final String legacyUrl;
    private final String targetUrl;

    private Launcher(Options options, Console console, Path directory, Postgres server) throws SQLException {
        this.options = options;
        this.console = console;
        this.directory = directory;
        this.receipts = directory.resolve("receipts");
        this.legacyUrl = server.create("users_legacy");
        this.targetUrl = server.create("users_target");
    }

    public static void main(String[] arguments) throws Exception {
        if (List.of(arguments).contains("--help")) {
            System.out.println(Options.USAGE);
            return;
        }
        Options options;
        try {
            options = Options.parse(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(Options.USAGE);
            System.exit(2);
            return;
        }
        Console console = new Console(System.out, Boolean.getBoolean("terminal"));
        boolean nothingLost;
        try (Postgres server = Postgres.start()) {
            Path directory = Files.createTempDirectory("user-service-");
            nothingLost = run(options, console, directory, server);
            if (nothingLost) {
                deleteAll(directory);
            }
        }
        System.exit(nothingLost ? 0 : 1);
    }

    private static void deleteAll(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    /** Runs the whole example; returns whether everything is where it must be. */
    static boolean run(Options options, Console console, Path directory, Postgres server) throws Exception {
        return new Launcher(options, console, directory, server).run();
    }

    private boolean run() throws Exception {
        long start = System.nanoTime();
        prepare();
        Figures figures = new Figures();
        boolean crash = options.fault() == Fault.CRASH;
        List<String> databases = live(figures, crash);
        if (crash) {
            console.note("starting the application again");
            databases = live(figures, false);
        }
        Histories histories = new Histories(new Before(options.seed(), options.rows()));
        ReceiptLog.read(receipts, histories::add);
        CheckReport report = check(histories, databases);
        report.findings().stream().limit(SHOWN_FINDINGS).forEach(finding -> console.note("  " + finding));
        console.table("Figures", FiguresTable.of(figures, report, histories.longestSilence()));
        console.note("");
        console.note(String.format(
                Locale.ROOT,
                "%s after %.1f s",
                report.clean() ? "Nothing was lost" : "FAILED, see " + directory + ",",
                (System.nanoTime() - start) / 1e9));
        return report.clean();
    }

    private void prepare() throws SQLException, IOException {
        Schema.LEGACY.create(dataSource(legacyUrl));
        Schema.TARGET.create(dataSource(targetUrl));
        try (Connection connection = dataSource(legacyUrl).getConnection()) {
            new Seeder(new People(options.seed()))
                    .seed(
                            connection,
                            options.rows(),
                            done -> console.progress("seeding legacy", done, options.rows(), done + " users"));
        }
    }

    /**
     * Runs one application process to its end.
     *
     * @param crash whether its end is to be killed at the point that the options name
     * @param figures what the process has counted is added
     * @return the databases that must hold everything, none if it was killed
     */
    private List<String> live(Figures figures, boolean crash) throws Exception {
        Path log = directory.resolve("application.log");
        Figures last = new Figures();
        List<String> databases = List.of();
        boolean killed = false;
        try (ApplicationProcess application =
                ApplicationProcess.start(legacyUrl, targetUrl, receipts, options, log)) {
            long killAt = Long.MAX_VALUE;
            while (!application.hasEnded()) {
                Message message = application.next(POLL).orElse(null);
                if (!killed && System.nanoTime() >= killAt) {
                    kill(application);
                    killed = true;
                }
                if (message instanceof Message.Snapshot snapshot) {
                    last = snapshot.figures();
                } else if (message instanceof Message.Finished finished) {
                    databases = finished.databases();
                } else if (message instanceof Message.Reached reached) {
                    killAt = crash && reached.percent() == options.faultAt() ? timeOfDeath() : killAt;
                } else if (message != null) {
                    show(message);
                }
            }
            requireEnd(application.exitCode(), killed == crash && databases.isEmpty() == crash, log);
        }
        figures.add(last);
        return databases;
    }

    private void show(Message message) {
        if (message instanceof Message.Progress progress) {
            console.progress(progress.name(), progress.done(), progress.total(), progress.detail());
        } else if (message instanceof Message.Note note) {
            console.note(note.text());
        }
    }

    private void kill(ApplicationProcess application) throws IOException {
        application.kill();
        Witness.killed(receipts, InstantSource.system());
        console.note("killed the application (SIGKILL to process " + application.pid() + ")");
    }

    private static void requireEnd(int code, boolean asPlanned, Path log) throws IOException {
        if (!asPlanned) {
            List<String> lines = Files.readAllLines(log);
            throw new IllegalStateException("the application did not end as planned, but with code " + code + ":\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size())));
        }
    }

    private long timeOfDeath() {
        Duration delay = Duration.ofMillis(200 + new SplittableRandom(options.seed()).nextInt(1_500));
        return System.nanoTime() + delay.toNanos();
    }

    private CheckReport check(Histories histories, List<String> databases) throws SQLException {
        LossCheck check = new LossCheck(histories, options.rows());
        List<Database> sides = databases.stream()
                .map(name -> new Database(name, dataSource(name.equals("legacy") ? legacyUrl : targetUrl)))
                .toList();
        CheckReport report = sides.size() == 1 ? check.of(sides.get(0)) : check.of(sides.get(0), sides.get(1));
        console.note(String.format(
                Locale.ROOT,
                "checked %,d users against %,d acknowledged writes in %s: %,d lost, %,d different (%.1f s)",
                report.users(),
                report.acknowledged(),
                String.join(" and ", databases),
                report.lost(),
                report.diverged(),
                report.took().toNanos() / 1e9));
        return report;
    }
}
