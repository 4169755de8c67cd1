package dev.migrate.verify.cluster;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.Position;
import dev.migrate.backfill.Backfill;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.dualwrite.Guarantee;
import dev.migrate.jdbc.JdbcMigrationStore;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.side.BookedRecords;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * A node: an application with a router on both databases, and clients. It obeys commands on its standard input, one a line, with tabs between the words,
 * and tells on its standard output what it does. It ends when its input does.
 */
public final class ClusterNode implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(1);
    private final PrintStream out;
    private final HikariDataSource legacy;
    private final HikariDataSource target;
    private final Migration migration;
    private final DualWriteRouter<Long, Item> router;
    private final List<Client> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile String step = "";

    private ClusterNode(NodeSetup setup, PrintStream out) throws IOException {
        this.out = out;
        this.legacy = pool(setup.legacyUrl());
        this.target = pool(setup.targetUrl());
        this.migration = Migration.named("items")
                .store(new JdbcMigrationStore(legacy))
                .node(setup.name())
                .operator(setup::name)
                .listener(this::tell)
                .build();
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

    /** Runs a node; the arguments are those of {@link NodeSetup#of}. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        ExecutorService commands = Executors.newSingleThreadExecutor();
        ClusterNode node = new ClusterNode(NodeSetup.of(arguments), out);
        node.start();
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

    private static BookedRecords<Long, Item> side(DataSource database, String url, NodeSetup setup) {
        BookedRecords<Long, Item> items = Items.in(database, url);
        return setup.isJournalKept() ? items : new ForgetfulJournal<>(items);
    }

    private void start() {
        for (Client client : clients) {
            Thread thread = new Thread(client, "client");
            threads.add(thread);
            thread.start();
        }
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
            case "backfill" -> backfill();
            case "rest" -> rest();
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

    private String backfill() throws Exception {
        return Backfill.of(migration)
                .legacy(JdbcTable.of(legacy, "items"))
                .target(JdbcTable.of(target, "items"))
                .chunkRows(500)
                .build()
                .run()
                .toString();
    }

    private String rest() throws InterruptedException {
        clients.forEach(Client::stop);
        for (Thread thread : threads) {
            thread.join();
        }
        return "resting";
    }

    private String drain() {
        long deadline = System.nanoTime() + LONGEST_DRAIN.toNanos();
        while (!router.debt().isNone() && System.nanoTime() - deadline < 0) {
            router.repair();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return String.valueOf(router.debt().keys());
    }

    @Override
    public void close() {
        router.close();
        migration.close();
        legacy.close();
        target.close();
    }
}
