package dev.migrate.replay;

import dev.migrate.KeyCodec;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.internal.call.Outcomes;
import dev.migrate.internal.option.Bounds;
import dev.migrate.internal.write.KeyedWrites;
import dev.migrate.internal.write.OpenCalls;
import dev.migrate.internal.write.SideOfWrites;
import dev.migrate.internal.write.TwoSides;
import dev.migrate.side.DebtLimits;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Describes an {@link EventReplay}; not thread-safe. */
public final class EventReplayBuilder<K> {
    /** The name of the events of a migration that has one kind of them. */
    public static final String DEFAULT_NAME = "events";

    private static final Logger LOG = LoggerFactory.getLogger(EventReplay.class);
    final Migration migration;
    private final EventLogs legacyLogs;
    private final EventReceiver<K> legacyReceiver;
    private @Nullable EventLogs targetLogs;
    private @Nullable EventReceiver<K> targetReceiver;
    String records = DEFAULT_NAME;
    private @Nullable KeyCodec<K> codec;
    private @Nullable Function<? super K, ?> partition;
    private int parkAfter = 20;
    Duration repairEvery = Duration.ofSeconds(1);
    private Duration longestWait = Duration.ofSeconds(10);
    private DebtLimits debtLimits = DebtLimits.defaults();

    EventReplayBuilder(Migration migration, EventLogs logs, EventReceiver<K> receiver) {
        this.migration = migration;
        this.legacyLogs = logs;
        this.legacyReceiver = receiver;
    }

    /**
     * The target side; required.
     *
     * @param logs where it logs its events, on LIVE and RAMP_DOWN
     * @param receiver what takes legacy's events
     */
    public EventReplayBuilder<K> target(EventLogs logs, EventReceiver<K> receiver) {
        this.targetLogs = logs;
        this.targetReceiver = receiver;
        return this;
    }

    /** The name of this kind of events, where a migration has several: 1 to 90 letters, digits, dots, dashes, underscores. Default: {@link #DEFAULT_NAME}. */
    public EventReplayBuilder<K> records(String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,90}")) {
            throw refused(
                    "records must be 1 to 90 letters, digits, dots, dashes and underscores, but was '" + name + "'");
        }
        this.records = name;
        return this;
    }

    /** The canonical text of keys that are not strings, longs, ints, UUIDs or lists of these. */
    public EventReplayBuilder<K> keyCodec(KeyCodec<K> codec) {
        this.codec = codec;
        return this;
    }

    /** What of a key decides its bucket, as the migration's other routers have it. Default: the whole key. */
    public EventReplayBuilder<K> partition(Function<? super K, ?> partition) {
        this.partition = partition;
        return this;
    }

    /** After how many failed attempts at one event its aggregate is parked, at least 1. Default: 20, which with the pauses between is about a quarter of an hour. */
    public EventReplayBuilder<K> parkAfter(int attempts) {
        this.parkAfter = Bounds.positive(named("parkAfter"), attempts);
        return this;
    }

    /** How often the worker looks for what is to be delivered; positive. Default: one second. */
    public EventReplayBuilder<K> repairEvery(Duration pause) {
        this.repairEvery = Bounds.positive(named("repairEvery"), pause);
        return this;
    }

    /** How long an append waits for a handover before it is refused; positive. Default: ten seconds. */
    public EventReplayBuilder<K> longestWait(Duration wait) {
        this.longestWait = Bounds.positive(named("longestWait"), wait);
        return this;
    }

    /** From which debt on, in aggregates, what gives way to it. Default: {@link DebtLimits#defaults}; no append is ever held up by it. */
    public EventReplayBuilder<K> debtLimits(DebtLimits limits) {
        this.debtLimits = limits;
        return this;
    }

    private String named(String option) {
        return "replay of migration '" + migration.name() + "': " + option;
    }

    private MigrationException refused(String reason) {
        return new MigrationException(named(reason));
    }

    /**
     * Makes the replay, brings the sides' roles in line with the migration's position, and starts its worker.
     *
     * @throws MigrationException where the target is missing, or a side cannot be reached
     */
    public EventReplay<K> build() {
        EventLogs toLogs = targetLogs;
        EventReceiver<K> toReceiver = targetReceiver;
        if (toLogs == null || toReceiver == null) {
            throw refused("target is missing; give the target side's log and receiver with target(..)");
        }
        TwoSides<EventLog> logs = new TwoSides<>(
                legacyLogs.log(migration.name(), records, Side.LEGACY),
                toLogs.log(migration.name(), records, Side.TARGET));
        KeyedWrites<K> writes = new KeyedWrites<>(new KeyedWrites.Options<>(
                migration,
                records,
                new TwoSides<>(
                        new SideOfWrites(logs.legacy().books(), true),
                        new SideOfWrites(logs.target().books(), true)),
                new OrderedDelivery<>(migration, logs, new TwoSides<>(legacyReceiver, toReceiver)),
                codec,
                partition,
                parkAfter,
                repairEvery,
                longestWait,
                new OpenCalls(Duration.ofMinutes(1), new Outcomes()), // no call of these is ever open
                debtLimits));
        EventReplay<K> replay = new EventReplay<>(this, logs, writes);
        if (!replay.isDurable()) {
            LOG.warn(
                    "migration '{}', records '{}': events are logged in memory, and forgotten when the process ends; use JdbcEventLogs"
                            + " to keep them",
                    migration.name(),
                    records);
        }
        return replay;
    }
}
