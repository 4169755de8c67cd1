package dev.migrate.strangler;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The one form of a request's path, in which it is matched and should be forwarded.
 *
 * <p>Encoded letters, digits, {@code - _ ~} are decoded and hexadecimal digits raised to upper case (RFC 3986, section 6.2.2); nothing
 * else changes. A path that servers are known to read in more than one way is refused: dot segments, encoded or not, empty
 * segments, path parameters, backslashes, encoded slashes, encodings of encodings, control characters, malformed or overlong UTF-8.
 *
 * @param text the path, from its slash to before the question mark
 */
public record CanonicalPath(String text) {
    private static final String UNRESERVED_MARKS = "-_~";
    private static final String PLAIN_MARKS = "-._~!$&'()*+,=:@/";

    /** Refuses what is not canonical already; use {@link #of} for what a client has sent. */
    public CanonicalPath {
        if (!canonical(text).equals(text)) {
            throw new AmbiguousPathException("a canonical path was expected; make one with CanonicalPath.of(..)");
        }
    }

    /**
     * The canonical form of a path as a client has sent it.
     *
     * @param raw the path as it stands in the request line, not decoded, without query and fragment
     * @throws AmbiguousPathException where it is not unambiguous
     */
    public static CanonicalPath of(String raw) {
        return new CanonicalPath(canonical(raw));
    }

    private static String canonical(String raw) {
        if (raw.isEmpty() || raw.charAt(0) != '/') {
            throw refused("must begin with a slash");
        }
        StringBuilder text = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                i = decode(raw, i, text);
            } else if (isLetterOrDigit(c) || PLAIN_MARKS.indexOf(c) >= 0) {
                text.append(c);
            } else {
                throw refused(
                        switch (c) {
                            case ';' -> "must not contain path parameters (;)";
                            case '\\' -> "must not contain a backslash";
                            default -> "must not contain characters that have to be encoded";
                        });
            }
        }
        requireOrdinarySegments(text);
        return text.toString();
    }

    /** Appends the encoded bytes that begin at a percent sign; returns the index of the last character read. */
    private static int decode(String raw, int start, StringBuilder text) {
        int first = byteAt(raw, start);
        if (first < 0x80) {
            append(first, raw, start, text);
            return start + 2;
        }
        int end = start;
        ByteBuffer bytes = ByteBuffer.allocate((raw.length() - start) / 3);
        while (end < raw.length() && raw.charAt(end) == '%' && byteAt(raw, end) >= 0x80) {
            bytes.put((byte) byteAt(raw, end));
            end += 3;
        }
        requireUtf8(bytes.flip());
        text.append(raw.substring(start, end).toUpperCase(Locale.ROOT));
        return end - 1;
    }

    private static void append(int ascii, String raw, int start, StringBuilder text) {
        char c = (char) ascii;
        if (c < 0x20 || c == 0x7f) {
            throw refused("must not contain encoded control characters");
        }
        if (c == '/' || c == '\\' || c == '.' || c == ';') {
            throw refused("must not contain an encoded slash, backslash, dot or semicolon");
        }
        if (c == '%' && isHex(raw, start + 3) && isHex(raw, start + 4)) {
            throw refused("must not be encoded twice");
        }
        if (isLetterOrDigit(c) || UNRESERVED_MARKS.indexOf(c) >= 0) {
            text.append(c);
        } else {
            text.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) ascii));
        }
    }

    private static int byteAt(String raw, int percent) {
        if (!isHex(raw, percent + 1) || !isHex(raw, percent + 2)) {
            throw refused("must have two hexadecimal digits after each percent sign");
        }
        return HexFormat.fromHexDigits(raw, percent + 1, percent + 3);
    }

    private static boolean isHex(String raw, int at) {
        return at < raw.length() && HexFormat.isHexDigit(raw.charAt(at));
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static void requireUtf8(ByteBuffer bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes);
        } catch (CharacterCodingException malformed) {
            throw refused("must be encoded in well-formed UTF-8");
        }
    }

    /** No empty segment but the last, which a path that ends in a slash has; none of dots alone. */
    private static void requireOrdinarySegments(CharSequence text) {
        int begin = 1;
        for (int i = 1; i <= text.length(); i++) {
            if (i < text.length() && text.charAt(i) != '/') {
                continue;
            }
            String segment = text.subSequence(begin, i).toString();
            if (segment.isEmpty() && i < text.length()) {
                throw refused("must not contain empty segments (//)");
            }
            if (segment.equals(".") || segment.equals("..")) {
                throw refused("must not contain dot segments");
            }
            begin = i + 1;
        }
    }

    private static AmbiguousPathException refused(String rule) {
        return new AmbiguousPathException("the path of a request " + rule + "; answer 400");
    }
}
