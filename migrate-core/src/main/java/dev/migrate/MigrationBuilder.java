package dev.migrate;

import dev.migrate.internal.Refusal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Describes a migration; not thread-safe. */
public final class MigrationBuilder {
    final String name;
    String node = ProcessHandle.current().pid() + "-" + UUID.randomUUID();
    private @Nullable MigrationStore store;
    Supplier<String> operator = () -> System.getProperty("user.name", "unknown");
    InstantSource time = InstantSource.system();
    LongSupplier nanoTime = System::nanoTime;

    @Nullable MigrationThreads threads;

    Duration refreshEvery = Duration.ofSeconds(1);
    private @Nullable Duration lease;
    Duration stepBudget = Duration.ofSeconds(5);
    final List<MigrationListener> listeners = new CopyOnWriteArrayList<>();

    MigrationBuilder(String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new MigrationException(
                    "the name of a migration must be 1 to 100 letters, digits, dots, dashes and underscores,"
                            + " but was '" + name + "'");
        }
        this.name = name;
    }

    /** Where the position is kept; required. {@code InMemoryMigrationStore} for tests. */
    public MigrationBuilder store(MigrationStore store) {
        this.store = store;
        return this;
    }

    /** Who makes a change, asked at each; 1 to 200 characters. Default: the name of the process's user. */
    public MigrationBuilder operator(Supplier<String> operator) {
        this.operator = operator;
        return this;
    }

    /** The wall clock. Default: the system's. */
    public MigrationBuilder time(InstantSource time) {
        this.time = time;
        return this;
    }

    /** A monotonic time in nanoseconds. Default: {@link System#nanoTime}. */
    public MigrationBuilder nanoTime(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        return this;
    }

    /** Threads that are shared with other migrations, and closed by whoever made them. Default: 4 of its own, and a queue of 1,000. */
    public MigrationBuilder threads(MigrationThreads threads) {
        this.threads = threads;
        return this;
    }

    /** How often the lease is renewed, and the store asked for what other nodes have changed; positive. Default: one second. */
    public MigrationBuilder refreshEvery(Duration refreshEvery) {
        this.refreshEvery = positive("refreshEvery", refreshEvery);
        return this;
    }

    /**
     * For how long this node may act on what it has seen of the migration without reaching the store; at least three times
     * {@code refreshEvery}, at which it is renewed. A step waits that long for a node that has died. Default: three times {@code
     * refreshEvery} where the store is durable, and no lease where it is not, because then there is one process.
     */
    public MigrationBuilder lease(Duration lease) {
        this.lease = positive("lease", lease);
        return this;
    }

    Optional<Duration> leased(MigrationStore in) {
        Duration shortest = refreshEvery.multipliedBy(3);
        if (lease != null && lease.compareTo(shortest) < 0) {
            throw new MigrationException("lease of migration '" + name + "' must be at least three times refreshEvery ("
                    + shortest + "), but was " + lease + "; allow a longer lease, or refresh more often");
        }
        return lease != null ? Optional.of(lease) : in.isDurable() ? Optional.of(shortest) : Optional.empty();
    }

    /** The name of this node; unique among the nodes of the migration, 1 to 200 characters. Default: the process's number and a random one. */
    public MigrationBuilder node(String name) {
        this.node = name;
        return this;
    }

    /** How long a step may hold writes before it is abandoned; positive. Default: five seconds. */
    public MigrationBuilder stepBudget(Duration stepBudget) {
        this.stepBudget = positive("stepBudget", stepBudget);
        return this;
    }

    /** Adds a listener. */
    public MigrationBuilder listener(MigrationListener listener) {
        listeners.add(Objects.requireNonNull(listener));
        return this;
    }

    private static Duration positive(String option, Duration value) {
        String refusal = Refusal.notPositive(option, value);
        if (refusal != null) {
            throw new MigrationException(refusal);
        }
        return value;
    }

    /**
     * Makes the migration, and creates it in the store at {@code LEGACY_ONLY} if it is not there.
     *
     * @throws MigrationException where the store is missing or cannot be reached
     */
    public Migration build() {
        if (store == null) {
            throw new MigrationException(
                    "store of migration '" + name + "' is missing; give it a JdbcMigrationStore on the"
                            + " application's database with store(..), or an InMemoryMigrationStore in a test");
        }
        MigrationThreads used = threads != null ? threads : MigrationThreads.of(name, 4, 1_000);
        try {
            return new Migration(this, store, used);
        } catch (RuntimeException failure) {
            if (threads == null) {
                used.close();
            }
            throw failure;
        }
    }
}
