package dev.migrate.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Dial;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationEvent.BackfillProgress;
import dev.migrate.MigrationEvent.BreakerChanged;
import dev.migrate.MigrationEvent.ChangesReconciled;
import dev.migrate.MigrationEvent.Comparison;
import dev.migrate.MigrationEvent.DebtMeasured;
import dev.migrate.MigrationEvent.FellBack;
import dev.migrate.MigrationEvent.FlagTurned;
import dev.migrate.MigrationEvent.HandoverAbandoned;
import dev.migrate.MigrationEvent.HandoverCompleted;
import dev.migrate.MigrationEvent.KeyDismissed;
import dev.migrate.MigrationEvent.KeyParked;
import dev.migrate.MigrationEvent.OutcomeUnknown;
import dev.migrate.MigrationEvent.PassEnded;
import dev.migrate.MigrationEvent.PassResult;
import dev.migrate.MigrationEvent.PositionChanged;
import dev.migrate.MigrationEvent.Pressure;
import dev.migrate.MigrationEvent.PressureChanged;
import dev.migrate.MigrationEvent.ReadCompared;
import dev.migrate.MigrationEvent.ReconciliationProgress;
import dev.migrate.MigrationEvent.RolloutAdvanced;
import dev.migrate.MigrationEvent.RowsLeftOut;
import dev.migrate.MigrationEvent.ShadowWorkDropped;
import dev.migrate.MigrationEvent.ShadowWriteFailed;
import dev.migrate.MigrationEvent.ShadowWriteRepaired;
import dev.migrate.MigrationEvent.StepAcknowledged;
import dev.migrate.MigrationEvent.Verdict;
import dev.migrate.Percent;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Traffic;
import dev.migrate.side.Debt;
import dev.migrate.store.InMemoryMigrationStore;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MigrationMetersTest {
    private static final String KEY = "s:secret-key-42";
    private static final List<MigrationEvent> ONE_OF_EACH = List.of(
            new PositionChanged("orders", Position.START, Position.of(Stage.DUAL_WRITE), 2),
            new StepAcknowledged("orders", 3, 2, Duration.ofMillis(40)),
            new HandoverCompleted("orders", Side.LEGACY, 50, Duration.ofMillis(12)),
            new HandoverAbandoned("orders", Side.LEGACY, 50, "debt of " + KEY),
            new ShadowWriteFailed("orders", "items", Side.TARGET, KEY, new IOException(KEY)),
            new ShadowWriteRepaired("orders", "items", Side.TARGET, KEY, Duration.ofSeconds(3)),
            new KeyParked("orders", "items", Side.TARGET, KEY, 7),
            new KeyDismissed("orders", "items", Side.TARGET, KEY, "ada", "no " + KEY + " any more"),
            new DebtMeasured("orders", "items", Side.TARGET, 12, 3, 2, Duration.ofSeconds(40)),
            new PressureChanged("orders", "items", Set.of(), Set.of(Pressure.SLOWS_BACKFILL)),
            new ReadCompared("orders", "items", Side.LEGACY, KEY, Comparison.DIFFERENT),
            new FellBack("orders", "payments", Side.TARGET, new IOException(KEY)),
            new OutcomeUnknown("orders", "payments", Side.TARGET, new IOException(KEY)),
            new BreakerChanged("orders", "payments", Side.TARGET, true),
            new ShadowWorkDropped("orders", 9),
            new FlagTurned("new-search", "5 %", "25 %; on=" + KEY, "ada", "well"),
            new BackfillProgress("orders", "users", 40, 100, 12.5, false, "paused"),
            new RowsLeftOut("orders", "users", 3),
            new ReconciliationProgress("orders", "users", 30, 10, 100, 2, 10, false),
            new ChangesReconciled("orders", "users", 31, 4, 5, true),
            new PassEnded("orders", "quick", PassResult.NOT_CLEAN, KEY, Duration.ofSeconds(7)),
            new RolloutAdvanced("orders", Verdict.ROLL_BACK, "SHADOW", "errors", Instant.EPOCH));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MigrationMeters meters = MigrationMeters.of(registry);

    private void everything() {
        ONE_OF_EACH.forEach(meters::on);
        meters.watch(new TurnedTo25());
        meters.watchDebt(
                "orders",
                "items",
                () -> new Debt(5, 1, Optional.of(Instant.EPOCH)),
                () -> Instant.EPOCH.plusSeconds(90));
        try (Migration orders =
                Migration.named("orders").store(new InMemoryMigrationStore()).build()) {
            meters.watch(orders);
        }
    }

    private List<String> names() {
        return registry.getMeters().stream()
                .map(meter -> describe(meter.getId()))
                .distinct()
                .sorted()
                .toList();
    }

    private static String describe(Meter.Id id) {
        return id.getName()
                + id.getTags().stream()
                        .map(tag -> tag.getKey() + "=" + tag.getValue())
                        .collect(Collectors.joining(",", "{", "}"));
    }

    @Test
    void everyEventHasItsMeterByItsName() {
        everything();

        assertThat(names())
                .containsExactly(
                        "migrate.backfill.held{migration=orders,table=users}",
                        "migrate.backfill.left.out{migration=orders,table=users}",
                        "migrate.backfill.rows.expected{migration=orders,table=users}",
                        "migrate.backfill.rows{migration=orders,table=users}",
                        "migrate.backfill.share{migration=orders,table=users}",
                        "migrate.backfill.time.left{migration=orders,table=users}",
                        "migrate.breaker.openings{migration=orders,side=target,subject=payments}",
                        "migrate.breaker.open{migration=orders,side=target,subject=payments}",
                        "migrate.debt.age{migration=orders,records=items}",
                        "migrate.debt.dismissed{migration=orders,records=items}",
                        "migrate.debt.intents{migration=orders,records=items}",
                        "migrate.debt.keys{migration=orders,records=items}",
                        "migrate.debt.parked{migration=orders,records=items}",
                        "migrate.fallbacks{cause=failure,from=target,migration=orders,subject=payments}",
                        "migrate.flag.percent{flag=new-search}",
                        "migrate.flag.turns{flag=new-search}",
                        "migrate.handover.abandoned{from=legacy,migration=orders}",
                        "migrate.handover.pause{from=legacy,migration=orders}",
                        "migrate.keys.dismissed{migration=orders,records=items,shadow=target}",
                        "migrate.keys.parked{migration=orders,records=items,shadow=target}",
                        "migrate.outcomes.unknown{migration=orders,side=target,subject=payments}",
                        "migrate.owed.age{migration=orders,records=items,shadow=target}",
                        "migrate.owed.dismissed{migration=orders,records=items,shadow=target}",
                        "migrate.owed.keys{migration=orders,records=items,shadow=target}",
                        "migrate.owed.parked{migration=orders,records=items,shadow=target}",
                        "migrate.passes{migration=orders,pass=quick,result=not_clean}",
                        "migrate.position.changes{migration=orders}",
                        "migrate.position{migration=orders}",
                        "migrate.pressure{migration=orders,records=items,rung=holds_rollout}",
                        "migrate.pressure{migration=orders,records=items,rung=leaves_to_worker}",
                        "migrate.pressure{migration=orders,records=items,rung=slows_backfill}",
                        "migrate.pressure{migration=orders,records=items,rung=stops_writes}",
                        "migrate.pressure{migration=orders,records=items,rung=trips_guard}",
                        "migrate.reads.compared{authoritative=legacy,migration=orders,result=different,subject=items}",
                        "migrate.reconciliation.changed.differences{migration=orders,table=users}",
                        "migrate.reconciliation.changed.open{migration=orders,table=users}",
                        "migrate.reconciliation.changed.rows{migration=orders,table=users}",
                        "migrate.reconciliation.differences{migration=orders,table=users}",
                        "migrate.reconciliation.rows.expected{migration=orders,table=users}",
                        "migrate.reconciliation.rows{migration=orders,table=users}",
                        "migrate.reconciliation.share{migration=orders,table=users}",
                        "migrate.reconciliation.time.left{migration=orders,table=users}",
                        "migrate.rollout.verdicts{migration=orders,verdict=roll_back}",
                        "migrate.shadow.work.dropped{migration=orders}",
                        "migrate.shadow.work.waiting{migration=orders}",
                        "migrate.shadow.write.failures{migration=orders,records=items,shadow=target}",
                        "migrate.shadow.write.repairs{migration=orders,records=items,shadow=target}",
                        "migrate.step.acknowledged{migration=orders}");
    }

    @Test
    void noKindOfEventIsForgotten() {
        assertThat(ONE_OF_EACH.stream().map(Object::getClass).toList())
                .containsExactlyInAnyOrder(MigrationEvent.class.getPermittedSubclasses());
        for (MigrationEvent event : ONE_OF_EACH) {
            SimpleMeterRegistry own = new SimpleMeterRegistry();
            MigrationMeters.of(own).on(event);
            assertThat(own.getMeters()).as(event.getClass().getSimpleName()).isNotEmpty();
        }
    }

    @Test
    void everyNameIsDocumentedAndNoOtherIs() throws IOException {
        everything();
        String source = Files.readString(Path.of("src/main/java/dev/migrate/micrometer/MigrationMeters.java"));
        TreeSet<String> documented = java.util.regex.Pattern.compile("\\{@code\\s+(?:\\*\\s+)?(migrate\\.[a-z.]+)}")
                .matcher(source)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented)
                .isEqualTo(registry.getMeters().stream()
                        .map(meter -> meter.getId().getName())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void keysAreNoTags() {
        everything();

        assertThat(names()).noneMatch(name -> name.contains("secret"));
    }

    @Test
    void numbersOfMetersDoesNotGrowWithTraffic() {
        everything();
        int before = registry.getMeters().size();
        for (int i = 0; i < 1_000; i++) {
            meters.on(new ShadowWriteFailed("orders", "items", Side.TARGET, "s:" + i, new IOException("" + i)));
            meters.on(new FlagTurned("new-search", i + " %", "25 %", "user " + i, "why " + i));
        }

        assertThat(registry.getMeters()).hasSize(before);
        assertThat(registry.get("migrate.shadow.write.failures").counter().count())
                .isEqualTo(1_001);
    }

    @Test
    void timersAndGaugesSayWhatIs() {
        everything();
        meters.on(new BreakerChanged("orders", "payments", Side.TARGET, false));
        assertThat(registry.get("migrate.backfill.held").gauge().value()).isEqualTo(1);
        meters.on(new BackfillProgress("orders", "users", 60, 100, 12.5, false, null));
        assertThat(registry.get("migrate.backfill.held").gauge().value()).isZero();
        meters.on(new FellBack("orders", "payments", Side.TARGET, null));

        assertThat(registry.get("migrate.handover.pause").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(12);
        assertThat(registry.get("migrate.shadow.write.repairs").timer().max(TimeUnit.SECONDS))
                .isEqualTo(3);
        assertThat(registry.get("migrate.breaker.open").gauge().value()).isZero();
        assertThat(registry.get("migrate.breaker.openings").counter().count()).isEqualTo(1);
        assertThat(registry.get("migrate.backfill.rows").gauge().value()).isEqualTo(60);
        assertThat(registry.get("migrate.reconciliation.changed.rows").gauge().value())
                .isEqualTo(31);
        assertThat(registry.get("migrate.reconciliation.changed.differences")
                        .gauge()
                        .value())
                .isEqualTo(4);
        assertThat(registry.get("migrate.reconciliation.changed.open").gauge().value())
                .isEqualTo(5);
        assertThat(registry.get("migrate.backfill.left.out").gauge().value()).isEqualTo(3);
        meters.on(new RowsLeftOut("orders", "users", 0));
        assertThat(registry.get("migrate.backfill.left.out").gauge().value()).isZero();
        assertThat(registry.get("migrate.reconciliation.differences").gauge().value())
                .isEqualTo(2);
        assertThat(registry.get("migrate.debt.keys").gauge().value()).isEqualTo(5);
        assertThat(registry.get("migrate.debt.parked").gauge().value()).isEqualTo(1);
        assertThat(registry.get("migrate.debt.intents").gauge().value()).isZero();
        assertThat(registry.get("migrate.debt.age").timeGauge().value(TimeUnit.SECONDS))
                .isEqualTo(90);
        meters.on(new DebtMeasured("orders", "items", Side.TARGET, 11, 0, 1, Duration.ofSeconds(50)));
        assertThat(registry.get("migrate.owed.keys").gauge().value()).isEqualTo(11);
        assertThat(registry.get("migrate.owed.parked").gauge().value()).isZero();
        assertThat(registry.get("migrate.owed.dismissed").gauge().value()).isEqualTo(1);
        assertThat(registry.get("migrate.owed.age").timeGauge().value(TimeUnit.SECONDS))
                .isEqualTo(50);
        assertThat(pressure("slows_backfill")).isEqualTo(1);
        meters.on(new PressureChanged(
                "orders", "items", Set.of(Pressure.SLOWS_BACKFILL), Set.of(Pressure.LEAVES_TO_WORKER)));
        assertThat(pressure("slows_backfill")).isZero();
        assertThat(pressure("leaves_to_worker")).isEqualTo(1);
        assertThat(registry.get("migrate.flag.percent").gauge().value()).isEqualTo(25);
        assertThat(registry.get("migrate.fallbacks")
                        .tag("cause", "breaker")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void shareAndTimeLeft_areNaNWhereTheyAreNotKnown() {
        everything();
        assertThat(headway("migrate.backfill.share")).isEqualTo(0.4);
        assertThat(headway("migrate.reconciliation.share")).isEqualTo(0.3);
        assertThat(timeLeft("migrate.backfill")).isEqualTo(5); // 60 at 12.5 a second
        assertThat(timeLeft("migrate.reconciliation")).isEqualTo(7);
        meters.on(new BackfillProgress("orders", "users", 60, 0, 0, false, null));
        assertThat(headway("migrate.backfill.share")).isNaN();
        assertThat(timeLeft("migrate.backfill")).isNaN();
        meters.on(new BackfillProgress("orders", "users", 60, 60, 0, true, null));
        assertThat(headway("migrate.backfill.share")).isEqualTo(1);
        assertThat(timeLeft("migrate.backfill")).isZero();
    }

    private double headway(String name) {
        return registry.get(name).gauge().value();
    }

    private double timeLeft(String of) {
        return registry.get(of + ".time.left").timeGauge().value(TimeUnit.SECONDS);
    }

    private double pressure(String rung) {
        return registry.get("migrate.pressure").tag("rung", rung).gauge().value();
    }

    @Test
    void watchedMigrationIsCountedAndShown() {
        try (Migration orders =
                Migration.named("orders").store(new InMemoryMigrationStore()).build()) {
            meters.watch(orders);
            orders.moveTo(Stage.DUAL_WRITE, "live");
            orders.moveTo(Stage.DUAL_WRITE.plusPercent(25), "live");

            assertThat(registry.get("migrate.position").gauge().value()).isEqualTo(1.25);
            assertThat(registry.get("migrate.position.changes").counter().count())
                    .isEqualTo(2);
            assertThat(registry.get("migrate.shadow.work.waiting").gauge().value())
                    .isZero();
        }
    }

    /** A flag that stands at 25 percent, in a registry's weak hands. */
    private static final class TurnedTo25 implements Dial<Percent> {
        private static final AtomicReference<Dial<Percent>> HELD = new AtomicReference<>();

        TurnedTo25() {
            HELD.set(this);
        }

        @Override
        public String name() {
            return "new-search";
        }

        @Override
        public Percent current() {
            return Percent.percent(25);
        }

        @Override
        public void turnTo(Percent to, String why) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void turnBackTo(Percent to, String why) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String format(Percent position) {
            return position.toString();
        }

        @Override
        public Percent parse(String text) {
            return Percent.parse(text);
        }

        @Override
        public Traffic traffic() {
            return new Traffic();
        }
    }
}
