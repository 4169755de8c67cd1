package dev.migrate.test;

import dev.migrate.Position;
import dev.migrate.Stage;
import dev.migrate.Version;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.Tuple;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/**
 * Generators for properties about migrations: keys, shares, positions, versions and legal walks along the ladder.
 *
 * <p>jqwik finds this class by itself: a parameter {@code @ForAll Position}, {@code @ForAll LadderWalk} or
 * {@code @ForAll Version} needs nothing else. Keys and shares are of common types, and are provided by name:
 *
 * <pre>{@code
 * @Property
 * void sameKeySameStage(@ForAll("keys") Object key, @ForAll Position position) { … }
 *
 * @Provide
 * Arbitrary<Object> keys() {
 *     return MigrationArbitraries.keys();
 * }
 * }</pre>
 */
public final class MigrationArbitraries implements ArbitraryProvider {
    private static final int HUGE = 10_000;

    /** For jqwik, which creates it; the generators are static. */
    public MigrationArbitraries() {}

    @Override
    public boolean canProvideFor(TypeUsage type) {
        return type.isOfType(Position.class) || type.isOfType(LadderWalk.class) || type.isOfType(Version.class);
    }

    @Override
    public Set<Arbitrary<?>> provideFor(TypeUsage type, SubtypeProvider subtypes) {
        if (type.isOfType(Position.class)) {
            return Set.of(positions());
        }
        return type.isOfType(LadderWalk.class) ? Set.of(walks()) : Set.of(versions());
    }

    /** Keys of every type that needs no codec: texts, {@code Long}, {@code Integer}, {@code UUID}, and lists of them, nested too. */
    public static Arbitrary<Object> keys() {
        Arbitrary<Object> single = singleKeys();
        Arbitrary<Object> list = single.list().ofMaxSize(4).map(List::copyOf);
        Arbitrary<Object> nested =
                Arbitraries.oneOf(List.of(single, list)).list().ofMaxSize(3).map(List::copyOf);
        return Arbitraries.frequencyOf(Tuple.of(6, single), Tuple.of(2, list), Tuple.of(1, nested));
    }

    private static Arbitrary<Object> singleKeys() {
        return Arbitraries.oneOf(List.of(
                texts().map(Object.class::cast),
                Arbitraries.longs().map(Object.class::cast),
                Arbitraries.integers().map(Object.class::cast),
                Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new)));
    }

    /**
     * Texts that a UTF-8 database can hold: empty, huge, all of Unicode, lookalikes, quotes, separators and wildcards.
     *
     * <p>Without the character NUL and lone surrogates, which PostgreSQL refuses.
     */
    public static Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                unicode(30),
                Arbitraries.strings().withChars("sliuc:,0123456789-").ofMaxLength(20),
                Arbitraries.strings().withChars("'\"\\;%_ \t\n<>&{}").ofMaxLength(20),
                Arbitraries.of(
                        "", " ", "a", "A", "a ", "é", "e\u0301", "ß", "ss", "\u0130", "null", "0", "-0", "🦉",
                        "\u200B"),
                unicode(HUGE).edgeCases(EdgeCases.Config::none));
    }

    private static Arbitrary<String> unicode(int most) {
        return Arbitraries.integers()
                .between(1, Character.MAX_CODE_POINT)
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .list()
                .ofMaxSize(most)
                .map(MigrationArbitraries::text);
    }

    private static String text(List<Integer> points) {
        StringBuilder text = new StringBuilder();
        points.forEach(text::appendCodePoint);
        return text.toString();
    }

    /** Shares in parts per million, from 0 to 1,000,000, small ones and multiples of a segment more often. */
    public static Arbitrary<Integer> shares() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(0, Position.BUCKETS),
                Arbitraries.integers().between(0, 100),
                Arbitraries.integers()
                        .between(0, Position.SEGMENTS)
                        .map(segments -> segments * Position.BUCKETS_PER_SEGMENT));
    }

    /** All positions, whole ones as often as shares. */
    public static Arbitrary<Position> positions() {
        Arbitrary<Position> whole = Arbitraries.of(Stage.class).map(Position::of);
        Arbitrary<Stage> shared = Arbitraries.of(Stage.class).filter(Stage::hasShares);
        return Arbitraries.oneOf(whole, Combinators.combine(shared, shares()).as(MigrationArbitraries::position));
    }

    private static Position position(Stage stage, int share) {
        return Position.of(stage, stage.sharesMoveAuthority() ? share - share % Position.BUCKETS_PER_SEGMENT : share);
    }

    /** Versions with epoch 1 or more; often equal in one half. */
    public static Arbitrary<Version> versions() {
        Arbitrary<Long> epochs = Arbitraries.oneOf(
                Arbitraries.longs().between(1, 3), Arbitraries.longs().between(1, Long.MAX_VALUE));
        Arbitrary<Long> sequences = Arbitraries.oneOf(
                Arbitraries.longs().between(0, 3), Arbitraries.longs().between(0, Long.MAX_VALUE));
        return Combinators.combine(epochs, sequences).as(Version::new);
    }

    /** Walks along the ladder from its beginning, in legal steps to and fro, of up to 40 positions. */
    public static Arbitrary<LadderWalk> walks() {
        return positions().list().ofMaxSize(39).map(LadderWalk::towards);
    }
}
