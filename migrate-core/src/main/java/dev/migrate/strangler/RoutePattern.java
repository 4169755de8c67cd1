package dev.migrate.strangler;

import dev.migrate.MigrationException;
import java.util.List;

/**
 * A method and a pattern of paths: segments as they are, {@code *} for any one segment, {@code **} at the end for any rest.
 *
 * <p>{@code /catalog/**} matches {@code /catalog} too, and {@code /catalog/}; other patterns say whether there is a slash at the end.
 */
record RoutePattern(String text, String method, List<String> segments, boolean isOpen) {
    private static final String ANY = "*";

    static RoutePattern parse(String text) {
        int space = text.indexOf(' ');
        String method = space < 0 ? "" : text.substring(0, space);
        String path = text.substring(space + 1);
        if (!method.matches("\\*|[A-Z]+")) {
            throw refused(text, "must begin with a method in capitals, or *, and a space");
        }
        boolean isOpen = path.endsWith("/**");
        String closed = isOpen ? path.substring(0, path.length() - 3) : path;
        if (!path.startsWith("/")) {
            throw refused(text, "must have a path that begins with a slash");
        }
        if (closed.contains("**")) {
            throw refused(text, "may have ** only as its last segment");
        }
        List<String> segments = closed.isEmpty() ? List.of() : segments(closed);
        for (String segment : segments) {
            if (!segment.equals(ANY) && segment.contains(ANY)) {
                throw refused(text, "may have * only as a whole segment");
            }
        }
        requireCanonical(text, closed.isEmpty() ? "/" : closed);
        return new RoutePattern(text, method, segments, isOpen);
    }

    private static void requireCanonical(String text, String path) {
        try {
            if (CanonicalPath.of(path).text().equals(path)) {
                return;
            }
        } catch (AmbiguousPathException ambiguous) {
            throw refused(text, "can never match: " + ambiguous.getMessage());
        }
        throw refused(
                text,
                "must have a canonical path, which is " + CanonicalPath.of(path).text());
    }

    static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    boolean matches(String requestMethod, List<String> path) {
        if (!method.equals(ANY) && !method.equals(requestMethod)) {
            return false;
        }
        if (isOpen ? path.size() < segments.size() : path.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (segment.equals(ANY) ? path.get(i).isEmpty() : !segment.equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether everything that another pattern matches is matched by this one. */
    boolean covers(RoutePattern other) {
        if (!method.equals(ANY) && !method.equals(other.method)) {
            return false;
        }
        if (isOpen
                ? other.segments.size() < segments.size()
                : other.isOpen || other.segments.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            String theirs = other.segments.get(i);
            if (segments.get(i).equals(ANY)
                    ? theirs.isEmpty()
                    : !segments.get(i).equals(theirs)) {
                return false;
            }
        }
        return true;
    }

    private static MigrationException refused(String text, String rule) {
        return new MigrationException("route '" + text + "' " + rule + "; write it like GET /catalog/**");
    }
}
