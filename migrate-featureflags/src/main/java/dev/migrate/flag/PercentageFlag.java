package dev.migrate.flag;

import dev.migrate.AuditEntry;
import dev.migrate.Dial;
import dev.migrate.KeySwitch;
import dev.migrate.MigrationException;
import dev.migrate.MigrationListener;
import dev.migrate.MigrationStore;
import dev.migrate.MigrationThreads;
import dev.migrate.Percent;
import dev.migrate.Setting;
import dev.migrate.Side;
import dev.migrate.StaleChangeException;
import dev.migrate.Traffic;
import dev.migrate.internal.Buckets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A switch that is on for a share of all keys: the same answer for the same key, on every node, after every restart.
 *
 * <p>For choices without state: which implementation of a search answers, which service is called. It never decides which side
 * is authoritative for data; that is a {@link dev.migrate.Migration}. A key is hashed, with the flag's name, into one of 1,000,000
 * buckets, and the flag is on for it exactly when the bucket is below the share: so raising the share never sends a key back, and
 * flags are independent of each other.
 *
 * <pre>{@code
 * PercentageFlag flag = PercentageFlag.named("new-search").percent(5).alwaysOn("customer:acme").store(store).build();
 * if (flag.isOn("customer:42")) { ... }
 * flag.turnTo(25, "error rate flat for a day");
 * }</pre>
 *
 * <p>What the store has wins over what the code says: {@code percent(5)} is where a flag begins that the store does not know yet.
 * {@link #isOn} reads memory alone, never the store; other nodes' changes arrive in the background, see {@link Flags}, and while
 * the store cannot be read the last known rules stand. Thread-safe.
 */
public final class PercentageFlag implements Dial<Percent>, KeySwitch, AutoCloseable {
    /** What {@link #isOn} needs, precomputed; the mask has a bit for the low six bits of every named key's bucket. */
    private record State(long version, FlagRules rules, int threshold, long namedMask) {}

    private final String name;
    private final Flags flags;
    private final boolean ownsFlags;
    private final Buckets buckets;
    private final Traffic traffic = new Traffic();
    private volatile State state;

    PercentageFlag(Setting stored, Flags flags, boolean ownsFlags) {
        this.name = stored.name();
        this.flags = flags;
        this.ownsFlags = ownsFlags;
        this.buckets = Buckets.salted("flag:" + name);
        this.state = stateOf(stored);
    }

    /**
     * Begins to describe a flag.
     *
     * @param name 1 to 100 letters, digits, dots, dashes and underscores; it salts the hash, so another name is another choice of
     *     keys
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * Whether the flag is on for a key.
     *
     * @param key what the choice shall stick to, such as a customer's id; not empty
     * @throws MigrationException where the key is missing: an anonymous caller needs a choice of its own
     */
    @Override
    public boolean isOn(String key) {
        if (key == null || key.isEmpty()) {
            throw missingKey(key);
        }
        State now = state;
        int bucket = buckets.of(key);
        if (((now.namedMask >>> bucket) & 1) != 0) {
            return now.rules.alwaysOn().contains(key)
                    || (bucket < now.threshold && !now.rules.alwaysOff().contains(key));
        }
        return bucket < now.threshold;
    }

    private MigrationException missingKey(@Nullable String key) {
        return new MigrationException(
                "the key of flag '" + name + "' must not be empty, but was " + (key == null ? "null" : "''")
                        + "; give callers without one a stable id, or do not ask the flag for them");
    }

    /**
     * Calls the target where the flag is on for the key, else legacy, and measures the call for the guards of a rollout.
     *
     * @throws Exception whatever the side that was called throws; it counts as a failure of that side
     */
    public <T extends @Nullable Object> T call(String key, Callable<T> legacy, Callable<T> target) throws Exception {
        boolean isOn = isOn(key);
        Callable<T> chosen = isOn ? target : legacy;
        if (!traffic.isWatched()) {
            return chosen.call();
        }
        long begun = flags.nanoTime();
        boolean isFailure = true;
        try {
            T answer = chosen.call();
            isFailure = false;
            return answer;
        } finally {
            traffic.record(isOn ? Side.TARGET : Side.LEGACY, flags.nanoTime() - begun, isFailure);
        }
    }

    /** The rules as this node knows them. */
    public FlagRules rules() {
        return state.rules;
    }

    @Override
    public Percent current() {
        return state.rules.share();
    }

    /**
     * Turns the flag to a share of the keys, in whatever direction.
     *
     * @param percent 0 to 100, with at most four decimals
     * @param why a reason that a reader of the audit trail will understand; not blank
     * @throws StaleChangeException where somebody else has changed the flag and this node had not heard of it; it has now
     */
    public void turnTo(double percent, String why) {
        turnTo(Percent.percent(percent), why);
    }

    /** Turns the flag; see {@link #turnTo(double, String)}. */
    @Override
    public void turnTo(Percent to, String why) {
        change(rules -> rules.withShare(to), why);
    }

    @Override
    public void turnBackTo(Percent to, String why) {
        Percent at = current();
        if (at.compareTo(to) <= 0) {
            throw new MigrationException("flag '" + name + "' cannot be turned back to " + to + ": it stands at " + at);
        }
        turnTo(to, why);
    }

    /**
     * Changes the rules: {@code flag.change(rules -> rules.withAlwaysOn("customer:acme"), "asked for it")}.
     *
     * @param why a reason that a reader of the audit trail will understand; not blank
     * @throws StaleChangeException where somebody else has changed the flag and this node had not heard of it; it has now
     */
    public void change(UnaryOperator<FlagRules> change, String why) {
        State before = state;
        String to = change.apply(before.rules).toString();
        flags.change(this, before.version, to, why);
    }

    /** The newest entries of the audit trail, newest first. */
    public List<AuditEntry> audit(int limit) {
        return flags.store().audit(Setting.Kind.FLAG, name, limit);
    }

    /** What is measured of the calls that the flag divides; {@link #call} records there, and so may a router. */
    @Override
    public Traffic traffic() {
        return traffic;
    }

    @Override
    public String format(Percent position) {
        return position.toString();
    }

    @Override
    public Percent parse(String text) {
        return Percent.parse(text);
    }

    /** Takes over later rules. Returns the rules before, or null where nothing later was learnt. */
    synchronized @Nullable FlagRules learn(Setting stored) {
        State before = state;
        if (stored.version() <= before.version) {
            return null;
        }
        state = stateOf(stored);
        return before.rules;
    }

    boolean knows(Setting stored) {
        return stored.version() <= state.version;
    }

    private State stateOf(Setting stored) {
        FlagRules rules = FlagRules.parse(stored.value());
        return new State(stored.version(), rules, rules.share().partsPerMillion(), maskOf(rules));
    }

    private long maskOf(FlagRules rules) {
        long mask = 0;
        for (Set<String> named : List.of(rules.alwaysOn(), rules.alwaysOff())) {
            for (String key : named) {
                mask |= 1L << buckets.of(key);
            }
        }
        return mask;
    }

    /** Ends the refreshing; the flag answers on by the rules it knows. Does not close the store. */
    @Override
    public void close() {
        if (ownsFlags) {
            flags.close();
        } else {
            flags.forget(this);
        }
    }

    @Override
    public String toString() {
        return "PercentageFlag[" + name + " at " + current() + "]";
    }

    /** Describes a flag; not thread-safe. */
    public static final class Builder {
        private final String name;
        private Percent share = Percent.ZERO;
        private final Set<String> alwaysOn = new TreeSet<>();
        private final Set<String> alwaysOff = new TreeSet<>();
        private @Nullable Flags flags;
        private @Nullable MigrationStore store;
        private final List<Consumer<Flags.Builder>> options = new ArrayList<>();

        private Builder(String name) {
            if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
                throw new MigrationException(
                        "the name of a flag must be 1 to 100 letters, digits, dots, dashes and underscores, but was '"
                                + name + "'");
            }
            this.name = name;
        }

        /** Where the flag begins if the store does not know it yet: 0 to 100, with at most four decimals. Default: 0. */
        public Builder percent(double percent) {
            share = Percent.percent(percent);
            return this;
        }

        /** Keys for which the flag begins as on, whatever the share. */
        public Builder alwaysOn(String... keys) {
            alwaysOn.addAll(List.of(keys));
            return this;
        }

        /** Keys for which the flag begins as off, whatever the share. */
        public Builder alwaysOff(String... keys) {
            alwaysOff.addAll(List.of(keys));
            return this;
        }

        /** The registry that the flag shall belong to; instead of {@link #store}, and for more than a few flags. */
        public Builder in(Flags flags) {
            this.flags = flags;
            return this;
        }

        /** Where the rules are kept; required, unless the flag is {@link #in} a registry. */
        public Builder store(MigrationStore store) {
            this.store = store;
            return this;
        }

        /** See {@link Flags.Builder#operator}; with {@link #store}. */
        public Builder operator(Supplier<String> operator) {
            options.add(own -> own.operator(operator));
            return this;
        }

        /** See {@link Flags.Builder#listener}; with {@link #store}. */
        public Builder listener(MigrationListener listener) {
            options.add(own -> own.listener(listener));
            return this;
        }

        /** See {@link Flags.Builder#refreshEvery}; with {@link #store}. */
        public Builder refreshEvery(Duration refreshEvery) {
            options.add(own -> own.refreshEvery(refreshEvery));
            return this;
        }

        /** See {@link Flags.Builder#nanoTime}; with {@link #store}. */
        public Builder nanoTime(LongSupplier nanoTime) {
            options.add(own -> own.nanoTime(nanoTime));
            return this;
        }

        /** See {@link Flags.Builder#threads}; with {@link #store}. */
        public Builder threads(MigrationThreads threads) {
            options.add(own -> own.threads(threads));
            return this;
        }

        /**
         * Makes the flag, and creates it in the store if it is not there; rules that are there win.
         *
         * @throws MigrationException where neither a store nor a registry is given, or both, or the store cannot be read
         */
        public PercentageFlag build() {
            FlagRules initial = new FlagRules(share, alwaysOn, alwaysOff);
            if (flags != null) {
                if (store != null || !options.isEmpty()) {
                    throw new MigrationException(
                            "flag '" + name + "' must have either in(..) or store(..) with its options,"
                                    + " but had both; leave out store(..) and its options: the registry has them");
                }
                return flags.open(name, initial);
            }
            if (store == null) {
                throw new MigrationException(
                        "store of flag '" + name + "' is missing; give it a JdbcMigrationStore on the"
                                + " application's database with store(..), or an InMemoryMigrationStore in a test");
            }
            Flags.Builder own = Flags.of(store);
            options.forEach(option -> option.accept(own));
            return own.buildFor(name, initial);
        }
    }
}
