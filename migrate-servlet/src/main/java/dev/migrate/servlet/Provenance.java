package dev.migrate.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.apache.hc.core5.http.HttpMessage;

/**
 * Says where a request came from: from the peer of the connection, never from what the request claims about itself, unless the
 * peer is a proxy that is trusted.
 */
record Provenance(Predicate<String> trustedProxy) {
    private static final String FOR = "X-Forwarded-For";
    private static final String HOST = "X-Forwarded-Host";
    private static final String PROTO = "X-Forwarded-Proto";
    private static final String PORT = "X-Forwarded-Port";

    /** Whether a header, its name in lower case, claims where the request came from. */
    static boolean isClaim(String name) {
        return name.startsWith("x-forwarded-") || name.equals("forwarded") || name.equals("x-real-ip");
    }

    void write(HttpServletRequest from, HttpMessage to) {
        String peer = from.getRemoteAddr();
        boolean isTrusted = trustedProxy.test(peer);
        List<String> earlier = isTrusted ? Collections.list(from.getHeaders(FOR)) : List.of();
        to.setHeader(FOR, earlier.isEmpty() ? peer : String.join(", ", earlier) + ", " + peer);
        String host = from.getHeader("Host");
        if (host != null) {
            to.setHeader(HOST, claimed(from, isTrusted, HOST, host));
        }
        to.setHeader(PROTO, claimed(from, isTrusted, PROTO, from.getScheme().toLowerCase(Locale.ROOT)));
        to.setHeader(PORT, claimed(from, isTrusted, PORT, Integer.toString(from.getServerPort())));
    }

    private static String claimed(HttpServletRequest from, boolean isTrusted, String header, String own) {
        String claim = isTrusted ? from.getHeader(header) : null;
        return claim == null ? own : claim;
    }
}
