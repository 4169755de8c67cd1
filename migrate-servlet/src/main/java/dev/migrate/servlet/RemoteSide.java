package dev.migrate.servlet;

import dev.migrate.MigrationException;
import dev.migrate.internal.option.Bounds;
import dev.migrate.strangler.CanonicalPath;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/**
 * The side of a migration that another server answers for: a streaming HTTP proxy to one base URI that is fixed in configuration.
 *
 * <p>Bodies are passed on as they arrive, both ways, and never held in memory. A request is sent once: nothing is retried, no
 * redirect is followed, no cookie is kept, nothing is decoded. Headers that end with a connection are dropped, what the caller
 * claims about its origin is replaced by what the connection says, and everything else goes through as it is. Upgrades
 * (WebSocket) and trailers are not passed on.
 *
 * <p>Thread-safe; the caller's thread does the work. Owns a pool of connections, which {@link #close} ends.
 *
 * <pre>{@code
 * RemoteSide orders = RemoteSide.at(URI.create("http://orders.internal:8080")).responseTimeout(Duration.ofSeconds(10)).build();
 * }</pre>
 */
public final class RemoteSide implements AutoCloseable {
    private final URI base;
    private final HttpHost host;
    private final String basePath;
    private final boolean keepsHost;
    private final Provenance provenance;
    private final CloseableHttpClient client;

    private RemoteSide(Builder options) {
        this.base = options.base;
        this.host = new HttpHost(base.getScheme(), base.getHost(), base.getPort());
        this.basePath = base.getRawPath().replaceAll("/+$", "");
        this.keepsHost = options.keepsHost;
        this.provenance = new Provenance(options.trustedProxy);
        this.client = Client.of(
                options.connectTimeout, options.responseTimeout, options.connectionTimeout, options.connections);
    }

    /**
     * Begins to describe a remote side.
     *
     * @param base an absolute http or https URI without user, query and fragment; its path is put before the path of each request
     */
    public static Builder at(URI base) {
        return new Builder(base);
    }

    /**
     * Passes a request on, and its answer back.
     *
     * @return the status of the answer; 500 and above too, which is an answer like any other
     * @throws RemoteSideException where there is no whole answer; the response is then not to be used further if it is committed
     * @throws dev.migrate.strangler.AmbiguousPathException where servers may read its path in more than one way; to be answered with 400
     * @throws IOException where the caller's own connection fails
     */
    public int forward(HttpServletRequest request, HttpServletResponse response) throws IOException {
        return forward(request, response, CanonicalPath.of(request.getRequestURI()));
    }

    int forward(HttpServletRequest request, HttpServletResponse response, CanonicalPath path) throws IOException {
        ClassicHttpRequest outgoing = outgoing(request, path);
        try (ClassicHttpResponse answer = send(outgoing)) {
            new Answer(answer, base).writeTo(response);
            return answer.getCode();
        }
    }

    private ClassicHttpRequest outgoing(HttpServletRequest request, CanonicalPath path) throws IOException {
        String query = request.getQueryString();
        ClassicHttpRequest outgoing = new BasicClassicHttpRequest(
                request.getMethod(), host, basePath + path.text() + (query == null ? "" : "?" + query));
        EndToEnd endToEnd = EndToEnd.of(request.getHeaders("Connection"));
        for (String name : Collections.list(request.getHeaderNames())) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (endToEnd.passes(lower) && !isMadeAnew(lower)) {
                copy(name, Collections.list(request.getHeaders(name)), outgoing);
            }
        }
        if (keepsHost && request.getHeader("Host") != null) {
            outgoing.setHeader("Host", request.getHeader("Host"));
        }
        provenance.write(request, outgoing);
        outgoing.addHeader("Via", request.getProtocol().replaceFirst("^HTTP/", "") + " migrate");
        outgoing.setEntity(CallerBody.of(request));
        return outgoing;
    }

    private static boolean isMadeAnew(String name) {
        return name.equals("host")
                || name.equals("content-length")
                || name.equals("expect")
                || Provenance.isClaim(name);
    }

    private static void copy(String name, List<String> values, ClassicHttpRequest outgoing) {
        if (name.equalsIgnoreCase("Cookie")) {
            // one line again, where HTTP/2 had split it (RFC 9113, section 8.2.3)
            outgoing.addHeader(name, String.join("; ", values));
        } else {
            values.forEach(value -> outgoing.addHeader(name, value));
        }
    }

    private ClassicHttpResponse send(ClassicHttpRequest outgoing) throws IOException {
        try {
            return client.executeOpen(host, outgoing, HttpClientContext.create());
        } catch (CallerBody.Lost lost) {
            throw lost.original();
        } catch (ConnectionRequestTimeoutException exhausted) {
            throw failure(503, false, "has no connection free; allow more with connections(..)", exhausted);
        } catch (ConnectTimeoutException slow) {
            throw failure(504, false, "could not be connected to in time", slow);
        } catch (ConnectException | NoRouteToHostException | UnknownHostException unreachable) {
            throw failure(502, false, "could not be connected to", unreachable);
        } catch (InterruptedIOException slow) {
            throw failure(504, true, "did not answer in time", slow);
        } catch (IOException broken) {
            throw failure(502, true, "broke off", broken);
        }
    }

    private RemoteSideException failure(int status, boolean isSent, String what, IOException cause) {
        return new RemoteSideException(status, isSent, "the remote side " + base + " " + what, cause);
    }

    /** Ends the connections; what is still being passed on breaks off. */
    @Override
    public void close() {
        client.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
    }

    @Override
    public String toString() {
        return "RemoteSide[" + base + "]";
    }

    /** Describes a remote side; not thread-safe. */
    public static final class Builder {
        private final URI base;
        private Duration connectTimeout = Duration.ofSeconds(2);
        private Duration responseTimeout = Duration.ofSeconds(30);
        private Duration connectionTimeout = Duration.ofSeconds(2);
        private int connections = 100;
        private boolean keepsHost;
        private Predicate<String> trustedProxy = peer -> false;

        private Builder(URI base) {
            this.base = checked(base);
        }

        private static URI checked(URI base) {
            String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
            refuse(base, !scheme.equals("http") && !scheme.equals("https"), "be absolute, with http or https");
            refuse(base, base.getHost() == null, "name a host");
            refuse(base, base.getRawUserInfo() != null, "name no user; add an Authorization header in front of it");
            refuse(base, base.getRawQuery() != null || base.getRawFragment() != null, "have no query and no fragment");
            return base;
        }

        private static void refuse(URI base, boolean isRefused, String rule) {
            if (isRefused) {
                throw new MigrationException("the base URI of a remote side must " + rule + ", but was "
                        + (base.getRawUserInfo() == null ? base : "one of " + base.getHost()));
            }
        }

        /** How long a connection may take to be made; positive. Default: two seconds. */
        public Builder connectTimeout(Duration connectTimeout) {
            this.connectTimeout = Bounds.positive("connectTimeout", connectTimeout);
            return this;
        }

        /** How long the remote side may be silent, before its answer or within it; positive. Default: thirty seconds. */
        public Builder responseTimeout(Duration responseTimeout) {
            this.responseTimeout = Bounds.positive("responseTimeout", responseTimeout);
            return this;
        }

        /** How long a request may wait for one of the {@link #connections}; positive. Default: two seconds. */
        public Builder connectionTimeout(Duration connectionTimeout) {
            this.connectionTimeout = Bounds.positive("connectionTimeout", connectionTimeout);
            return this;
        }

        /** How many requests may be at the remote side at a time; at least 1. Default: 100. */
        public Builder connections(int connections) {
            this.connections = Bounds.positive("connections", connections);
            return this;
        }

        /**
         * Sends the caller's {@code Host} on, for a remote side that makes absolute links of it. Default: the base URI's host is
         * sent, the caller's goes into {@code X-Forwarded-Host}, and a {@code Location} at the base URI loses its host.
         */
        public Builder keepHost() {
            this.keepsHost = true;
            return this;
        }

        /**
         * Whose {@code X-Forwarded-*} headers are believed and extended, by the address of the peer. Default: nobody's; they are
         * replaced, and {@code Forwarded} and {@code X-Real-IP} dropped, which are not passed on even from a trusted proxy.
         */
        public Builder trustedProxy(Predicate<String> trustedProxy) {
            this.trustedProxy = trustedProxy;
            return this;
        }

        /** Makes the remote side; nothing is connected to yet. */
        public RemoteSide build() {
            return new RemoteSide(this);
        }
    }
}
