package dev.migrate.test.schedule;

import dev.migrate.MigrationException;
import dev.migrate.MigrationThreads;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.internal.Waiting;
import dev.migrate.reconcile.RepairPolicy;
import dev.migrate.test.schedule.ScheduledSides.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One schedule: nodes at work while things go wrong, then a node that brings everything to rest, then the verdict. */
final class Schedule implements AutoCloseable {
    private static final int MOST_STARTS = 400;
    private static final int MOST_IDLE = 20;
    private static final int[] PAUSES_OF_WORKERS = {0, 2, 50};

    /** Past a claim, past an announcement, past the longest back-off. */
    private static final List<Duration> PAUSES = Stream.of(2, 2, 2, 2, 31, 31, 31, 61, 61, 1)
            .map(Duration::ofSeconds)
            .toList();

    private final SplittableRandom random;
    private final Interleaving run;
    private final World world;
    private final Plan plan;
    private final Recorded recorded = new Recorded();
    private final Map<Long, String> initial = new HashMap<>();
    private final List<RoutedNode> routed = new ArrayList<>();
    private int booted;

    Schedule(long seed, Schedules.Options options, Workers workers, MigrationThreads threads, boolean isTraced) {
        this.random = new SplittableRandom(seed ^ 0x5DEECE66DL);
        this.plan = Plan.draw(random.split(), options);
        this.run = new Interleaving(seed, plan.pace(), workers, isTraced);
        this.world = new World(run, options.sides(), threads, options.between().get());
        run.observedBy(this::observe);
        prepare();
        run.note(plan::toString);
        if (!plan.bootTogether()) {
            boot(0);
            run.runQuietly();
        }
        Disturbances disturbances = new Disturbances(
                random.split(),
                limits(options),
                List.of("legacy", "target"),
                run.steps(),
                plan.pace(),
                unused -> restart());
        run.disturbedBy(disturbances);
    }

    private Disturbances.Limits limits(Schedules.Options options) {
        if (!plan.isDisturbed()) {
            return Disturbances.Limits.NONE;
        }
        return world.hasLateCalls(plan) ? options.limits().withoutCrashes() : options.limits();
    }

    private void prepare() {
        for (int i = 0; i < plan.clients().keys(); i++) {
            long key = World.KEYS.get(i);
            if (random.nextInt(4) != 0) {
                String value = "initial." + key;
                initial.put(key, value);
                world.put(Side.LEGACY, new Item(key, value));
                if (!plan.hasBackfill() && plan.start().stage() != Stage.LEGACY_ONLY) {
                    world.put(Side.TARGET, new Item(key, value));
                }
            }
        }
        world.beginAt(plan.start());
    }

    /** Where the initial rows can only get to the target by being written, a schedule without tables begins with both sides equal. */
    @Nullable String go() {
        for (int index = plan.bootTogether() ? 0 : 1; index < plan.nodes(); index++) {
            boot(index);
        }
        if (!plan.bootTogether()) {
            begin(routed.get(0), 0);
        }
        Throwable failure = run.runQuietly();
        run.undisturbed();
        if (failure == null) {
            run.note(() -> "all is quiet; a last node comes up");
            Interleaving.Node last = run.node("last");
            last.actor("end", () -> comeToRest(last));
            failure = run.runQuietly();
        }
        return failure != null
                ? String.valueOf(failure.getMessage())
                : new Verdict(world, recorded, initial).violation();
    }

    private void restart() {
        if (plan.restarts() && booted < plan.nodes() + 2) {
            boot(booted);
        }
    }

    private void boot(int index) {
        booted++;
        Interleaving.Node node = run.node("n" + index);
        boolean isFirst = index == 0 && !plan.bootTogether();
        node.actor("boot", () -> {
            RoutedNode built = built(node);
            routed.add(built);
            if (!isFirst) {
                begin(built, index);
            }
        });
    }

    /** An application that cannot be started is started again. */
    private RoutedNode built(Interleaving.Node node) {
        for (int attempt = 1; ; attempt++) {
            try {
                return new RoutedNode(world, node, plan);
            } catch (MigrationException failure) {
                if (attempt == MOST_STARTS) {
                    throw failure;
                }
                Waiting.pause(Duration.ofMillis(100).toNanos());
            }
        }
    }

    private void begin(RoutedNode on, int index) {
        for (int i = 0; i < plan.clients().many(); i++) {
            String name = on.node.name() + (char) ('a' + i);
            on.node.actor("client-" + name, new Client(world, on, recorded, plan, random.split(), name));
        }
        for (int i = 0; i < plan.workers(); i++) {
            int pause = PAUSES_OF_WORKERS[random.nextInt(PAUSES_OF_WORKERS.length)];
            on.node.actor("worker", () -> work(on, pause));
        }
        if (index < plan.operators()) {
            on.node.actor("operator", new Operator(world, on, plan.walk(), random.split()));
        }
        if (plan.hasBackfill() && (index == 0 || random.nextInt(3) == 0)) {
            on.node.actor("backfill", () -> backFill(on));
        }
        if (plan.reconciles() && index == 0) {
            on.node.actor("reconciler", () -> reconcile(on));
        }
    }

    /** Takes up what is owed, now and again; mostly once something is. */
    private void work(RoutedNode on, int pauseMillis) {
        for (int i = 0; i < 3; i++) {
            for (int idle = 0; idle < MOST_IDLE && world.isNothingOwed(); idle++) {
                Waiting.pause(Duration.ofMillis(2).toNanos());
            }
            try {
                on.router.repair();
            } catch (MigrationException failure) {
                // A side is down; what is owed is taken up again.
            }
            Waiting.pause(Duration.ofMillis(pauseMillis).toNanos());
        }
    }

    /** Runs the backfill, and again where it was begun anew since. */
    private static void backFill(RoutedNode on) throws Exception {
        for (int i = 0; i < 6 && on.backfill != null; i++) {
            try {
                if (on.backfill.done().closedBecause().isPresent()) {
                    on.backfill.run();
                }
            } catch (MigrationException failure) {
                // A side is down, or the migration is where nothing can be copied.
            }
            Waiting.pause(Duration.ofMillis(200).toNanos());
        }
    }

    private static void reconcile(RoutedNode on) throws Exception {
        if (on.reconciliation != null) {
            try {
                on.reconciliation.run().plan(RepairPolicy.AUTHORITATIVE_WINS).apply("a schedule");
            } catch (MigrationException failure) {
                // A side is down, or the migration is where nothing can be compared.
            }
        }
    }

    private void comeToRest(Interleaving.Node node) throws Exception {
        RoutedNode last = built(node);
        awaitRoles(last);
        if (world.needsOwing() && last.migration.current().stage().writesShadow()) {
            last.router.touched(World.KEYS);
        }
        drain(last);
        Position at = last.migration.current();
        boolean isCopied = at.stage() != Stage.LEGACY_ONLY && at.compareTo(Position.of(Stage.SHADOW)) <= 0;
        if (isCopied && last.backfill != null) {
            last.backfill.run();
            drain(last);
        }
        if (isCopied && world.needsProof() && last.reconciliation != null) {
            last.reconciliation
                    .run()
                    .plan(RepairPolicy.AUTHORITATIVE_WINS)
                    .apply("rows were written while nothing was copied");
            drain(last);
        }
        for (RoutedNode each : routed) {
            if (!each.node.isCrashed()) {
                each.migration.refresh();
                new Client(world, each, recorded, plan, random.split(), each.node.name() + "z").write(World.LAST_KEY);
            }
        }
        drain(last);
    }

    /** A step that was cut off is ended by whoever works off the journal. */
    private void awaitRoles(RoutedNode node) {
        for (Duration pause : PAUSES) {
            node.router.repair();
            if (world.isInLine()) {
                return;
            }
            Waiting.pause(pause.toNanos());
        }
        throw new AssertionError("the sides have not come in line with " + world.position());
    }

    private static void drain(RoutedNode node) {
        if (!node.migration.current().stage().writesShadow()) {
            return;
        }
        for (Duration pause : PAUSES) {
            node.router.retryParked(100);
            node.router.repair();
            if (node.router.debt().isNone()) {
                return;
            }
            Waiting.pause(pause.toNanos());
        }
        throw new AssertionError("debt is not worked off: " + node.router.debt());
    }

    private void observe(String call) {
        if (call.endsWith(".assign") && world.isBooked()) {
            Integer segment = world.segmentOfTwoAuthorities();
            if (segment != null) {
                throw new AssertionError("both sides take writes for segment " + segment);
            }
        }
    }

    long steps() {
        return run.steps();
    }

    List<String> trace() {
        return run.trace();
    }

    @Override
    public void close() {
        run.close();
    }
}
