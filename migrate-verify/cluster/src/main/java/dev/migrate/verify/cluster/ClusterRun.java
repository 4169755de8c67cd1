package dev.migrate.verify.cluster;

import dev.migrate.verify.cluster.NodeProcess.Answer;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Runs three nodes under load up and down the ladder while they are killed and stopped, and looks at what both databases hold then. */
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
        Options options = Options.parse(arguments);
        RunReport report = options.workload() == Workload.ITEMS ? items(options, directory) : rooms(options, directory);
        report.lines().forEach(out::println);
        report.ran().refusals().stream().distinct().forEach(refusal -> out.println("in vain: " + refusal));
        out.println("histories and log in " + directory);
        System.exit(report.isClean() ? 0 : 1);
    }

    /** @param directory an empty one, for histories and the log */
    static ClusterReport items(Options options, Path directory) throws Exception {
        Databases databases = new Databases(options);
        Map<Long, String> seeded = databases.seed(options.keys());
        Ran ran = run(options, databases, directory);
        List<Call> calls = Histories.in(directory);
        Verdict verdict = Verdict.of(
                calls, seeded, Databases.rows(databases.legacy), Databases.rows(databases.target), options.keys());
        return new ClusterReport(ran, calls, verdict, Pauses.of(ran.handovers(), calls));
    }

    /** @param directory an empty one, for histories and the log */
    static RoomReport rooms(Options options, Path directory) throws Exception {
        Databases databases = new Databases(options);
        List<Ticket> seeded = RoomTables.seed(databases.legacy, options.keys());
        Ran ran = run(options, databases, directory);
        List<Deed> deeds = DeedFile.read(directory);
        RoomVerdict verdict = RoomVerdict.of(databases.legacy, databases.target, seeded, deeds);
        return new RoomReport(ran, deeds, verdict, RoomWork.madeWay(directory));
    }

    private static Ran run(Options options, Databases databases, Path directory) throws Exception {
        long begun = System.nanoTime();
        try (Cluster cluster = new Cluster(options, databases, directory)) {
            cluster.all();
            Walk walk = new Walk(cluster, options.seed());
            int stops = walk(options, cluster, walk);
            Rest rest = rest(cluster);
            return new Ran(
                    options,
                    Duration.ofNanos(System.nanoTime() - begun),
                    walk.walks(),
                    walk.steps(),
                    walk.refusals(),
                    cluster.kills(),
                    cluster.killsInside(),
                    stops,
                    cluster.handovers(),
                    rest,
                    cluster.parkings(),
                    cluster.unexpected());
        }
    }

    /** Returns how often a node was stopped and went on. */
    private static int walk(Options options, Cluster cluster, Walk walk) throws InterruptedException {
        long begun = System.nanoTime();
        Havoc havoc = new Havoc(cluster, options);
        try (havoc) {
            walk.start();
            boolean isWalked = options.lacking().isWalked();
            while ((isWalked && walk.walks() < options.walks())
                    || System.nanoTime() - begun < options.atLeast().toNanos()) {
                if (isWalked) {
                    walk.once();
                } else {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                }
            }
        }
        return havoc.stops();
    }

    /** Stops the clients, has everything copied that is owed, and ends the nodes; returns what is left. */
    private static Rest rest(Cluster cluster) throws InterruptedException {
        List<NodeProcess> nodes = new ArrayList<>(cluster.all());
        for (NodeProcess node : nodes) {
            answerOf(node, "rest");
        }
        Rest rest = new Rest(0, 0, 0);
        for (NodeProcess node : nodes) {
            rest = Rest.parse(answerOf(node, "drain"));
        }
        for (NodeProcess node : nodes) {
            node.quit(LONGEST_END);
        }
        return rest;
    }

    private static String answerOf(NodeProcess node, String command) throws InterruptedException {
        Answer answer = node.ask(LONGEST_END, command);
        if (!answer.isOk()) {
            throw new IllegalStateException("node " + node.name + " says to '" + command + "': " + answer.text());
        }
        return answer.text();
    }
}
