package dev.migrate.examples.users.run;

import static dev.migrate.Percent.percent;
import static dev.migrate.Stage.DUAL_WRITE;
import static dev.migrate.Stage.LEGACY_ONLY;
import static dev.migrate.Stage.LIVE;
import static dev.migrate.Stage.RAMP_DOWN;
import static dev.migrate.Stage.SHADOW;
import static dev.migrate.Stage.TARGET_ONLY;

import dev.migrate.Migration;
import dev.migrate.Position;
import dev.migrate.Stage;
import dev.migrate.backfill.Backfill;
import dev.migrate.examples.users.UserService;
import dev.migrate.examples.users.console.Figures;
import dev.migrate.examples.users.console.Figures.Timing;
import dev.migrate.examples.users.fault.Fault;
import dev.migrate.examples.users.fault.FaultSwitch;
import dev.migrate.examples.users.load.Latency;
import dev.migrate.jdbc.JdbcMigrationStore;
import dev.migrate.jdbc.JdbcSequence;
import dev.migrate.jdbc.JoiningDataSource;
import dev.migrate.jdbc.SequenceGate;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.reconcile.RepairPolicy;
import dev.migrate.rollout.Guard;
import dev.migrate.rollout.Rollout;
import dev.migrate.rollout.Rollout.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The user service moves from the legacy to the target database: dual writes, backfill, comparison, a guarded rollout, the end.
 *
 * <p>Where the process begins follows from the store alone: one that was killed goes on where it stood.
 */
final class Moving implements Journey {

    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration LONGEST_FAULT = Duration.ofSeconds(6);

    private final Options options;
    private final FaultSwitch faults;
    private final Counted counted;
    private final Latency legacyLatency = new Latency();
    private final Latency targetLatency = new Latency();
    private final JoiningDataSource legacy;
    private final JoiningDataSource target;
    private final Migration migration;
    private final Routers routers;
    private final SequenceGate profileIds;
    private final UserService service;
    private boolean hasFailed;
    private long failedAt;

    Moving(Options options, Sides sides, Reporter reporter) {
        this.options = options;
        this.faults = sides.faults();
        this.counted = new Counted(reporter);
        this.legacy = new JoiningDataSource(sides.legacy());
        this.target = new JoiningDataSource(sides.target());
        this.migration = Migration.named("users")
                .store(new JdbcMigrationStore(sides.legacy()))
                .operator(() -> "user-service")
                .listener(counted)
                .build();
        this.routers = new Routers(migration, legacy, target);
        this.profileIds = SequenceGate.of(migration)
                .legacy(JdbcSequence.behind(legacy, "user_profiles", "id"))
                .target(JdbcSequence.behind(target, "user_profiles", "id"))
                .build();
        this.service = new RoutedUserService(routers, legacyLatency, targetLatency);
    }

    @Override
    public UserService service() {
        return service;
    }

    @Override
    public List<String> walk(Reporter reporter) throws Exception {
        if (at() == LEGACY_ONLY) {
            migration.moveTo(DUAL_WRITE, "the target schema is there");
        }
        if (at() == DUAL_WRITE) {
            for (Backfill backfill : routers.backfills()) {
                reporter.tell(new Message.Note(backfill.run().toString()));
            }
            migration.moveTo(SHADOW, "everything that was there is copied");
        }
        rollOut(reporter);
        migration.moveTo(RAMP_DOWN, "all users were on the target for a while");
        hold(options.hold());
        migration.moveTo(TARGET_ONLY, "legacy is not needed any more");
        return List.of("target");
    }

    private Stage at() {
        return migration.current().stage();
    }

    private void rollOut(Reporter reporter) throws Exception {
        List<Reconciliation> reconciliations = routers.reconciliations();
        var description = Rollout.of(migration).step(SHADOW);
        for (Reconciliation reconciliation : reconciliations) {
            description = description.gate(reconciliation.clean());
        }
        for (int share : Options.STEPS) {
            description = share == 100 ? description.step(LIVE) : description.step(SHADOW.plusPercent(share));
        }
        try (Rollout rollout = description
                .guard(Guard.errorRate().notWorseThanLegacyBy(percent(1)).minimumCalls(20))
                .guard(Guard.latency(0.99)
                        .notWorseThanLegacyBy(percent(100))
                        .notWorseThanLegacyBy(Duration.ofMillis(50))
                        .minimumCalls(20))
                .eachFor(options.hold())
                .rollBackTo(SHADOW)
                .build()) {
            if (at() == SHADOW) {
                reconcile(reconciliations, reporter);
            }
            walk(rollout, reporter);
        }
    }

    private void reconcile(List<Reconciliation> reconciliations, Reporter reporter) throws Exception {
        for (Reconciliation reconciliation : reconciliations) {
            var report = reconciliation.run();
            while (!report.isClean()) {
                reporter.tell(new Message.Note(report.toString()));
                reporter.tell(new Message.Note(report.plan(RepairPolicy.AUTHORITATIVE_WINS)
                        .apply("before the rollout")
                        .toString()));
                report = reconciliation.run();
            }
            reporter.tell(new Message.Note(report.toString()));
        }
    }

    private void walk(Rollout rollout, Reporter reporter) throws InterruptedException {
        Position told = Position.of(SHADOW);
        while (rollout.status().state() != State.DONE) {
            rollout.look();
            Position now = migration.current();
            if (!now.equals(told) && percentOf(now) > 0) {
                reporter.tell(new Message.Reached(percentOf(now)));
                failOnPurpose(percentOf(now), reporter);
            }
            told = now;
            State state = rollout.status().state();
            boolean isOver = hasFailed && migration.nanoTime() - failedAt > LONGEST_FAULT.toNanos();
            if (faults.fault() != Fault.NONE && (isOver || state == State.TURNED_BACK)) {
                faults.turnTo(Fault.NONE);
                reporter.tell(new Message.Note("the target is well again; " + routers.owed() + " keys are owed"));
            }
            if (state == State.TURNED_BACK && routers.owed() == 0) {
                rollout.restart("the target is well again and nothing is owed");
                reporter.tell(new Message.Note("nothing is owed any more: the rollout begins again"));
            }
            hold(LOOK);
        }
    }

    private static int percentOf(Position position) {
        return position.equals(Position.of(LIVE)) ? 100 : position.partsPerMillion() / 10_000;
    }

    /** A process that is to be killed has a failing target, too, so that it owes something when it dies. */
    private void failOnPurpose(int reached, Reporter reporter) {
        if (reached == options.faultAt() && options.fault() != Fault.NONE && !hasFailed) {
            hasFailed = true;
            failedAt = migration.nanoTime();
            Fault fault = options.fault() == Fault.CRASH ? Fault.ERRORS : options.fault();
            faults.turnTo(fault);
            reporter.tell(new Message.Note("the target fails on purpose: " + fault));
        }
    }

    private static void hold(Duration time) throws InterruptedException {
        new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void settle() throws InterruptedException {
        while (at() != TARGET_ONLY && routers.owed() > 0) {
            hold(LOOK);
        }
    }

    @Override
    public void addTo(Figures figures) {
        counted.addTo(figures);
        figures.add(Timing.LEGACY, legacyLatency);
        figures.add(Timing.TARGET, targetLatency);
    }

    @Override
    public void close() {
        profileIds.close();
        routers.close();
        migration.close();
    }
}
