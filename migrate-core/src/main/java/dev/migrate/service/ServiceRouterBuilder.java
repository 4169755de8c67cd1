package dev.migrate.service;

import dev.migrate.KeyCodec;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Outcome;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.dualwrite.Guarantee;
import dev.migrate.internal.call.Outcomes;
import dev.migrate.internal.option.Bounds;
import dev.migrate.internal.write.Copying;
import dev.migrate.internal.write.KeyedWrites;
import dev.migrate.internal.write.OpenCalls;
import dev.migrate.internal.write.SideOfWrites;
import dev.migrate.internal.write.TwoSides;
import dev.migrate.side.BookKeeper;
import dev.migrate.side.DebtLimits;
import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.SideBooks;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The options of a {@link ServiceRouter}. Not thread-safe.
 *
 * @param <S> the interface
 */
public final class ServiceRouterBuilder<S> {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceRouter.class);
    private static final Set<Class<?>> KEYS = Set.of(String.class, Long.class, Integer.class, UUID.class, List.class);
    final Migration migration;
    private final Class<S> type;
    private @Nullable S legacy;
    private @Nullable S target;
    private @Nullable Copier<Object> copier;
    private @Nullable KeyCodec<Object> codec;
    private @Nullable Function<Object, ?> partition;
    private String records;
    private int parkAfter = 20;
    private Duration repairEvery = Duration.ofSeconds(1);
    private Duration longestWait = Duration.ofSeconds(10);
    private Duration callsEndWithin = Duration.ofMinutes(1);
    private final Outcomes outcomes = new Outcomes();
    private DebtLimits debtLimits = DebtLimits.defaults();
    List<Class<? extends Throwable>> business = List.of();
    Duration timeout = Duration.ofSeconds(1);
    double comparePercent = 100;
    BiPredicate<@Nullable Object, @Nullable Object> comparator = Objects::deepEquals;

    ServiceRouterBuilder(Migration migration, Class<S> type) {
        this.migration = migration;
        this.type = type;
        this.records = type.getSimpleName();
        if (!type.isInterface() || type.isAnnotation()) {
            throw refused("type must be an interface, but was " + type.getName());
        }
    }

    /** The legacy implementation; required. */
    public ServiceRouterBuilder<S> legacy(S legacy) {
        this.legacy = legacy;
        return this;
    }

    /** The target implementation; required. */
    public ServiceRouterBuilder<S> target(S target) {
        this.target = target;
        return this;
    }

    /** What carries a written key to the other side; required where a method is marked {@link Writes}. */
    @SuppressWarnings("unchecked") // keys are what the marks say; they are checked to be of one type
    public <K> ServiceRouterBuilder<S> copier(Copier<K> copier) {
        this.copier = (Copier<Object>) copier;
        return this;
    }

    /** The canonical text of keys that are not strings, longs, ints, UUIDs or lists of these. */
    @SuppressWarnings("unchecked")
    public <K> ServiceRouterBuilder<S> keyCodec(KeyCodec<K> codec) {
        this.codec = (KeyCodec<Object>) codec;
        return this;
    }

    /** What of a key decides its bucket, so that an aggregate moves together. Default: the whole key. */
    @SuppressWarnings("unchecked")
    public <K> ServiceRouterBuilder<S> partition(Function<? super K, ?> partition) {
        this.partition = (Function<Object, ?>) partition;
        return this;
    }

    /** The name of what is owed, where a migration has several: 1 to 90 letters, digits, dots, dashes, underscores. Default: the interface's simple name. */
    public ServiceRouterBuilder<S> records(String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,90}")) {
            throw refused(
                    "records must be 1 to 90 letters, digits, dots, dashes and underscores, but was '" + name + "'");
        }
        this.records = name;
        return this;
    }

    /**
     * Exceptions, subclasses included, that are answers of the domain, and no failure for a guard that watches; a write that throws one is
     * over. Default: none.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final ServiceRouterBuilder<S> business(Class<? extends Throwable>... thrown) {
        this.business = List.of(thrown);
        business.forEach(each -> outcomes.declare("business", Outcome.BUSINESS, each));
        return this;
    }

    /**
     * Exceptions of writes, subclasses included, after which nothing was done: the call has never left, or the implementation says so. After
     * any other failure a handover of the key waits {@link #callsEndWithin}. Default: none.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final ServiceRouterBuilder<S> nothingDone(Class<? extends Throwable>... thrown) {
        for (Class<? extends Throwable> each : thrown) {
            outcomes.declare("nothingDone", Outcome.REJECTED, each);
        }
        return this;
    }

    /**
     * After how long a write has surely taken effect, or never will, whatever became of its caller; positive, and longer than the
     * implementations' own time limits together, and than the clocks of two nodes may differ. A write that takes longer is not acknowledged,
     * and one that failed and comes later still is found by reconciliation alone. Default: one minute.
     */
    public ServiceRouterBuilder<S> callsEndWithin(Duration limit) {
        this.callsEndWithin = Bounds.positive(named("callsEndWithin"), limit);
        return this;
    }

    /** When two answers of a read, legacy's first, are equal; asked only where neither is null. Default: {@link Objects#deepEquals}. */
    public ServiceRouterBuilder<S> comparator(BiPredicate<@Nullable Object, @Nullable Object> equal) {
        this.comparator = equal;
        return this;
    }

    /** The share of reads that are compared, 0 to 100, with at most four decimals. Default: 100. */
    public ServiceRouterBuilder<S> comparePercent(double percent) {
        Position.partsPerMillion(percent);
        this.comparePercent = percent;
        return this;
    }

    /** How long the shadow may take for a read, from when it begins; positive. The caller is never held. Default: one second. */
    public ServiceRouterBuilder<S> timeout(Duration timeout) {
        this.timeout = Bounds.positive(named("timeout"), timeout);
        return this;
    }

    /** After how many failed attempts a key is parked; at least 1. Default: 20. */
    public ServiceRouterBuilder<S> parkAfter(int attempts) {
        this.parkAfter = Bounds.positive(named("parkAfter"), attempts);
        return this;
    }

    /** How often the worker looks for what is owed; positive. Default: one second. */
    public ServiceRouterBuilder<S> repairEvery(Duration pause) {
        this.repairEvery = Bounds.positive(named("repairEvery"), pause);
        return this;
    }

    /** How long a write waits for a handover before it is refused; positive. Default: ten seconds. */
    public ServiceRouterBuilder<S> longestWait(Duration wait) {
        this.longestWait = Bounds.positive(named("longestWait"), wait);
        return this;
    }

    /** From which debt on what gives way to it. Default: {@link DebtLimits#defaults}; no write is ever held up by it. */
    public ServiceRouterBuilder<S> debtLimits(DebtLimits limits) {
        this.debtLimits = limits;
        return this;
    }

    private String named(String option) {
        return "router of " + type.getSimpleName() + " in migration '" + migration.name() + "': " + option;
    }

    private MigrationException refused(String reason) {
        return new MigrationException(named(reason));
    }

    /** What of a key decides the bucket, in a type that the migration hashes; as for writes, so for reads. */
    Function<Object, Object> routedBy() {
        Function<Object, ?> part = partition;
        KeyCodec<Object> text = codec;
        return key -> part != null ? part.apply(key) : text != null ? text.encode(key) : key;
    }

    /**
     * Makes the routed object; {@link ServiceRouter#behind} gives what stands behind it.
     *
     * @throws MigrationException where a side or the copier is missing, or a method does not say what it does; the message names it
     */
    @SuppressWarnings("ReferenceEquality") // two implementations may be equal, but not one object
    public S build() {
        TwoSides<S> sides = new TwoSides<>(given("legacy", legacy), given("target", target));
        if (sides.legacy() == sides.target()) {
            throw refused("legacy and target must be two objects, but are the same");
        }
        List<RoutedMethod> methods = new ArrayList<>();
        for (Method method : type.getMethods()) {
            RoutedMethod.of(method, List.of(sides.legacy(), sides.target())).ifPresent(methods::add);
        }
        requireKeys(methods);
        boolean hasWrites = methods.stream().anyMatch(each -> each.kind() == RoutedMethod.Kind.WRITE);
        ServiceRouter<S> router = router(hasWrites);
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new RoutingHandler<>(router, this, sides, methods)));
    }

    private S given(String side, @Nullable S implementation) {
        if (implementation == null) {
            throw refused(side + " is missing; give the " + side + " implementation with " + side + "(..)");
        }
        if (Proxy.isProxyClass(implementation.getClass())
                && Proxy.getInvocationHandler(implementation) instanceof RoutingHandler<?> routed
                && routed.router().migration() == migration) {
            throw refused(side + " must be an implementation, but is the object that this migration routes;"
                    + " it would call itself for ever");
        }
        return implementation;
    }

    private void requireKeys(List<RoutedMethod> methods) {
        Set<Class<?>> types = methods.stream()
                .map(RoutedMethod::key)
                .filter(Objects::nonNull)
                .map(KeyOfCall::type)
                .collect(Collectors.toSet());
        if (types.size() > 1) {
            throw refused(
                    "every @MigrationKey must have the same type, because equal numbers of different types are different"
                            + " keys, but there are "
                            + types.stream().map(Class::getSimpleName).sorted().collect(Collectors.joining(" and ")));
        }
        types.stream()
                .filter(key -> codec == null && KEYS.stream().noneMatch(known -> known.isAssignableFrom(key)))
                .findAny()
                .ifPresent(key -> {
                    throw refused("a @MigrationKey must be a String, Long, Integer, UUID or a list of these, but is a "
                            + key.getName() + "; mark one of its properties, or give keyCodec(..)");
                });
    }

    private ServiceRouter<S> router(boolean hasWrites) {
        Copier<Object> carrier = copier;
        if (!hasWrites) {
            return new ServiceRouter<>(migration, type, null, Guarantee.EXACT);
        }
        if (carrier == null) {
            throw refused("copier is missing; methods are marked @Writes, and copier(..) carries what they wrote over");
        }
        TwoSides<SideOfWrites> books = new TwoSides<>(books(Side.LEGACY), books(Side.TARGET));
        Guarantee guarantee =
                books.legacy().books().isDurable() && books.target().books().isDurable()
                        ? Guarantee.DURABLE
                        : Guarantee.UNTIL_RESTART;
        LOG.info("migration '{}', service {}: {}", migration.name(), type.getSimpleName(), guarantee.description());
        KeyedWrites<Object> writes = new KeyedWrites<>(new KeyedWrites.Options<>(
                migration,
                records,
                books,
                (key, from) -> new Carried(carrier, key, from),
                codec,
                partition,
                parkAfter,
                repairEvery,
                longestWait,
                new OpenCalls(callsEndWithin, outcomes.copy()),
                debtLimits));
        return new ServiceRouter<>(migration, type, writes, guarantee);
    }

    private SideOfWrites books(Side side) {
        SideBooks books = migration.store() instanceof BookKeeper keeper
                ? keeper.books(migration.name(), records, side)
                : new InMemorySideBooks(migration.time());
        return new SideOfWrites(books, false);
    }

    /** A copy that reads and writes in one; whether the key is gone only the copier knows. */
    private record Carried(Copier<Object> copier, Object key, Side from) implements Copying.Copy {
        @Override
        public boolean isDelete() {
            return false;
        }

        @Override
        public void write(Version version) throws Exception {
            copier.copy(key, from, from.other());
        }
    }
}
