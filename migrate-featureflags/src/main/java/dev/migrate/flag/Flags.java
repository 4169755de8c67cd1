package dev.migrate.flag;

import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.migrate.AuditEntry;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationException;
import dev.migrate.MigrationListener;
import dev.migrate.MigrationStore;
import dev.migrate.MigrationThreads;
import dev.migrate.Setting;
import dev.migrate.StaleChangeException;
import dev.migrate.internal.option.Bounds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flags of one store, by name, with one read cache and one pair of threads for all of them.
 *
 * <pre>{@code
 * try (Flags flags = Flags.of(store).operator(currentUser::name).build()) {
 *     PercentageFlag search = flags.named("new-search").percent(5).build();
 *     boolean isOn = flags.get("made-in-the-console").isOn("customer:42");
 * }
 * }</pre>
 *
 * <p>Reading. The first read of a flag waits for the store. From then on a timer visits every flag, and the cache (Caffeine) reads
 * again, on another thread, what is older than half of {@code refreshEvery}; a flag answers from its own snapshot, which the read
 * replaces. So a change of another node is seen within {@code refreshEvery} plus one read; a store that hangs costs that thread
 * alone, and one that fails leaves the last known rules in force, which is logged once, until it can be read again.
 *
 * <p>Thread-safe. Closing it ends the threads it has made, not the store; its flags answer on by the rules they know.
 */
public final class Flags implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Flags.class);
    private static final int CACHED_NAMES = 10_000;
    private static final int UNREAD_LIMIT = 10;

    private final MigrationStore store;
    private final Supplier<String> operator;
    private final List<MigrationListener> listeners;
    private final LongSupplier nanoTime;
    private final Duration refreshEvery;
    private final MigrationThreads threads;
    private final boolean ownsThreads;
    private final LoadingCache<String, Optional<Setting>> settings;
    private final Map<String, PercentageFlag> flags = new ConcurrentHashMap<>();
    private final AtomicBoolean isUnread = new AtomicBoolean();
    private final AutoCloseable visiting;
    private volatile long lastRead;

    private Flags(Builder options, String threadName) {
        this.store = options.store;
        this.operator = options.operator;
        this.listeners = List.copyOf(options.listeners);
        this.nanoTime = options.nanoTime;
        this.refreshEvery = options.refreshEvery;
        this.ownsThreads = options.threads == null;
        this.threads = options.threads == null ? MigrationThreads.of(threadName, 1, 1_000) : options.threads;
        this.lastRead = nanoTime.getAsLong();
        this.settings = Caffeine.newBuilder()
                .maximumSize(CACHED_NAMES)
                .refreshAfterWrite(refreshEvery.dividedBy(2))
                .ticker(nanoTime::getAsLong)
                .executor(this::runElsewhere)
                .build(new Reader());
        this.visiting = threads.every(refreshEvery.dividedBy(2), this::visit);
    }

    /** Begins to describe the flags of a store. */
    public static Builder of(MigrationStore store) {
        return new Builder(store);
    }

    /** Begins to describe a flag that belongs here. Where the flag is here already, building it gives that one. */
    public PercentageFlag.Builder named(String name) {
        return PercentageFlag.named(name).in(this);
    }

    /** A flag that was built here, or that the store has; empty where neither is so, which is remembered and looked up again. */
    public Optional<PercentageFlag> find(String name) {
        PercentageFlag known = flags.get(name);
        return known != null ? Optional.of(known) : settings.get(name).map(this::adopt);
    }

    /**
     * A flag that was built here, or that the store has.
     *
     * @throws MigrationException where neither is so
     */
    public PercentageFlag get(String name) {
        return find(name)
                .orElseThrow(() -> new MigrationException("flag '" + name
                        + "' is not in the store; check the name, or build it with named(\"" + name + "\")"));
    }

    /** All flags of the store, by name; reads the store. */
    public List<PercentageFlag> all() {
        return store.list(Setting.Kind.FLAG).stream().map(this::adopt).toList();
    }

    /** Reads all flags that are in use from the store, and waits for it. */
    public void refresh() {
        for (String name : flags.keySet()) {
            read(name).ifPresent(stored -> settings.put(name, Optional.of(stored)));
        }
    }

    /** Lets the cache read again, in the background, what is old. */
    void visit() {
        long unread = nanoTime.getAsLong() - lastRead;
        if (!flags.isEmpty() && unread > refreshEvery.toNanos() * UNREAD_LIMIT) {
            sayUnread(null);
        }
        for (String name : flags.keySet()) {
            Optional<Setting> unused = settings.get(name);
        }
    }

    PercentageFlag open(String name, FlagRules initial) {
        return open(name, initial, false);
    }

    private PercentageFlag open(String name, FlagRules initial, boolean closesThese) {
        Setting stored = settings.get(name).orElseGet(() -> create(name, initial));
        PercentageFlag flag = adopt(stored, closesThese);
        if (!flag.rules().equals(initial)) {
            LOG.info("flag '{}' is {} in the store, which wins over {} in the code", name, flag.rules(), initial);
        }
        return flag;
    }

    private Setting create(String name, FlagRules initial) {
        Setting created;
        try {
            created = store.change(Setting.Kind.FLAG, name, 0, initial.toString(), operator.get(), "flag created");
        } catch (StaleChangeException another) {
            created = store.find(Setting.Kind.FLAG, name).orElseThrow(() -> another);
        }
        settings.put(name, Optional.of(created));
        return created;
    }

    private PercentageFlag adopt(Setting stored) {
        return adopt(stored, false);
    }

    private PercentageFlag adopt(Setting stored, boolean closesThese) {
        PercentageFlag flag =
                flags.computeIfAbsent(stored.name(), name -> new PercentageFlag(stored, this, closesThese));
        if (!flag.knows(stored)) {
            learnFromAnother(flag, stored);
        }
        return flag;
    }

    void forget(PercentageFlag flag) {
        flags.remove(flag.name(), flag);
    }

    void change(PercentageFlag flag, long expectedVersion, String to, String why) {
        String who = operator.get();
        try {
            Setting changed = store.change(Setting.Kind.FLAG, flag.name(), expectedVersion, to, who, why);
            settings.put(flag.name(), Optional.of(changed));
            publish(flag.name(), flag.learn(changed), changed, who, why);
        } catch (StaleChangeException stale) {
            try {
                read(flag.name());
            } catch (RuntimeException failure) {
                stale.addSuppressed(failure);
            }
            throw stale;
        }
    }

    /** Reads the store, and lets the flag know. */
    private Optional<Setting> read(String name) {
        Optional<Setting> stored = store.find(Setting.Kind.FLAG, name);
        PercentageFlag flag = flags.get(name);
        if (flag != null && stored.isPresent() && !flag.knows(stored.get())) {
            learnFromAnother(flag, stored.get());
        }
        lastRead = nanoTime.getAsLong();
        if (isUnread.compareAndSet(true, false)) {
            LOG.info("flags can be read from their store again");
        }
        return stored;
    }

    private void learnFromAnother(PercentageFlag flag, Setting stored) {
        FlagRules before = flag.learn(stored);
        if (before != null && !listeners.isEmpty()) {
            Optional<AuditEntry> entry = flag.audit(1).stream()
                    .filter(last -> last.version() == stored.version())
                    .findFirst();
            publish(
                    flag.name(),
                    before,
                    stored,
                    entry.map(AuditEntry::who).orElse("another node"),
                    entry.map(AuditEntry::why).orElse("see the audit trail"));
        }
    }

    private void publish(String name, @Nullable FlagRules before, Setting now, String who, String why) {
        if (before == null) {
            return;
        }
        MigrationEvent event = new MigrationEvent.FlagTurned(name, before.toString(), now.value(), who, why);
        for (MigrationListener listener : listeners) {
            try {
                listener.on(event);
            } catch (RuntimeException | Error failure) {
                LOG.warn("a listener of flag '{}' failed on FlagTurned", name, failure);
            }
        }
    }

    private void sayUnread(@Nullable Throwable failure) {
        if (isUnread.compareAndSet(false, true)) {
            LOG.warn("flags cannot be read from their store; they keep the rules they have until they can", failure);
        }
    }

    /** A full queue leaves the work to the timer, or to whoever looks a name up. */
    private void runElsewhere(Runnable work) {
        if (!threads.offer(work)) {
            work.run();
        }
    }

    MigrationStore store() {
        return store;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    @Override
    public void close() {
        try {
            visiting.close();
        } catch (Exception unexpected) {
            throw new MigrationException("the flags could not stop their timer", unexpected);
        }
        if (ownsThreads) {
            threads.close();
        }
    }

    /** Reads a name for the first time on the caller's thread, where a failure is the caller's; later in the background. */
    private final class Reader implements CacheLoader<String, Optional<Setting>> {
        @Override
        public Optional<Setting> load(String name) {
            return read(name);
        }

        @Override
        public Optional<Setting> reload(String name, Optional<Setting> known) {
            try {
                return read(name).or(() -> known);
            } catch (RuntimeException failure) {
                sayUnread(failure);
                return known;
            }
        }
    }

    /** Describes the flags of a store; not thread-safe. */
    public static final class Builder {
        private final MigrationStore store;
        private Supplier<String> operator = () -> System.getProperty("user.name", "unknown");
        private final List<MigrationListener> listeners = new CopyOnWriteArrayList<>();
        private LongSupplier nanoTime = System::nanoTime;
        private Duration refreshEvery = Duration.ofSeconds(1);
        private @Nullable MigrationThreads threads;

        private Builder(MigrationStore store) {
            this.store = store;
        }

        /** Who makes a change, asked at each; 1 to 200 characters. Default: the name of the process's user. */
        public Builder operator(Supplier<String> operator) {
            this.operator = operator;
            return this;
        }

        /** Adds a listener for {@link dev.migrate.MigrationEvent.FlagTurned}, by this node or another. */
        public Builder listener(MigrationListener listener) {
            listeners.add(listener);
            return this;
        }

        /** A monotonic time in nanoseconds. Default: {@link System#nanoTime}. */
        public Builder nanoTime(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
            return this;
        }

        /** How old the known rules may become while the store can be read; positive. Default: one second. */
        public Builder refreshEvery(Duration refreshEvery) {
            this.refreshEvery = Bounds.positive("refreshEvery", refreshEvery);
            return this;
        }

        /** Threads that are shared, and closed by whoever made them. Default: one timer and one reader of its own. */
        public Builder threads(MigrationThreads threads) {
            this.threads = threads;
            return this;
        }

        /** Makes the flags; reads nothing yet. */
        public Flags build() {
            return new Flags(this, "flags");
        }

        PercentageFlag buildFor(String name, FlagRules initial) {
            Flags own = new Flags(this, "flag-" + name);
            try {
                return own.open(name, initial, true);
            } catch (RuntimeException failure) {
                own.close();
                throw failure;
            }
        }
    }
}
