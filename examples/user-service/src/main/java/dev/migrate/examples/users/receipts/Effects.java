package dev.migrate.examples.users.receipts;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a write leaves behind, facet by facet: a digest of what the facet then holds, or {@link #ABSENT}.
 *
 * <p>A facet is a part of an account that one endpoint replaces as a whole ({@code user}, {@code active},
 * {@code profile}, {@code session:<id>}), so that writes of different endpoints do not overwrite each other.
 */
public final class Effects {

    /** The digest of what is not there. */
    public static final String ABSENT = "-";

    /** The facet that stands for all that are not named. */
    private static final String EVERY = "*";

    /** Nothing is left of the account. */
    public static final Effects GONE = new Effects(Map.of(EVERY, ABSENT));

    private final Map<String, String> digests;

    private Effects(Map<String, String> digests) {
        this.digests = digests;
    }

    public static Effects of(String facet, String digest) {
        return new Effects(Map.of(facet, digest));
    }

    /** These effects and one more. */
    public Effects and(String facet, String digest) {
        Map<String, String> more = new LinkedHashMap<>(digests);
        more.put(facet, digest);
        return new Effects(more);
    }

    /** What the facet then holds; empty if it is left as it was. */
    public Optional<String> on(String facet) {
        String digest = digests.get(facet);
        return Optional.ofNullable(digest == null ? digests.get(EVERY) : digest);
    }

    /** The facets with a name. */
    public Set<String> facets() {
        Set<String> named = new TreeSet<>(digests.keySet());
        named.remove(EVERY);
        return named;
    }

    /** Whether the whole account is replaced. */
    public boolean replaceAll() {
        return digests.containsKey(EVERY);
    }

    String encode() {
        return digests.entrySet().stream()
                .map(effect -> effect.getKey() + "=" + effect.getValue())
                .collect(Collectors.joining(","));
    }

    static Effects decode(String text) {
        Map<String, String> digests = new LinkedHashMap<>();
        for (String effect : text.split(",", -1)) {
            int equals = effect.lastIndexOf('=');
            digests.put(effect.substring(0, equals), effect.substring(equals + 1));
        }
        return new Effects(digests);
    }

    @Override
    public String toString() {
        return encode();
    }
}
