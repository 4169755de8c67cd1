package dev.migrate.servlet;

import java.util.Enumeration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.core5.http.Header;

/**
 * Tells the headers that a proxy passes on from those that end with each connection: the ones that RFC 9110 section 7.6.1 lists,
 * and whatever the {@code Connection} header of the same message nominates.
 */
final class EndToEnd {
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final Set<String> dropped = new HashSet<>(HOP_BY_HOP);

    private EndToEnd() {}

    /** By the {@code Connection} headers of a request. */
    static EndToEnd of(Enumeration<String> connectionHeaders) {
        EndToEnd rule = new EndToEnd();
        connectionHeaders.asIterator().forEachRemaining(rule::nominate);
        return rule;
    }

    /** By the {@code Connection} headers of a response. */
    static EndToEnd of(Header[] connectionHeaders) {
        EndToEnd rule = new EndToEnd();
        for (Header header : connectionHeaders) {
            rule.nominate(header.getValue());
        }
        return rule;
    }

    private void nominate(String connection) {
        for (String name : connection.split(",", -1)) {
            dropped.add(name.strip().toLowerCase(Locale.ROOT));
        }
    }

    /** Whether a header, its name in lower case, is passed on. */
    boolean passes(String name) {
        return !dropped.contains(name);
    }
}
