package dev.migrate.strangler;

import dev.migrate.Call;
import dev.migrate.KeySwitch;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.Traffic;
import dev.migrate.internal.call.Thrown;
import dev.migrate.strangler.RouteDecision.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hands each request to legacy or to the target, by the first of the declared routes that matches its method and path.
 *
 * <p>For moving an application endpoint by endpoint. A route goes to one side, or asks a switch such as a flag, or follows the stage
 * of a migration: then the side that is authoritative for the request's key handles the request, and it alone; nothing is
 * repeated on the other. The migration that the router itself is made of gives the name and the traffic of the fixed routes; its
 * stage decides nothing unless a route names it.
 *
 * <p>Paths are matched in their canonical form, and refused where two servers may read them differently: see
 * {@link CanonicalPath}, which whoever forwards a request over the network should send.
 *
 * <pre>{@code
 * StranglerRouter<Request, Response> routes = StranglerRouter.of(shop)
 *     .legacy(monolith::handle).target(ordersService::handle).requestLine(Request::line).key(Request::userId)
 *     .route("GET /catalog/**", TARGET).route("GET /search/**", flag).route("* /orders/**", orders).otherwise(LEGACY).build();
 * Response response = routes.handle(request);
 * }</pre>
 *
 * <p>Both sides run on the caller's thread. Thread-safe.
 *
 * @param <Q> the request
 * @param <S> the response
 */
public final class StranglerRouter<Q, S extends @Nullable Object> {
    private record Declared<Q>(
            RoutePattern pattern, Route route, @Nullable Function<? super Q, ? extends @Nullable Object> key) {}

    private static final String OTHERWISE = "otherwise";
    private final Migration migration;
    private final Call<? super Q, ? extends S> legacy;
    private final Call<? super Q, ? extends S> target;
    private final Function<? super Q, String> requestLine;
    private final List<Declared<Q>> routes;
    private final Route otherwise;

    private StranglerRouter(
            Builder<Q, S> options,
            Call<? super Q, ? extends S> target,
            Function<? super Q, String> requestLine,
            Side otherwise) {
        this.migration = options.migration;
        this.legacy = options.legacy;
        this.target = target;
        this.requestLine = requestLine;
        this.routes = List.copyOf(options.routes);
        this.otherwise = new Route.Fixed(otherwise, Reason.OTHERWISE);
    }

    /** Begins to describe a router. */
    public static Start of(Migration migration) {
        return new Start(migration);
    }

    /**
     * Has a side handle a request.
     *
     * @param <X> a checked exception of the sides that the caller wants to catch: {@code routes.<IOException>handle(request)};
     *     without it the compiler asks for no {@code catch}, and the same exceptions come
     * @throws X what the side threw, as it was thrown
     * @throws AmbiguousPathException where two servers may read the path differently; to be answered with 400
     */
    public <X extends Exception> S handle(Q request) throws X {
        Declared<Q> declared = routeOf(request);
        RouteDecision decision = decide(declared, request);
        Traffic traffic = (declared == null ? otherwise : declared.route()).traffic(migration);
        Call<? super Q, ? extends S> side = decision.side() == Side.LEGACY ? legacy : target;
        try {
            return traffic.isWatched() ? measured(traffic, decision.side(), side, request) : side.call(request);
        } catch (Exception failure) {
            throw Thrown.<X>as(failure);
        }
    }

    /** Which side would handle a request now, and why; handles nothing. Throws as {@link #handle} does. */
    public RouteDecision explain(Q request) {
        return decide(routeOf(request), request);
    }

    private S measured(Traffic traffic, Side side, Call<? super Q, ? extends S> call, Q request) throws Exception {
        long begun = migration.nanoTime();
        boolean isFailure = true;
        try {
            S response = call.call(request);
            isFailure = false;
            return response;
        } finally {
            traffic.record(side, migration.nanoTime() - begun, isFailure);
        }
    }

    private @Nullable Declared<Q> routeOf(Q request) {
        String line = requestLine.apply(request);
        int space = line.indexOf(' ');
        if (space < 1) {
            throw new AmbiguousPathException(
                    "a request line must be a method, a space and a path; let requestLine(..) return one, or answer 400");
        }
        int end = line.indexOf(' ', space + 1);
        String sent = line.substring(space + 1, end < 0 ? line.length() : end);
        int query = sent.indexOf('?');
        List<String> path = RoutePattern.segments(
                CanonicalPath.of(query < 0 ? sent : sent.substring(0, query)).text());
        String method = line.substring(0, space);
        for (Declared<Q> declared : routes) {
            if (declared.pattern().matches(method, path)) {
                return declared;
            }
        }
        return null;
    }

    private RouteDecision decide(@Nullable Declared<Q> declared, Q request) {
        return declared == null
                ? otherwise.decide(OTHERWISE, () -> request)
                : declared.route().decide(declared.pattern().text(), () -> keyOf(declared, request));
    }

    private Object keyOf(Declared<Q> declared, Q request) {
        Object key = declared.key() == null ? null : declared.key().apply(request);
        if (key == null) {
            throw new MigrationException(
                    "key of a request to route '" + declared.pattern().text() + "' of migration '"
                            + migration.name()
                            + "' must not be null; let key(..) return something stable for every caller, such"
                            + " as a session for those that are not logged in");
        }
        return key;
    }

    /** The first step of the description: legacy, which settles the types. */
    public static final class Start {
        private final Migration migration;

        private Start(Migration migration) {
            this.migration = migration;
        }

        /** The legacy side. */
        public <Q, S extends @Nullable Object> Builder<Q, S> legacy(Call<Q, S> legacy) {
            return new Builder<>(migration, legacy);
        }
    }

    /**
     * The options of a router. Not thread-safe.
     *
     * @param <Q> the request
     * @param <S> the response
     */
    public static final class Builder<Q, S extends @Nullable Object> {
        private final Migration migration;
        private final Call<? super Q, ? extends S> legacy;
        private final List<Declared<Q>> routes = new ArrayList<>();
        private @Nullable Call<? super Q, ? extends S> target;
        private @Nullable Function<? super Q, String> requestLine;
        private @Nullable Function<? super Q, ? extends @Nullable Object> key;
        private @Nullable Side otherwise;

        private Builder(Migration migration, Call<? super Q, ? extends S> legacy) {
            this.migration = migration;
            this.legacy = legacy;
        }

        /** The target side; required. */
        public Builder<Q, S> target(Call<? super Q, ? extends S> target) {
            this.target = target;
            return this;
        }

        /** A request's first line, such as {@code GET /orders/7?all=true}, with the path as it was sent, not decoded; required. */
        public Builder<Q, S> requestLine(Function<? super Q, String> requestLine) {
            this.requestLine = requestLine;
            return this;
        }

        /**
         * What decides for routes that follow a switch or a migration; then required, before them. A switch is given its
         * {@code toString}; a migration wants the same type as its other routers use, because text and numbers hash differently.
         */
        public Builder<Q, S> key(Function<? super Q, ? extends @Nullable Object> key) {
            this.key = key;
            return this;
        }

        /**
         * Requests that go to one side.
         *
         * @param pattern a method or {@code *}, and a path with segments as they are, {@code *} for any one, {@code **} at the end for
         *     any rest, such as {@code GET /catalog/**}; routes are tried in the order in which they are declared
         * @throws MigrationException where the pattern is malformed, or an earlier route leaves nothing for it
         */
        public Builder<Q, S> route(String pattern, Side side) {
            return add(pattern, new Route.Fixed(side, Reason.FIXED), null);
        }

        /** Requests that go to the target where a switch is on for their key; the pattern as in {@link #route(String, Side)}. */
        public Builder<Q, S> route(String pattern, KeySwitch keySwitch) {
            return add(pattern, new Route.BySwitch(keySwitch), key);
        }

        /** Requests that go to the side that a migration makes authoritative for their key; the pattern as in {@link #route(String, Side)}. */
        public Builder<Q, S> route(String pattern, Migration migration) {
            return add(pattern, new Route.ByStage(migration), key);
        }

        /** The same with a key of its own, such as an order's number, so that requests follow the data they are about. */
        public Builder<Q, S> route(
                String pattern, Migration migration, Function<? super Q, ? extends @Nullable Object> key) {
            return add(pattern, new Route.ByStage(migration), key);
        }

        /** The side of requests that no route matches; required. */
        public Builder<Q, S> otherwise(Side side) {
            this.otherwise = side;
            return this;
        }

        private Builder<Q, S> add(
                String text, Route route, @Nullable Function<? super Q, ? extends @Nullable Object> by) {
            RoutePattern pattern = RoutePattern.parse(text);
            for (Declared<Q> earlier : routes) {
                if (earlier.pattern().covers(pattern)) {
                    throw refused("route '" + text + "' can never be reached, because '"
                            + earlier.pattern().text() + "' before it matches all of it; declare it earlier");
                }
            }
            if (route.isKeyed() && by == null) {
                throw refused("key is missing for route '" + text + "'; give key(..) before the routes that need it");
            }
            routes.add(new Declared<>(pattern, route, by));
            return this;
        }

        private MigrationException refused(String reason) {
            return new MigrationException("router of migration '" + migration.name() + "': " + reason);
        }

        /** Makes the router. */
        public StranglerRouter<Q, S> build() {
            if (target == null) {
                throw refused("target is missing; give it with target(..)");
            }
            if (requestLine == null) {
                throw refused(
                        "requestLine is missing; say how a request gives its method and path with requestLine(..)");
            }
            if (otherwise == null) {
                throw refused(
                        "otherwise is missing; say where requests go that no route matches with otherwise(LEGACY)");
            }
            return new StranglerRouter<>(this, target, requestLine, otherwise);
        }
    }
}
