package dev.migrate.verify.cluster;

import dev.migrate.verify.cluster.NodeProcess.Answer;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs three nodes under load up and down the ladder while they are killed and stopped, and looks for every acknowledged write. */
public final class ClusterRun {
    private static final Duration LONGEST_END = Duration.ofMinutes(2);

    private ClusterRun() {}

    /** Prints the report; ends with 1 where a promise was broken. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        if (List.of(arguments).contains("--help")) {
            out.println(Options.HELP);
            return;
        }
        Path directory = Files.createTempDirectory("migrate-cluster");
        ClusterReport report = run(Options.parse(arguments), directory);
        report.lines().forEach(out::println);
        report.refusals().stream().distinct().forEach(refusal -> out.println("in vain: " + refusal));
        out.println("histories and log in " + directory);
        System.exit(report.isClean() ? 0 : 1);
    }

    /** @param directory an empty one, for histories and the log */
    static ClusterReport run(Options options, Path directory) throws Exception {
        long begun = System.nanoTime();
        Databases databases = new Databases(DatabaseServer.of(options.database()));
        Map<Long, String> seeded = databases.seed(options.keys());
        try (Cluster cluster = new Cluster(options, databases, directory)) {
            cluster.all();
            Walk walk = new Walk(cluster, options.seed());
            int stops = walk(options, cluster, walk);
            long owed = rest(cluster);
            List<Call> calls = Histories.in(directory);
            Verdict verdict = Verdict.of(
                    calls, seeded, Databases.rows(databases.legacy), Databases.rows(databases.target), options.keys());
            return new ClusterReport(
                    options,
                    calls,
                    verdict,
                    Pauses.of(cluster.handovers(), calls),
                    Duration.ofNanos(System.nanoTime() - begun),
                    walk.walks(),
                    walk.steps(),
                    walk.refusals(),
                    cluster.kills(),
                    cluster.killsInside(),
                    stops,
                    owed,
                    cluster.unexpected());
        }
    }

    /** Returns how often a node was stopped and went on. */
    private static int walk(Options options, Cluster cluster, Walk walk) throws InterruptedException {
        long begun = System.nanoTime();
        Havoc havoc = new Havoc(cluster, options);
        try (havoc) {
            walk.start();
            while (walk.walks() < options.walks()
                    || System.nanoTime() - begun < options.atLeast().toNanos()) {
                walk.once();
            }
        }
        return havoc.stops();
    }

    /** Stops the clients, has everything copied that is owed, and ends the nodes; returns what is left. */
    private static long rest(Cluster cluster) throws InterruptedException {
        List<NodeProcess> nodes = new ArrayList<>(cluster.all());
        for (NodeProcess node : nodes) {
            answerOf(node, "rest");
        }
        long owed = 0;
        for (NodeProcess node : nodes) {
            owed = Long.parseLong(answerOf(node, "drain"));
        }
        for (NodeProcess node : nodes) {
            node.quit(LONGEST_END);
        }
        return owed;
    }

    private static String answerOf(NodeProcess node, String command) throws InterruptedException {
        Answer answer = node.ask(LONGEST_END, command);
        if (!answer.isOk()) {
            throw new IllegalStateException("node " + node.name + " says to '" + command + "': " + answer.text());
        }
        return answer.text();
    }
}
