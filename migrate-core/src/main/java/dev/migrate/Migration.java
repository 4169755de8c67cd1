package dev.migrate;

import dev.migrate.internal.Buckets;
import dev.migrate.internal.CanonicalKeys;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named unit that moves from a legacy to a target system, and where it stands on the way.
 *
 * <p>Routers are made of it, a person or a rollout moves it, and the store lets all nodes know. Thread-safe. Closing it ends what
 * it has started; it does not close the store.
 *
 * <pre>{@code
 * Migration orders = Migration.named("orders").store(store).operator(currentUser::name).build();
 * orders.moveTo(Stage.DUAL_WRITE, "target schema is live");
 * }</pre>
 *
 * <p>The methods from {@link #view} on are for those who build a router of their own.
 */
public final class Migration implements Dial<Position>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Migration.class);

    /**
     * Where a migration stands, as one node knows it.
     *
     * @param position the position
     * @param epoch raised by one with every change; 1 or more
     */
    public record View(Position position, long epoch) {}

    private final String name;
    private final String node;
    private final MigrationStore store;
    private final Supplier<String> operator;
    private final InstantSource time;
    private final LongSupplier nanoTime;
    private final MigrationThreads threads;
    private final boolean ownsThreads;
    private final Buckets buckets;
    private final List<MigrationListener> listeners = new CopyOnWriteArrayList<>();
    private final Traffic traffic = new Traffic();
    private final UnitsInFlight units = new UnitsInFlight();
    private final Acknowledgement acknowledgement = new Acknowledgement(units);
    private final Scopes scopes = new Scopes(this, units);
    private final StepRunner steps;
    private final @Nullable NodeLease lease;
    private final @Nullable Heartbeat heartbeat;
    private final KnownPosition known;

    Migration(MigrationBuilder options, MigrationStore store, MigrationThreads threads) {
        this.name = options.name;
        this.node = options.node;
        this.store = store;
        this.operator = options.operator;
        this.time = options.time;
        this.nanoTime = options.nanoTime;
        this.threads = threads;
        this.ownsThreads = options.threads == null;
        this.buckets = Buckets.salted(Buckets.saltOfMigration(name));
        this.listeners.addAll(options.listeners);
        this.steps =
                new StepRunner(this, options.stepBudget, options.leased(store).orElse(Duration.ZERO));
        this.lease = options.leased(store)
                .map(length -> new NodeLease(options, store, acknowledgement, length))
                .orElse(null);
        if (lease != null) {
            lease.renew(); // before the position is read
        }
        this.known = new KnownPosition(this, lease);
        this.heartbeat = lease == null ? null : new Heartbeat(this, lease, options.refreshEvery);
        if (heartbeat != null) {
            heartbeat.beat();
            heartbeat.start();
        }
    }

    /**
     * Begins to describe a migration.
     *
     * @param name 1 to 100 letters, digits, dots, dashes and underscores; unique within the store, and never changed afterwards
     */
    public static MigrationBuilder named(String name) {
        return new MigrationBuilder(name);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Position current() {
        return known.latest().position();
    }

    /** The stage of a key, by its own hash and the current position or that of the thread's {@link MigrationScope}. */
    public Stage stageOf(Object key) {
        return view().position().stageOf(bucketOf(key));
    }

    /**
     * Steps to a whole stage.
     *
     * @param why a reason that a reader of the audit trail will understand; not blank
     * @throws StepRefusedException where something stands against it; the message says what
     * @throws StaleChangeException where somebody else moved the migration at the same moment
     */
    public void moveTo(Stage stage, String why) {
        moveTo(Position.of(stage), why);
    }

    /** Steps to a position; see {@link #moveTo(Stage, String)}. A step that hands authority over holds writes of those keys. */
    public void moveTo(Position to, String why) {
        steps.step(to, why);
    }

    @Override
    public void turnTo(Position to, String why) {
        moveTo(to, why);
    }

    @Override
    public void turnBackTo(Position to, String why) {
        Position at = known.latest().position();
        if (at.compareTo(to) <= 0) {
            throw new StepRefusedException(
                    "migration '" + name + "' cannot be turned back to " + to + ": it stands at " + at);
        }
        while (known.latest().position().compareTo(to) > 0) {
            Position now = known.latest().position();
            Position next =
                    now.stage() == to.stage() ? to : now.isWhole() ? backFrom(now, to) : Position.of(now.stage());
            moveTo(next, why);
        }
    }

    private static Position backFrom(Position now, Position to) {
        Stage previous = now.stage().previous().orElseThrow();
        return previous == to.stage() ? to : Position.of(previous);
    }

    /**
     * Raises the epoch without moving, and lets every side know its role anew: after a database that is authoritative was failed
     * over or restored, and before it takes writes, because its sequence may have gone back; and to end a step that was cut off.
     */
    public void raiseEpoch(String why) {
        steps.raiseEpoch(why);
    }

    /** The newest entries of the audit trail, newest first. */
    public List<AuditEntry> audit(int limit) {
        return store.audit(Setting.Kind.POSITION, name, limit);
    }

    /** Adds a listener. */
    public void addListener(MigrationListener listener) {
        listeners.add(listener);
    }

    /** Begins a unit of work in which stage and share stand still for this thread; to be closed by it. */
    public MigrationScope begin() {
        return scopes.begin();
    }

    /**
     * An executor whose tasks belong to the unit of work of the thread that gives them, where that has one: they have its view, and a step waits for
     * them. A task that begins only after its unit of work has ended is not run, and fails with a {@link MigrationException}.
     */
    public Executor carrying(Executor executor) {
        return scopes.carrying(executor);
    }

    Scopes scopes() {
        return scopes;
    }

    /** Where the migration stands, as this node knows it, whatever the thread's unit of work began with. */
    public View latestView() {
        return known.latest();
    }

    /** Where the migration stands for the thread's unit of work: its scope's view, or the latest. */
    public View view() {
        MigrationScope open = scopes.open();
        return open == null ? known.latest() : open.view();
    }

    /** Whether the thread is inside a {@link MigrationScope}, whose view must not change. */
    public boolean isPinned() {
        return scopes.open() != null;
    }

    /** How much is left of the time limit of the thread's unit of work, in nanoseconds: 0 or less where it is over, the greatest number where it has none. */
    public long nanosLeft() {
        MigrationScope open = scopes.open();
        Long endsAt = open == null ? null : open.endsAt();
        return endsAt == null ? Long.MAX_VALUE : endsAt - nanoTime();
    }

    /** The bucket of a key, or of what of it decides the bucket: 0 to 999,999. */
    public int bucketOf(Object key) {
        if (key instanceof Long number) {
            return buckets.of((long) number);
        }
        if (key instanceof String text) {
            return buckets.of(text);
        }
        try {
            return buckets.of(CanonicalKeys.encode(key));
        } catch (IllegalArgumentException unknownType) {
            throw new MigrationException(
                    "migration '" + name + "' cannot hash a key of "
                            + key.getClass().getName()
                            + "; use a String, Long, Integer, UUID or a list of these: give the router partition(..) that returns one",
                    unknownType);
        }
    }

    /** Reads the store: what another node has changed is known afterwards. */
    public View refresh() {
        return known.refresh();
    }

    /**
     * Like {@link #view}, but only as long as this node may act on what it has seen: a lease that has run out is renewed first, which asks the
     * store.
     *
     * @throws LeaseExpiredException where the store cannot be reached
     */
    public View leasedView() {
        if (!holdsLease()) {
            known.renewLease();
        }
        return view();
    }

    /** Whether this node may act on what it has seen. */
    boolean holdsLease() {
        return lease == null || lease.isValid();
    }

    /**
     * How often this node's lease has run out so far, the present time included. Where two answers are equal, and {@link #leasedView} was asked
     * after the first, no other node has gone on without this one meanwhile.
     */
    public long leaseLapses() {
        return lease == null ? 0 : lease.lapses();
    }

    /**
     * What {@link #leaseLapses} was when the thread's unit of work took its view: when its scope was begun, or now. Negative where the lease was not
     * valid when the scope was begun.
     */
    public long leaseLapsesOfUnit() {
        MigrationScope open = scopes.open();
        return open == null ? leaseLapses() : open.lapses();
    }

    /** This node's name among those of the migration. */
    public String node() {
        return node;
    }

    /** Whether every live node has acknowledged an epoch: nothing runs any more that began under an earlier one. */
    public boolean isAcknowledged(long epoch) {
        if (lease == null) {
            return acknowledgement.acknowledge(epoch);
        }
        beat();
        return ChangeRules.behind(epoch, store.nodes(name)).isEmpty();
    }

    /**
     * Waits until every live node has acknowledged an epoch, for as long as a step would.
     *
     * @throws StepRefusedException where one has not; the message names it
     */
    public void requireAcknowledged(long epoch) {
        steps.requireAcknowledged(epoch);
    }

    /** Whether a live node says that it is making a step. */
    public boolean isStepping() {
        return store.nodes(name).stream()
                .anyMatch(node -> node.isLive() && node.latest().isStepping());
    }

    void stepping(boolean isBegun) {
        if (lease != null) {
            try {
                lease.stepping(isBegun);
            } catch (RuntimeException unreachable) {
                if (isBegun) {
                    throw unreachable;
                }
                LOG.info(
                        "node '{}' of migration '{}' tells with its next renewal that its step has ended",
                        node,
                        name,
                        unreachable);
            }
        }
    }

    /** Renews the lease and learns and acknowledges what is new, now; does nothing where there is no lease. */
    void beat() {
        if (heartbeat != null) {
            heartbeat.beat();
        }
    }

    View change(long expectedEpoch, Position to, String why) {
        return known.change(expectedEpoch, to, why);
    }

    /** Lets something take part in every step from now on; it first gets the chance to bring its sides in line with the position. */
    public void attach(StepParticipant participant) {
        steps.attach(participant);
    }

    /**
     * Keeps every node from handing authority over in a process where no participant of this name is attached: it would move authority over
     * keys that nobody there has fenced and drained. Known to the store until {@link #releasePart}.
     *
     * @param part what {@link StepParticipant#part} of it gives; the same on every node
     */
    public void needPart(String part) {
        steps.parts().need(part);
    }

    /**
     * Lets handovers be made without a part that was needed once, and that no node has any more.
     *
     * @param part what a refused step calls it
     * @param why for the audit trail; not blank
     */
    public void releasePart(String part, String why) {
        steps.parts().release(part, why);
    }

    /** Ends what {@link #attach} began. */
    public void detach(StepParticipant participant) {
        steps.detach(participant);
    }

    /** What was attached and not detached. */
    public List<StepParticipant> participants() {
        return steps.participants();
    }

    /** Enters a unit of work that a step waits for; {@link #exit} must follow, with the ticket that this returns. */
    public int enter() {
        return units.enter();
    }

    /** Leaves a unit of work. */
    public void exit(int ticket) {
        units.exit(ticket);
    }

    /** Waits until all units of work that had begun before have ended; false where that takes longer than the limit. */
    public boolean awaitEarlierUnits(Duration limit) {
        return units.quiesce(limit, nanoTime);
    }

    /** Tells the listeners; contains whatever they throw. */
    public void publish(MigrationEvent event) {
        for (MigrationListener listener : listeners) {
            try {
                listener.on(event);
            } catch (RuntimeException | Error failure) {
                LOG.warn(
                        "a listener of migration '{}' failed on {}",
                        name,
                        event.getClass().getSimpleName(),
                        failure);
            }
        }
    }

    /** Runs work on the shadow's threads with the caller's context; false where it was dropped, which is counted and published. */
    public boolean offerToShadow(Runnable work) {
        boolean taken = threads.offer(work);
        if (!taken) {
            publish(new MigrationEvent.ShadowWorkDropped(name, threads.dropped()));
        }
        return taken;
    }

    @Override
    public Traffic traffic() {
        return traffic;
    }

    /** The store that keeps the position. */
    public MigrationStore store() {
        return store;
    }

    /** The threads that shadow work and chores run on. */
    public MigrationThreads threads() {
        return threads;
    }

    /** The wall clock of everything that this migration does. */
    public InstantSource time() {
        return time;
    }

    /** A monotonic time in nanoseconds, for durations. */
    public long nanoTime() {
        return nanoTime.getAsLong();
    }

    /** Who is said to be the operator of a change made now. */
    public String operator() {
        return operator.get();
    }

    @Override
    public String format(Position position) {
        return position.toString();
    }

    @Override
    public Position parse(String text) {
        return Position.parse(text);
    }

    @Override
    public void close() {
        if (heartbeat != null) {
            heartbeat.close();
        }
        if (ownsThreads) {
            threads.close();
        }
    }

    @Override
    public String toString() {
        return "Migration[" + name + " at " + known.latest().position() + "]";
    }
}
