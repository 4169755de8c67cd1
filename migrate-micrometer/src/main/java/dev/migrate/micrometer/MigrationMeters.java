package dev.migrate.micrometer;

import dev.migrate.Dial;
import dev.migrate.Headway;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationEvent.BackfillProgress;
import dev.migrate.MigrationEvent.BreakerChanged;
import dev.migrate.MigrationEvent.ChangesReconciled;
import dev.migrate.MigrationEvent.DebtMeasured;
import dev.migrate.MigrationEvent.FellBack;
import dev.migrate.MigrationEvent.FlagTurned;
import dev.migrate.MigrationEvent.HandoverAbandoned;
import dev.migrate.MigrationEvent.HandoverCompleted;
import dev.migrate.MigrationEvent.KeyDismissed;
import dev.migrate.MigrationEvent.KeyParked;
import dev.migrate.MigrationEvent.OutcomeUnknown;
import dev.migrate.MigrationEvent.PassEnded;
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
import dev.migrate.MigrationListener;
import dev.migrate.Percent;
import dev.migrate.Position;
import dev.migrate.side.Debt;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Turns what happens to migrations, flags and rollouts into meters.
 *
 * <pre>{@code
 * MigrationMeters meters = MigrationMeters.of(registry).watch(orders);
 * PercentageFlag.named("new-search").listener(meters) ...
 * }</pre>
 *
 * <p>As a listener it counts:
 *
 * <ul>
 *   <li>{@code migrate.position.changes}: changes of position, by {@code migration}
 *   <li>{@code migrate.step.acknowledged}: timer; how long it took until all nodes had acknowledged a step, by {@code migration}
 *   <li>{@code migrate.handover.pause}: timer; how long handovers held writes, by {@code migration, from}
 *   <li>{@code migrate.handover.abandoned}: handovers that did not happen, by {@code migration, from}
 *   <li>{@code migrate.shadow.write.failures}: copies that failed and stay owed, by {@code migration, records, shadow}
 *   <li>{@code migrate.shadow.write.repairs}: timer; how long repaired keys were owed, by {@code migration, records, shadow}
 *   <li>{@code migrate.keys.parked}: keys left until somebody decides, by {@code migration, records, shadow}
 *   <li>{@code migrate.keys.dismissed}: parked keys that somebody has dismissed, by {@code migration, records, shadow}
 *   <li>{@code migrate.owed.keys}, {@code migrate.owed.parked}, {@code migrate.owed.dismissed}, {@code migrate.owed.age}: gauges; what
 *       the shadow is owed, as the worker has measured it last, by {@code migration, records, shadow}
 *   <li>{@code migrate.pressure}: gauge; 1 while something gives way to debt, by {@code migration, records} and {@code rung}
 *   <li>{@code migrate.shadow.work.dropped}: work dropped at a full queue, by {@code migration}
 *   <li>{@code migrate.reads.compared}: compared reads, by {@code migration, subject, authoritative, result}
 *   <li>{@code migrate.fallbacks}: calls that the other side answered, by {@code migration, subject, from} and {@code cause}:
 *       failure or breaker
 *   <li>{@code migrate.outcomes.unknown}: writes and calls that ended without saying whether they took effect, by {@code migration, subject,
 *       side}
 *   <li>{@code migrate.breaker.open}: gauge; 1 while a breaker is open, by {@code migration, subject, side}
 *   <li>{@code migrate.breaker.openings}: how often it has opened, by the same
 *   <li>{@code migrate.flag.turns}: changes of a flag, by {@code flag}
 *   <li>{@code migrate.rollout.verdicts}: by {@code migration, verdict}; a hold counts once for each reason
 *   <li>{@code migrate.passes}: timer; how long passes of a schedule took, by {@code migration, pass, result}
 *   <li>{@code migrate.backfill.rows}, {@code migrate.backfill.rows.expected}: gauges, by {@code migration, table}
 *   <li>{@code migrate.backfill.share}, {@code migrate.backfill.time.left}: gauges; 0 to 1, and at the rate of the last minute; NaN where it is not
 *       known; by {@code migration, table}
 *   <li>{@code migrate.backfill.left.out}: gauge; rows that a backfill has left out and that wait for review, by {@code migration, table}
 *   <li>{@code migrate.backfill.held}: gauge; 1 while a backfill waits before its next chunk, by {@code migration, table}
 *   <li>{@code migrate.reconciliation.rows}, {@code migrate.reconciliation.rows.expected}, {@code
 *       migrate.reconciliation.differences}: gauges, by {@code migration, table}
 *   <li>{@code migrate.reconciliation.share}, {@code migrate.reconciliation.time.left}: gauges, as those of a backfill
 *   <li>{@code migrate.reconciliation.changed.rows}, {@code migrate.reconciliation.changed.differences}, {@code
 *       migrate.reconciliation.changed.open}: gauges of the latest pass over what has changed, by {@code migration, table}
 * </ul>
 *
 * <p>Where it is shown what to look at, it has gauges of:
 *
 * <ul>
 *   <li>{@code migrate.position}: the stage, 0 for LEGACY_ONLY to 5 for TARGET_ONLY, plus the share on the next; by {@code migration}
 *   <li>{@code migrate.shadow.work.waiting}: work that waits for the shadow, by {@code migration}
 *   <li>{@code migrate.flag.percent}: the share of keys that a flag is on for, 0 to 100; by {@code flag}
 *   <li>{@code migrate.debt.keys}, {@code migrate.debt.parked}, {@code migrate.debt.dismissed}, {@code migrate.debt.intents},
 *       {@code migrate.debt.age}: owed keys, writes whose outcome is not known yet, and the age of the oldest, asked for whenever the
 *       meters are read; by {@code migration, records}
 * </ul>
 *
 * <p>No key and no value is ever a tag: the number of time series depends on what is configured, not on traffic. Thread-safe.
 */
public final class MigrationMeters implements MigrationListener {
    private final MeterRegistry registry;
    private final Map<String, AtomicLong> numbers = new ConcurrentHashMap<>();

    private MigrationMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Meters in a registry; add it as a listener, or let it {@link #watch}. */
    public static MigrationMeters of(MeterRegistry registry) {
        return new MigrationMeters(registry);
    }

    /** Listens to a migration, which must not have this listener yet, and adds gauges of where it stands. Returns this. */
    public MigrationMeters watch(Migration migration) {
        Tags tags = Tags.of("migration", migration.name());
        Gauge.builder("migrate.position", migration, MigrationMeters::walked)
                .tags(tags)
                .register(registry);
        Gauge.builder(
                        "migrate.shadow.work.waiting",
                        migration,
                        one -> one.threads().waiting())
                .tags(tags)
                .register(registry);
        migration.addListener(this);
        return this;
    }

    private static double walked(Migration migration) {
        return (double) migration.current().walk() / Position.BUCKETS;
    }

    /** Adds a gauge of a flag's share; give the flag this listener as well to have its turns counted. Returns this. */
    public MigrationMeters watch(Dial<Percent> flag) {
        Gauge.builder("migrate.flag.percent", flag, one -> 100 * one.current().fraction())
                .tags("flag", flag.name())
                .register(registry);
        return this;
    }

    /**
     * Adds gauges of what a side owes. Returns this.
     *
     * @param records the name of the records, or another word for what the debt is of
     * @param debt asked whenever the meters are read, four times; what it throws shows as NaN
     */
    public MigrationMeters watchDebt(String migration, String records, Supplier<Debt> debt, InstantSource time) {
        Tags tags = Tags.of("migration", migration, "records", records);
        Gauge.builder("migrate.debt.keys", debt, now -> now.get().keys())
                .tags(tags)
                .strongReference(true)
                .register(registry);
        Gauge.builder("migrate.debt.parked", debt, now -> now.get().parked())
                .tags(tags)
                .strongReference(true)
                .register(registry);
        Gauge.builder("migrate.debt.dismissed", debt, now -> now.get().dismissed())
                .tags(tags)
                .strongReference(true)
                .register(registry);
        Gauge.builder("migrate.debt.intents", debt, now -> now.get().intents())
                .tags(tags)
                .strongReference(true)
                .register(registry);
        TimeGauge.builder(
                        "migrate.debt.age",
                        debt,
                        TimeUnit.MILLISECONDS,
                        now -> now.get().age(time.instant()).toMillis())
                .tags(tags)
                .strongReference(true)
                .register(registry);
        return this;
    }

    @Override
    public void on(MigrationEvent event) {
        Tags tags = Tags.of("migration", event.migration());
        if (event instanceof ReadCompared read) {
            count(
                    "migrate.reads.compared",
                    tags.and(
                            "subject",
                            read.subject(),
                            "authoritative",
                            lower(read.authoritative()),
                            "result",
                            lower(read.result())));
        } else if (event instanceof FellBack fallback) {
            count(
                    "migrate.fallbacks",
                    tags.and(
                            "subject", fallback.subject(),
                            "from", lower(fallback.from()),
                            "cause", fallback.cause() == null ? "breaker" : "failure"));
        } else if (event instanceof BreakerChanged breaker) {
            onBreaker(breaker, tags.and("subject", breaker.subject(), "side", lower(breaker.side())));
        } else if (event instanceof BackfillProgress progress) {
            Tags table = tags.and("table", progress.table());
            set("migrate.backfill.rows", table, progress.rows());
            set("migrate.backfill.rows.expected", table, progress.expectedRows());
            headway("migrate.backfill", table, progress);
            set("migrate.backfill.held", table, progress.heldBy() == null ? 0 : 1);
        } else if (event instanceof RowsLeftOut rows) {
            set("migrate.backfill.left.out", tags.and("table", rows.table()), rows.waiting());
        } else if (event instanceof ReconciliationProgress progress) {
            Tags table = tags.and("table", progress.table());
            set("migrate.reconciliation.rows", table, progress.rows());
            set("migrate.reconciliation.rows.expected", table, progress.expectedRows());
            headway("migrate.reconciliation", table, progress);
            set("migrate.reconciliation.differences", table, progress.differences());
        } else if (event instanceof ChangesReconciled changes) {
            Tags table = tags.and("table", changes.table());
            set("migrate.reconciliation.changed.rows", table, changes.rows());
            set("migrate.reconciliation.changed.differences", table, changes.differences());
            set("migrate.reconciliation.changed.open", table, changes.open());
        } else if (event instanceof PassEnded pass) {
            time("migrate.passes", tags.and("pass", pass.pass(), "result", lower(pass.result())), pass.took());
        } else if (event instanceof ShadowWorkDropped) {
            count("migrate.shadow.work.dropped", tags);
        } else if (event instanceof FlagTurned flag) {
            count("migrate.flag.turns", Tags.of("flag", flag.migration()));
        } else if (event instanceof RolloutAdvanced rollout) {
            count("migrate.rollout.verdicts", tags.and("verdict", lower(rollout.verdict())));
        } else {
            onWritesAndSteps(event, tags);
        }
    }

    private void onWritesAndSteps(MigrationEvent event, Tags tags) {
        if (event instanceof ShadowWriteFailed failed) {
            count(
                    "migrate.shadow.write.failures",
                    tags.and("records", failed.records(), "shadow", lower(failed.shadow())));
        } else if (event instanceof ShadowWriteRepaired repaired) {
            time(
                    "migrate.shadow.write.repairs",
                    tags.and("records", repaired.records(), "shadow", lower(repaired.shadow())),
                    repaired.owedFor());
        } else if (event instanceof KeyParked parked) {
            count("migrate.keys.parked", tags.and("records", parked.records(), "shadow", lower(parked.shadow())));
        } else if (event instanceof KeyDismissed dismissed) {
            count(
                    "migrate.keys.dismissed",
                    tags.and("records", dismissed.records(), "shadow", lower(dismissed.shadow())));
        } else if (event instanceof DebtMeasured debt) {
            onDebt(debt, tags.and("records", debt.records(), "shadow", lower(debt.shadow())));
        } else if (event instanceof PressureChanged pressure) {
            for (Pressure rung : Pressure.values()) {
                set(
                        "migrate.pressure",
                        tags.and("records", pressure.records(), "rung", lower(rung)),
                        pressure.to().contains(rung) ? 1 : 0);
            }
        } else if (event instanceof PositionChanged) {
            count("migrate.position.changes", tags);
        } else if (event instanceof OutcomeUnknown unknown) {
            count("migrate.outcomes.unknown", tags.and("subject", unknown.subject(), "side", lower(unknown.side())));
        } else if (event instanceof StepAcknowledged step) {
            time("migrate.step.acknowledged", tags, step.took());
        } else if (event instanceof HandoverCompleted handover) {
            time("migrate.handover.pause", tags.and("from", lower(handover.from())), handover.pause());
        } else if (event instanceof HandoverAbandoned handover) {
            count("migrate.handover.abandoned", tags.and("from", lower(handover.from())));
        }
    }

    private void onDebt(DebtMeasured debt, Tags tags) {
        set("migrate.owed.keys", tags, debt.keys());
        set("migrate.owed.parked", tags, debt.parked());
        set("migrate.owed.dismissed", tags, debt.dismissed());
        String age = "migrate.owed.age";
        numbers.computeIfAbsent(age + tags, unused -> {
                    AtomicLong millis = new AtomicLong();
                    TimeGauge.builder(age, millis, TimeUnit.MILLISECONDS, AtomicLong::get)
                            .tags(tags)
                            .register(registry);
                    return millis;
                })
                .set(debt.age().toMillis());
    }

    private void headway(String of, Tags tags, Headway headway) {
        String share = of + ".share";
        numbers.computeIfAbsent(share + tags, unused -> {
                    AtomicLong bits = new AtomicLong();
                    Gauge.builder(share, bits, held -> Double.longBitsToDouble(held.get()))
                            .tags(tags)
                            .register(registry);
                    return bits;
                })
                .set(Double.doubleToLongBits(headway.share().orElse(Double.NaN)));
        String left = of + ".time.left";
        numbers.computeIfAbsent(left + tags, unused -> {
                    AtomicLong seconds = new AtomicLong();
                    TimeGauge.builder(left, seconds, TimeUnit.SECONDS, held -> held.get() < 0 ? Double.NaN : held.get())
                            .tags(tags)
                            .register(registry);
                    return seconds;
                })
                .set(headway.timeLeft().map(Duration::toSeconds).orElse(-1L));
    }

    private void onBreaker(BreakerChanged breaker, Tags tags) {
        set("migrate.breaker.open", tags, breaker.isOpen() ? 1 : 0);
        if (breaker.isOpen()) {
            count("migrate.breaker.openings", tags);
        }
    }

    // Iterable<Tag> below, because the overloads with Tags are not there before Micrometer 1.17
    private void count(String name, Iterable<Tag> tags) {
        registry.counter(name, tags).increment();
    }

    private void time(String name, Iterable<Tag> tags, Duration duration) {
        registry.timer(name, tags).record(duration);
    }

    private void set(String name, Tags tags, long value) {
        numbers.computeIfAbsent(name + tags, unused -> registry.gauge(name, tags, new AtomicLong()))
                .set(value);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
