package dev.migrate.strangler;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StranglerProperties {
    /** H9: what is accepted has one form, which is its own form, decodes to the same, and which the JDK does not shorten. */
    @Property(tries = 5_000)
    void h9_anAcceptedPath_isAFixedPoint(@ForAll("paths") String raw) {
        String canonical;
        try {
            canonical = CanonicalPath.of(raw).text();
        } catch (AmbiguousPathException refused) {
            return;
        }
        assertThat(CanonicalPath.of(canonical).text()).isEqualTo(canonical);
        URI uri = URI.create("http://host" + canonical);
        assertThat(uri.normalize().getRawPath()).isEqualTo(canonical);
        assertThat(uri.getPath()).isEqualTo(URI.create("http://host" + raw).getPath());
        assertThat(uri.getPath()).doesNotContain("//", "/../", "/./", "\\", ";", "\0");
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of(
                        "/", "a", "B", ".", "..", "%2e", "%2F", "%25", "%41", "41", "2e", ";", "\\", "%", "%c3%a9",
                        "%C0%AE", "~", "%7E")
                .list()
                .ofMaxSize(8)
                .map(parts -> "/" + String.join("", parts));
    }

    /** A route is called unreachable only where an earlier one really takes everything. */
    @Property(tries = 5_000)
    void whatACoveredPatternMatches_theCoveringOneMatches(
            @ForAll("patterns") RoutePattern covering,
            @ForAll("patterns") RoutePattern covered,
            @ForAll("requests") List<String> path) {
        if (covering.covers(covered) && covered.matches("GET", path)) {
            assertThat(covering.matches("GET", path)).isTrue();
        }
    }

    /** Where a pattern does not cover another, there is a request that shows it. */
    @Property(tries = 2_000)
    void aPatternThatIsNotCovered_matchesSomethingOfItsOwn(
            @ForAll("patterns") RoutePattern first, @ForAll("patterns") RoutePattern second) {
        Assume.that(!first.covers(second));
        String method = second.method().equals("*") ? "PATCH" : second.method();
        List<String> shortest = second.segments().stream()
                .map(segment -> segment.equals("*") ? "own" : segment)
                .toList();
        List<String> witness = shortest.isEmpty() ? List.of("") : shortest;
        List<String> longer = new ArrayList<>(shortest);
        longer.addAll(List.of("own", "own", "own", "own"));
        boolean showsShort = second.matches(method, witness) && !first.matches(method, witness);
        boolean showsLong = second.matches(method, longer) && !first.matches(method, longer);
        assertThat(showsShort || showsLong).isTrue();
    }

    @Provide
    Arbitrary<RoutePattern> patterns() {
        Arbitrary<String> path =
                Arbitraries.of("a", "b", "*").list().ofMaxSize(3).map(parts -> "/" + String.join("/", parts));
        return Combinators.combine(Arbitraries.of("*", "GET", "POST"), path, Arbitraries.of("", "/**", "/"))
                .as((method, start, end) ->
                        method + " " + (start.equals("/") ? (end.isEmpty() ? "/" : end) : start + end))
                .map(RoutePattern::parse);
    }

    @Provide
    Arbitrary<List<String>> requests() {
        return Arbitraries.of("a", "b", "c").list().ofMinSize(1).ofMaxSize(4);
    }
}
