package dev.migrate.servlet;

import dev.migrate.KeySwitch;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.strangler.AmbiguousPathException;
import dev.migrate.strangler.CanonicalPath;
import dev.migrate.strangler.RouteDecision;
import dev.migrate.strangler.StranglerRouter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each request either on to the application behind this filter, or to the other side on another server.
 *
 * <p>One of the two sides is the application that the filter stands in, the other a {@link RemoteSide}: a monolith gives its endpoints
 * away one by one, or a new service takes them in and sends the rest back. Routes are those of
 * {@link dev.migrate.strangler.StranglerRouter}. A path that servers may read in more than one way is answered with 400 and reaches
 * neither side; a remote side that gives no answer is a 502, 503 or 504.
 *
 * <pre>{@code
 * StranglerFilter filter = StranglerFilter.of(shop)
 *     .remote(Side.TARGET, ordersService)
 *     .key(HttpServletRequest::getRemoteUser).visitors(VisitorCookie.named("visitor").signedWith(secret))
 *     .route("GET /catalog/**", Side.TARGET).route("* /orders/**", orders).otherwise(Side.LEGACY).build();
 * }</pre>
 *
 * <p>To be placed behind authentication and before everything that reads a body; it reads no parameter itself. What both sides do is
 * measured for the guards of a rollout, an answer of 500 and above as a failure. Nothing is sent to both sides. Thread-safe. Does not
 * close the remote side.
 */
public final class StranglerFilter implements Filter {
    private static final Logger LOG = LoggerFactory.getLogger(StranglerFilter.class);
    private static final int SERVER_ERROR = 500;

    /** One request on its way. */
    private record Exchange(
            HttpServletRequest request,
            HttpServletResponse response,
            CanonicalPath path,
            @Nullable FilterChain chain) {
        FilterChain rest() throws ServletException {
            if (chain == null) {
                throw new ServletException("a request that is only explained is not handled");
            }
            return chain;
        }
    }

    /** Tells the router's measuring of a failure that the caller has been answered already. */
    private static final class AnsweredWithFailure extends Exception {
        private static final long serialVersionUID = 1L;

        AnsweredWithFailure() {
            super(null, null, false, false);
        }
    }

    private final String migration;
    private final StranglerRouter<Exchange, Boolean> router;

    private StranglerFilter(String migration, StranglerRouter<Exchange, Boolean> router) {
        this.migration = migration;
        this.router = router;
    }

    /** Begins to describe a filter. */
    public static Start of(Migration migration) {
        return new Start(migration);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest http && response instanceof HttpServletResponse answer) {
            CanonicalPath path;
            try {
                path = CanonicalPath.of(http.getRequestURI());
            } catch (AmbiguousPathException ambiguous) {
                LOG.debug("migration '{}' refused a request", migration, ambiguous);
                answer.sendError(HttpServletResponse.SC_BAD_REQUEST);
                return;
            }
            handle(new Exchange(http, answer, path, chain));
        } else {
            chain.doFilter(request, response);
        }
    }

    private void handle(Exchange exchange) throws IOException, ServletException {
        try {
            router.<Exception>handle(exchange);
        } catch (AnsweredWithFailure counted) {
            LOG.trace("migration '{}' counted a failure", migration);
        } catch (IOException | ServletException | RuntimeException failure) {
            throw failure;
        } catch (Exception undeclared) {
            throw new ServletException(undeclared);
        }
    }

    /**
     * Which side would answer a request now, and why.
     *
     * @throws AmbiguousPathException where its path may be read in more than one way
     */
    public RouteDecision explain(HttpServletRequest request, HttpServletResponse response) {
        return router.explain(new Exchange(request, response, CanonicalPath.of(request.getRequestURI()), null));
    }

    private static Boolean here(Exchange exchange) throws Exception {
        exchange.rest().doFilter(exchange.request(), exchange.response());
        if (!exchange.request().isAsyncStarted() && exchange.response().getStatus() >= SERVER_ERROR) {
            throw new AnsweredWithFailure();
        }
        return true;
    }

    private static Boolean there(String migration, RemoteSide remote, Exchange exchange) throws Exception {
        int status;
        try {
            status = remote.forward(exchange.request(), exchange.response(), exchange.path());
        } catch (RemoteSideException failure) {
            if (exchange.response().isCommitted()) {
                throw failure; // the container breaks the connection off, so that nobody takes half an answer for a
                // whole one
            }
            LOG.warn("migration '{}' answers {}", migration, failure.status(), failure);
            exchange.response().reset();
            exchange.response().sendError(failure.status());
            status = failure.status();
        }
        if (status >= SERVER_ERROR) {
            throw new AnsweredWithFailure();
        }
        return true;
    }

    /** The first step of the description: which side is elsewhere. */
    public static final class Start {
        private final Migration migration;

        private Start(Migration migration) {
            this.migration = migration;
        }

        /** The side that is on another server; the application behind the filter is the other one. */
        public Builder remote(Side side, RemoteSide remote) {
            return new Builder(migration, side, remote);
        }
    }

    /** Describes a filter; not thread-safe. */
    public static final class Builder {
        private final String migration;
        private final StranglerRouter.Builder<Exchange, Boolean> router;
        private Function<HttpServletRequest, ? extends @Nullable Object> key = request -> null;
        private @Nullable VisitorCookie visitors;

        private Builder(Migration migration, Side side, RemoteSide remote) {
            this.migration = migration.name();
            String name = migration.name();
            StranglerRouter.Start start = StranglerRouter.of(migration);
            router = side == Side.TARGET
                    ? start.<Exchange, Boolean>legacy(StranglerFilter::here)
                            .target(exchange -> there(name, remote, exchange))
                    : start.<Exchange, Boolean>legacy(exchange -> there(name, remote, exchange))
                            .target(StranglerFilter::here);
            router.requestLine(exchange ->
                    exchange.request().getMethod() + " " + exchange.path().text());
        }

        /**
         * What decides for routes that follow a switch or a migration, such as the user's name; null for callers who have none, who
         * are then told apart by {@link #visitors}. To be given before the routes that need it.
         */
        public Builder key(Function<HttpServletRequest, ? extends @Nullable Object> key) {
            this.key = key;
            return decided();
        }

        /** What decides for callers who have no {@link #key}. Default: such a request is an error. */
        public Builder visitors(VisitorCookie visitors) {
            this.visitors = visitors;
            return decided();
        }

        private Builder decided() {
            router.key(exchange -> {
                Object own = key.apply(exchange.request());
                return own != null || visitors == null ? own : visitors.keyOf(exchange.request(), exchange.response());
            });
            return this;
        }

        /**
         * Requests that go to one side.
         *
         * @param pattern such as {@code GET /catalog/**}; see {@link StranglerRouter.Builder#route(String, Side)}
         */
        public Builder route(String pattern, Side side) {
            return with(routes -> routes.route(pattern, side));
        }

        /** Requests that go to the target where a switch, such as a flag, is on for their key. */
        public Builder route(String pattern, KeySwitch keySwitch) {
            return with(routes -> routes.route(pattern, keySwitch));
        }

        /** Requests that go to the side that a migration makes authoritative for their key. */
        public Builder route(String pattern, Migration migration) {
            return with(routes -> routes.route(pattern, migration));
        }

        /** The same with a key of its own, such as an order's number, so that requests follow the data they are about. */
        public Builder route(
                String pattern, Migration migration, Function<HttpServletRequest, ? extends @Nullable Object> key) {
            return with(routes -> routes.route(pattern, migration, exchange -> key.apply(exchange.request())));
        }

        /** The side of requests that no route matches; required. */
        public Builder otherwise(Side side) {
            return with(routes -> routes.otherwise(side));
        }

        private Builder with(Consumer<StranglerRouter.Builder<Exchange, Boolean>> option) {
            option.accept(router);
            return this;
        }

        /**
         * Makes the filter.
         *
         * @throws MigrationException where something is missing; the message says what
         */
        public StranglerFilter build() {
            return new StranglerFilter(migration, router.build());
        }
    }
}
