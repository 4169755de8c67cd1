package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.internal.CanonicalKeys;
import dev.migrate.store.InMemoryMigrationStore;
import java.util.List;
import java.util.function.IntFunction;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;

class BucketsProperties {
    private static Migration named(String name) {
        return Migration.named(name).store(new InMemoryMigrationStore()).build();
    }

    @Property
    void bucket_isInRange_andTheSameOnEveryNode(@ForAll("keys") Object key) {
        try (Migration here = named("orders");
                Migration there = named("orders")) {
            assertThat(here.bucketOf(key)).isBetween(0, Position.BUCKETS - 1).isEqualTo(there.bucketOf(key));
        }
    }

    /** Sequential keys, as of a database, over a hundred bins: chi square of 99 degrees of freedom; 200 has p = 1e-8. */
    @Property(tries = 60)
    void buckets_areUniform_forKeysInSequence(
            @ForAll @AlphaChars @StringLength(min = 1, max = 30) String name, @ForAll int begin) {
        try (Migration migration = named(name)) {
            assertThat(chiSquare(i -> migration.bucketOf((long) begin + i))).isLessThan(200);
            assertThat(chiSquare(i -> migration.bucketOf("customer:" + (begin + i))))
                    .isLessThan(200);
            assertThat(chiSquare(i -> migration.bucketOf(List.of("eu", begin + i))))
                    .isLessThan(200);
        }
    }

    private static double chiSquare(IntFunction<Integer> bucketOf) {
        int bins = 100;
        int keys = 10_000;
        int[] counts = new int[bins];
        for (int i = 0; i < keys; i++) {
            counts[bucketOf.apply(i) / (Position.BUCKETS / bins)]++;
        }
        double expected = (double) keys / bins;
        double sum = 0;
        for (int count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    /** F1: Togglz puts the keys of one rollout first in another, too, by {@code String.hashCode}; P(B|A) 0.000 to 0.903 there. */
    @Property(tries = 10)
    void migrations_whoseNamesDifferInOneLetter_areIndependent(@ForAll @AlphaChars @StringLength(10) String name) {
        try (Migration a = named(name + "a");
                Migration b = named(name + "b")) {
            int inA = 0;
            int inBoth = 0;
            for (int i = 0; i < 200_000; i++) {
                String key = "customer:" + i;
                if (a.bucketOf(key) < Position.BUCKETS / 10) {
                    inA++;
                    inBoth += b.bucketOf(key) < Position.BUCKETS / 10 ? 1 : 0;
                }
            }
            assertThat((double) inBoth / inA).isBetween(0.09, 0.11);
        }
    }

    @Property
    void canonicalText_isReadBackAsTheSameKey(@ForAll("keys") Object key) {
        assertThat(CanonicalKeys.decode(CanonicalKeys.encode(key))).isEqualTo(key);
    }

    @Property
    void canonicalText_isDifferentForDifferentKeys(@ForAll("keys") Object one, @ForAll("keys") Object other) {
        assertThat(CanonicalKeys.encode(one).equals(CanonicalKeys.encode(other)))
                .isEqualTo(one.equals(other));
    }

    @Property
    void anyText_isAKeyOrRefused(@ForAll("texts") String text) {
        try {
            assertThat(CanonicalKeys.decode(CanonicalKeys.encode(CanonicalKeys.decode(text))))
                    .isEqualTo(CanonicalKeys.decode(text));
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining("canonical text");
        }
    }

    @Example
    void keysThatLookAlike_haveTextsOfTheirOwn() {
        assertThat(List.<Object>of(
                        "1",
                        1,
                        1L,
                        List.of("1"),
                        List.of(1),
                        List.of("1", "2"),
                        List.of("1,2"),
                        List.of(List.of("1"), "2"),
                        List.of(),
                        List.of(""),
                        "",
                        "c:0",
                        "l:1"))
                .extracting(CanonicalKeys::encode)
                .doesNotHaveDuplicates();
    }

    @Example
    void aKeyOfAnotherType_isRefusedWithTheRemedy() {
        try (Migration orders = named("orders")) {
            for (Object key : List.of(1.5, List.of("a", 1.5), List.of(List.of('c')))) {
                assertThatThrownBy(() -> orders.bucketOf(key))
                        .isInstanceOf(MigrationException.class)
                        .hasMessageContainingAll("migration 'orders'", "partition(..)");
            }
        }
    }

    @Provide
    Arbitrary<Object> keys() {
        return MigrationArbitraries.keys();
    }

    @Provide
    Arbitrary<String> texts() {
        return MigrationArbitraries.texts();
    }
}
