package dev.migrate.verify.cluster;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.Position;
import dev.migrate.jdbc.JdbcMigrationStore;
import dev.migrate.side.Debt;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A node: an application with routers on both databases, and clients. It obeys commands on its standard input, one a line, with tabs between the words,
 * and tells on its standard output what it does. It ends when its input does.
 */
public final class ClusterNode implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(1);
    private final PrintStream out;
    private final HikariDataSource legacy;
    private final HikariDataSource target;
    private final Migration migration;
    private final NodeWork work;
    private volatile String step = "";

    private ClusterNode(NodeSetup setup, PrintStream out) throws IOException {
        this.out = out;
        this.legacy = pool(setup.legacyUrl());
        this.target = pool(setup.targetUrl());
        this.migration = Migration.named(Workload.inWords(setup.workload()))
                .store(new JdbcMigrationStore(legacy))
                .node(setup.name())
                .operator(setup::name)
                .listener(this::tell)
                .build();
        this.work = setup.workload() == Workload.ITEMS
                ? new ItemWork(migration, legacy, target, setup)
                : new RoomWork(migration, legacy, target, setup);
    }

    /** Runs a node; the arguments are those of {@link NodeSetup#of}. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        ExecutorService commands = Executors.newSingleThreadExecutor();
        ClusterNode node = new ClusterNode(NodeSetup.of(arguments), out);
        node.work.start();
        node.say("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            List<String> command = List.of(line.split("\t", -1));
            commands.execute(() -> node.obey(command));
        }
        Runtime.getRuntime().halt(2); // nobody is there any more to tell what to do
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(10);
        return new HikariDataSource(config);
    }

    private void say(String... words) {
        synchronized (out) {
            out.println(String.join("\t", words));
            out.flush();
        }
    }

    private void tell(MigrationEvent event) {
        if (event instanceof MigrationEvent.StepAcknowledged) {
            say("holding");
        } else if (event instanceof MigrationEvent.HandoverCompleted completed) {
            String pause = String.valueOf(completed.pause().toNanos());
            say("handed", step, String.valueOf(System.nanoTime()), pause);
        } else if (event instanceof MigrationEvent.HandoverAbandoned) {
            say("abandoned");
        } else if (event instanceof MigrationEvent.KeyParked) {
            say("parked");
        }
    }

    private void obey(List<String> command) {
        try {
            say("answer", "ok", answer(command));
        } catch (Exception failure) {
            say("answer", "failed", failure.toString().replaceAll("\\s+", " "));
        }
        if (command.get(0).equals("quit")) {
            System.exit(0);
        }
    }

    private String answer(List<String> command) throws Exception {
        return switch (command.get(0)) {
            case "position" -> migration.refresh().position().toString();
            case "step" -> step(Position.parse(command.get(1)), command.get(2));
            case "prepare" -> {
                work.prepare();
                yield "prepared";
            }
            case "backfill" -> work.backfill();
            case "rest" -> {
                work.rest();
                yield "resting";
            }
            case "drain" -> drain();
            case "quit" -> {
                close();
                yield "bye";
            }
            default -> throw new IllegalArgumentException("there is no command '" + command.get(0) + "'");
        };
    }

    private String step(Position to, String why) {
        Position from = migration.refresh().position();
        step = from + "\t" + to;
        migration.moveTo(to, why);
        return to.toString();
    }

    /** Until nothing is owed but what only a person can decide on; answers with what is left. */
    private String drain() {
        long deadline = System.nanoTime() + LONGEST_DRAIN.toNanos();
        Debt left = work.debt();
        while ((left.keys() > left.parked() || left.intents() > 0) && System.nanoTime() - deadline < 0) {
            work.repair();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            left = work.debt();
        }
        return Rest.of(left).toString();
    }

    @Override
    public void close() {
        work.close();
        migration.close();
        legacy.close();
        target.close();
    }
}
