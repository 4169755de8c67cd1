package dev.migrate.flag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Percent;
import dev.migrate.Setting;
import dev.migrate.store.InMemoryMigrationStore;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class PercentageFlagProperties {
    private static final int KEYS = 100_000;

    /** Any text: Unicode, halves of surrogate pairs, control characters, and the huge. */
    @Provide
    Arbitrary<String> keys() {
        Arbitrary<String> any = Arbitraries.strings().all().ofMinLength(1).ofMaxLength(60);
        Arbitrary<String> huge = any.map(text -> text.repeat(2_000));
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(8, any),
                net.jqwik.api.Tuple.of(1, huge),
                net.jqwik.api.Tuple.of(
                        2, Arbitraries.of("🦊", "é", "e\u0301", "\u0000", "\uD83E", "\uDD8A\uD83E", " ")));
    }

    @Property
    void raisingTheShareNeverSendsAKeyBack(
            @ForAll("keys") String key,
            @ForAll @IntRange(max = 1_000_000) int share,
            @ForAll @IntRange(max = 1_000_000) int other) {
        boolean below = at(Math.min(share, other), "f").isOn(key);
        boolean above = at(Math.max(share, other), "f").isOn(key);

        assertThat(!below || above).isTrue();
    }

    @Property
    void everyNodeAndEveryRestartGivesTheSameAnswer_F3(
            @ForAll("keys") String key, @ForAll @IntRange(max = 1_000_000) int share) {
        PercentageFlag one = at(share, "f");
        boolean first = one.isOn(key);

        assertThat(one.isOn(new String(key.toCharArray()))).isEqualTo(first);
        assertThat(at(share, "f").isOn(key)).isEqualTo(first);
    }

    /** Togglz: 0.000 to 0.903, through String.hashCode. */
    @Property(tries = 200)
    void flagsWhoseNamesDifferInOneLetterAreIndependent_F1(
            @ForAll @CharRange(from = 'a', to = 'z') @StringLength(min = 1, max = 20) String name,
            @ForAll @IntRange(max = 19) int place,
            @ForAll @CharRange(from = 'a', to = 'z') char letter) {
        int at = place % name.length();
        String other = name.substring(0, at) + letter + name.substring(at + 1);
        if (other.equals(name)) {
            return;
        }
        PercentageFlag a = at(100_000, name);
        PercentageFlag b = at(100_000, other);
        int onA = 0;
        int onBoth = 0;
        for (int i = 0; i < 4 * KEYS; i++) {
            String key = "customer:" + i;
            if (a.isOn(key)) {
                onA++;
                onBoth += b.isOn(key) ? 1 : 0;
            }
        }
        assertThat((double) onBoth / onA).isBetween(0.09, 0.11);
    }

    /** 100 bins of 1,000 keys each: chi-square with 99 degrees of freedom is beyond 200 once in 100,000,000 times. */
    @Property(tries = 100)
    void bucketsAreUniform(@ForAll @StringLength(min = 1, max = 30) @CharRange(from = 'a', to = 'z') String name) {
        var buckets = dev.migrate.internal.Buckets.salted("flag:" + name);
        int[] bins = new int[100];
        for (int i = 0; i < KEYS; i++) {
            bins[buckets.of("user-" + i) / 10_000]++;
        }
        double chiSquare = 0;
        for (int bin : bins) {
            chiSquare += (bin - 1_000.0) * (bin - 1_000.0) / 1_000.0;
        }
        assertThat(chiSquare).isLessThan(200);
    }

    @Property
    void namedKeysStandWhateverTheShare(
            @ForAll @StringLength(min = 1, max = 50) @CharRange(from = ' ', to = '~') String key,
            @ForAll @IntRange(max = 1_000_000) int share) {
        FlagRules rules = FlagRules.of(new Percent(share));

        assertThat(with(rules.withAlwaysOn(key)).isOn(key)).isTrue();
        assertThat(with(rules.withAlwaysOff(key)).isOn(key)).isFalse();
        assertThat(with(rules.withAlwaysOff("other").withAlwaysOn("another")).isOn(key + "!"))
                .isEqualTo(with(rules).isOn(key + "!"));
    }

    @Property
    void rulesReadBackWhatTheyWrite(
            @ForAll @IntRange(max = 1_000_000) int share,
            @ForAll("wellFormed") String on,
            @ForAll("wellFormed") String off) {
        FlagRules rules = FlagRules.of(new Percent(share))
                .withAlwaysOn(on)
                .withAlwaysOn("customer:acme")
                .withAlwaysOff(off);

        assertThat(FlagRules.parse(rules.toString())).isEqualTo(rules);
    }

    @Provide
    Arbitrary<String> wellFormed() {
        Arbitrary<String> nasty =
                Arbitraries.strings().withChars(",;\\= onf%é").ofMinLength(1).ofMaxLength(12);
        Arbitrary<String> any = Arbitraries.strings()
                .withCharRange('\u0000', '\uD7FF')
                .ofMinLength(1)
                .ofMaxLength(30);
        return Arbitraries.oneOf(nasty, any);
    }

    private static PercentageFlag at(int partsPerMillion, String name) {
        return new PercentageFlag(
                new Setting(Setting.Kind.FLAG, name, 1, new Percent(partsPerMillion).toString()), FLAGS, false);
    }

    private static PercentageFlag with(FlagRules rules) {
        return new PercentageFlag(new Setting(Setting.Kind.FLAG, "f", 1, rules.toString()), FLAGS, false);
    }

    private static final Flags FLAGS = closed();

    private static Flags closed() {
        Flags flags = Flags.of(new InMemoryMigrationStore()).build();
        flags.close();
        return flags;
    }
}
