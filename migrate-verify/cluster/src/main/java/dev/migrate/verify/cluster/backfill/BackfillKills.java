package dev.migrate.verify.cluster.backfill;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Fills a table by two nodes that are killed again and again while they also write to it, and looks at what the target has counted. */
public final class BackfillKills {
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private BackfillKills() {}

    /** Prints the report; ends with 1 where the outcome is not exact. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        if (List.of(arguments).contains("--help")) {
            out.println(Options.HELP);
            return;
        }
        Path directory = Files.createTempDirectory("migrate-backfill");
        KillReport report = run(Options.parse(arguments), directory);
        report.lines().forEach(out::println);
        out.println("log in " + directory);
        System.exit(report.isClean() ? 0 : 1);
    }

    /** @param directory an empty one, for the log */
    static KillReport run(Options options, Path directory) throws Exception {
        Databases databases = Databases.create(options);
        long begun = System.nanoTime();
        try (TwoNodes nodes = new TwoNodes(options, databases, directory)) {
            int kills = kill(nodes, options);
            boolean isDone = nodes.awaitDone();
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            List<String> ended = nodes.ended();
            if (isDone) {
                nodes.rest();
            } else {
                nodes.close();
            }
            return new KillReport(
                    options,
                    took,
                    kills,
                    nodes.killed(),
                    bytes(databases.legacy),
                    nodes.inVain(),
                    ended,
                    databases.drain(),
                    Verdict.of(databases, options));
        }
    }

    /** Both nodes, and then one, in turns, at random moments while they copy; returns how often. */
    private static int kill(TwoNodes nodes, Options options) throws Exception {
        SplittableRandom random = new SplittableRandom(options.seed());
        int kills = 0;
        while (kills < options.kills() && nodes.awaitBothCopying((kills + 1.0) / (options.kills() + 2))) {
            LockSupport.parkNanos(random.nextLong(LONGEST_WAIT_NANOS));
            nodes.kill(kills % 2 == 0 ? List.of(0, 1) : List.of(random.nextInt(2)));
            kills++;
        }
        return kills;
    }

    private static long bytes(String url) throws SQLException {
        try (Connection connection = Databases.open(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_total_relation_size('document')")) {
            row.next();
            return row.getLong(1);
        }
    }
}
