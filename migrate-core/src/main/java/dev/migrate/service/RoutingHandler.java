package dev.migrate.service;

import dev.migrate.Call;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.internal.call.ComparedCall;
import dev.migrate.internal.call.ComparedCallOptions;
import dev.migrate.internal.write.KeyedWrites;
import dev.migrate.internal.write.PinnedReads;
import dev.migrate.internal.write.TwoSides;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends each call of the interface where it belongs. */
final class RoutingHandler<S> implements InvocationHandler {
    private static final @Nullable Object[] NONE = {};
    private final ServiceRouter<S> router;
    private final TwoSides<S> sides;
    private final @Nullable KeyedWrites<Object> writes;
    private final Function<Object, Object> routedBy;
    private final List<Class<? extends Throwable>> business;
    private final Migration migration;
    private final Map<Method, RoutedMethod> methods = new HashMap<>();
    private final Map<Method, ComparedCall<@Nullable Object[], @Nullable Object>> reads = new HashMap<>();

    RoutingHandler(
            ServiceRouter<S> router, ServiceRouterBuilder<S> options, TwoSides<S> sides, Iterable<RoutedMethod> all) {
        this.router = router;
        this.routedBy = options.routedBy();
        this.business = options.business;
        this.migration = options.migration;
        this.sides = sides;
        this.writes = router.writes;
        for (RoutedMethod each : all) {
            methods.put(each.method(), each);
            if (each.kind() == RoutedMethod.Kind.READ) {
                reads.put(each.method(), comparedRead(each, options));
            }
        }
    }

    ServiceRouter<S> router() {
        return router;
    }

    private ComparedCall<@Nullable Object[], @Nullable Object> comparedRead(
            RoutedMethod read, ServiceRouterBuilder<S> options) {
        Call<@Nullable Object[], @Nullable Object> legacy = arguments -> read.on(sides.legacy(), arguments);
        var call = new ComparedCallOptions<>(migration, legacy);
        call.target(arguments -> read.on(sides.target(), arguments));
        call.named(RoutedMethod.describe(read.method()));
        call.business(business);
        call.timeout(options.timeout);
        call.percent(options.comparePercent);
        call.comparator(options.comparator);
        KeyOfCall key = read.key();
        if (key == null) {
            call.keyless();
        } else {
            call.key(arguments -> routedBy.apply(key.in(arguments)));
        }
        if (writes != null) {
            call.moving(new Owing(writes, key));
        }
        return call.build();
    }

    /** What a read of a key, or of no single one, may lack on the other side. */
    private record Owing(
            KeyedWrites<Object> writes, @Nullable KeyOfCall key)
            implements ComparedCallOptions.Movement<@Nullable Object[]> {
        @Override
        public boolean isOwed(@Nullable Object[] arguments) {
            return key == null ? !writes.debt().isNone() : writes.isOwed(key.in(arguments));
        }

        @Override
        public boolean mayBeOwed(@Nullable Object[] arguments) {
            return key == null ? !writes.debt().isSettled() : writes.mayBeOwed(key.in(arguments));
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given) throws Throwable {
        @Nullable Object[] arguments = given == null ? NONE : given;
        RoutedMethod routed = methods.get(method);
        if (routed == null) {
            return ofEveryObject(proxy, method, arguments);
        }
        try {
            return switch (routed.kind()) {
                case READ -> read(routed, arguments);
                case WRITE -> write(routed, arguments);
                case BODY -> InvocationHandler.invokeDefault(proxy, method, arguments);
            };
        } catch (InterruptedException interrupted) {
            if (routed.declares(interrupted)) {
                throw interrupted;
            }
            Thread.currentThread().interrupt();
            throw new MigrationException(
                    RoutedMethod.describe(method)
                            + " was interrupted; where it was waiting for a handover, nothing was written",
                    interrupted);
        }
    }

    private @Nullable Object read(RoutedMethod routed, @Nullable Object[] arguments) throws Exception {
        if (writes != null) {
            migration.leasedView();
        }
        KeyOfCall key = routed.key();
        if (key != null) {
            Object given = key.in(arguments); // a missing key is refused on every stage, not only when a share needs it
            if (migration.isPinned()) {
                PinnedReads.requireCurrent(migration, migration.bucketOf(routedBy.apply(given)));
            }
        } else {
            PinnedReads.requireCurrent(migration);
        }
        ComparedCall<@Nullable Object[], @Nullable Object> compared = reads.get(routed.method());
        if (compared == null) {
            throw new AssertionError(routed);
        }
        return compared.call(arguments);
    }

    private @Nullable Object write(RoutedMethod routed, @Nullable Object[] arguments) throws Exception {
        KeyOfCall key = routed.key();
        if (writes == null || key == null) {
            throw new AssertionError(routed);
        }
        return writes.write(key.in(arguments), (side, version) -> measured(side, routed, arguments));
    }

    private Object measured(Side side, RoutedMethod routed, @Nullable Object[] arguments) throws Exception {
        if (!migration.traffic().isWatched()) {
            return routed.on(sides.of(side), arguments);
        }
        long begun = migration.nanoTime();
        boolean isFailure = false;
        try {
            return routed.on(sides.of(side), arguments);
        } catch (Exception | Error failure) {
            isFailure = business.stream().noneMatch(type -> type.isInstance(failure));
            throw failure;
        } finally {
            migration.traffic().record(side, migration.nanoTime() - begun, isFailure);
        }
    }

    /** Identity is the router's, whichever side answers at the moment. */
    @SuppressWarnings("ReferenceEquality")
    private Object ofEveryObject(Object proxy, Method method, @Nullable Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> router.toString();
            default -> throw new AssertionError(method);
        };
    }
}
