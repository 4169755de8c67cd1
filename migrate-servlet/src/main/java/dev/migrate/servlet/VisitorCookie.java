package dev.migrate.servlet;

import dev.migrate.MigrationException;
import dev.migrate.internal.option.Bounds;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key for callers that have none: a signed cookie with a random name for the visitor, given to everybody, whichever side answers.
 *
 * <p>It holds who the caller is and not where he was sent, so that a growing share moves visitors and a cookie never does, and
 * nobody is drawn to the side whose answers set it. The signature keeps a caller from choosing a side by trying names.
 *
 * <pre>{@code
 * VisitorCookie visitors = VisitorCookie.named("visitor").signedWith(secret);
 * }</pre>
 *
 * <p>Immutable and thread-safe. Nodes need the same secret.
 */
public final class VisitorCookie {
    private static final int LEAST_SECRET = 32;
    private static final String ALGORITHM = "HmacSHA256";
    private final String name;
    private final byte[] secret;
    private final Duration maxAge;
    private final boolean isSecure;

    private VisitorCookie(String name, byte[] secret, Duration maxAge, boolean isSecure) {
        this.name = name;
        this.secret = secret;
        this.maxAge = maxAge;
        this.isSecure = isSecure;
    }

    /** What is still missing: the secret. */
    public record Named(String name) {
        /** Refuses what is no name of a cookie. */
        public Named {
            if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
                throw new MigrationException("the name of a cookie must be 1 to 100 letters, digits, dots, dashes and"
                        + " underscores, but was '" + name + "'");
            }
        }

        /**
         * Signs the cookies.
         *
         * @param secret at least 32 bytes, the same on every node, and kept like a password
         */
        public VisitorCookie signedWith(byte[] secret) {
            if (secret.length < LEAST_SECRET) {
                throw new MigrationException("the secret of cookie '" + name + "' must have at least " + LEAST_SECRET
                        + " bytes, but had " + secret.length + "; make one with: openssl rand -hex 32");
            }
            return new VisitorCookie(name, secret.clone(), Duration.ofDays(365), true);
        }
    }

    /** Begins to describe a cookie. */
    public static Named named(String name) {
        return new Named(name);
    }

    /** The same cookie, kept by browsers for another time; positive. Default: 365 days. */
    public VisitorCookie keptFor(Duration time) {
        Bounds.atLeast("keptFor of cookie '" + name + "'", time, Duration.ofSeconds(1));
        return new VisitorCookie(name, secret, time, isSecure);
    }

    /** The same cookie, sent over plain HTTP too. Default: over HTTPS only. */
    public VisitorCookie alsoOverHttp() {
        return new VisitorCookie(name, secret, maxAge, false);
    }

    /** Who the caller is, by the cookie that came or by a new one that goes with the answer, which must not be committed yet. */
    public String keyOf(HttpServletRequest request, HttpServletResponse response) {
        String attribute = VisitorCookie.class.getName() + "." + name;
        if (request.getAttribute(attribute) instanceof String known) {
            return known;
        }
        String key = sent(request).orElseGet(() -> give(response));
        request.setAttribute(attribute, key);
        return key;
    }

    private Optional<String> sent(HttpServletRequest request) {
        @Nullable Cookie @Nullable [] cookies = request.getCookies();
        if (cookies == null) {
            return Optional.empty();
        }
        for (Cookie cookie : cookies) {
            if (cookie != null && cookie.getName().equals(name)) {
                return verified(cookie.getValue());
            }
        }
        return Optional.empty();
    }

    private Optional<String> verified(String value) {
        int dot = value.lastIndexOf('.');
        if (dot < 1) {
            return Optional.empty();
        }
        String key = value.substring(0, dot);
        return MessageDigest.isEqual(bytes(value.substring(dot + 1)), bytes(signature(key)))
                ? Optional.of(key)
                : Optional.empty();
    }

    private String give(HttpServletResponse response) {
        String key = UUID.randomUUID().toString();
        Cookie cookie = new Cookie(name, key + "." + signature(key));
        cookie.setPath("/");
        cookie.setHttpOnly(true);
        cookie.setSecure(isSecure);
        cookie.setMaxAge((int) Math.min(Integer.MAX_VALUE, maxAge.toSeconds()));
        cookie.setAttribute("SameSite", "Lax");
        response.addCookie(cookie);
        return key;
    }

    private String signature(String key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(bytes(name + "=" + key)));
        } catch (GeneralSecurityException impossible) {
            throw new MigrationException("this Java has no " + ALGORITHM + ", which every one must have", impossible);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "VisitorCookie[" + name + "]";
    }
}
