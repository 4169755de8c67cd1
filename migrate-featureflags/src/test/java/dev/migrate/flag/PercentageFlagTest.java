package dev.migrate.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.migrate.AuditEntry;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationException;
import dev.migrate.Percent;
import dev.migrate.Setting;
import dev.migrate.Side;
import dev.migrate.Traffic;
import dev.migrate.store.InMemoryMigrationStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PercentageFlagTest {
    private final InMemoryMigrationStore store = new InMemoryMigrationStore();
    private final List<MigrationEvent> events = new ArrayList<>();
    private final Flags flags =
            Flags.of(store).operator(() -> "ada").listener(events::add).build();

    @AfterEach
    void close() {
        flags.close();
    }

    @Test
    void isBuiltAsTheDesignSays() {
        try (PercentageFlag flag = PercentageFlag.named("new-search")
                .percent(5)
                .alwaysOn("customer:acme")
                .alwaysOff("customer:bank")
                .store(store)
                .operator(() -> "grace")
                .build()) {
            assertThat(flag.isOn("customer:acme")).isTrue();
            assertThat(flag.isOn("customer:bank")).isFalse();

            flag.turnTo(25, "error rate flat for a day");

            assertThat(flag.current()).isEqualTo(Percent.percent(25));
            AuditEntry last = flag.audit(1).get(0);
            assertThat(last.who()).isEqualTo("grace");
            assertThat(last.why()).isEqualTo("error rate flat for a day");
            assertThat(last.from()).isEqualTo("5 %; on=customer:acme; off=customer:bank");
            assertThat(last.to()).isEqualTo("25 %; on=customer:acme; off=customer:bank");
        }
    }

    /** F3; and nobody changes the hash unnoticed: these were computed once, in another process. */
    @Test
    void bucketsAreThoseOfEveryOtherVersionAndProcess_F3() {
        assertThat(bucketsOf("new-search", "customer:42", "customer:43", "", "ключ", "🦊", "a".repeat(10_000)))
                .containsExactly(GOLDEN_NEW_SEARCH);
        assertThat(bucketsOf("new-searcg", "customer:42", "customer:43", "", "ключ", "🦊", "a".repeat(10_000)))
                .containsExactly(GOLDEN_NEW_SEARCG);
    }

    private static Integer[] bucketsOf(String flag, String... keys) {
        var buckets = dev.migrate.internal.Buckets.salted("flag:" + flag);
        return IntStream.range(0, keys.length)
                .mapToObj(i -> buckets.of(keys[i]))
                .toArray(Integer[]::new);
    }

    private static final Integer[] GOLDEN_NEW_SEARCH = {700659, 325815, 361377, 630843, 715918, 223659};
    private static final Integer[] GOLDEN_NEW_SEARCG = {916989, 380050, 52543, 703169, 819997, 55094};

    @Test
    void thresholdIsTheBucketItself() {
        PercentageFlag flag = flags.named("new-search").build();
        int bucket = bucketsOf("new-search", "customer:42")[0];

        flag.turnTo(new Percent(bucket), "one part too few");
        assertThat(flag.isOn("customer:42")).isFalse();

        flag.turnTo(new Percent(bucket + 1), "one part more");
        assertThat(flag.isOn("customer:42")).isTrue();
    }

    @Test
    void partsPerMillionAreAccepted_F2() {
        PercentageFlag flag = flags.named("fine").percent(0.0001).build();

        assertThat(flag.current().partsPerMillion()).isEqualTo(1);
        assertThat(IntStream.range(0, 1_000_000)
                        .filter(i -> flag.isOn("key-" + i))
                        .count())
                .isBetween(0L, 8L);
        assertThatThrownBy(() -> flag.turnTo(0.00001, "finer")).hasMessageContaining("at most four decimals, but was");
    }

    @Test
    void endsAreNoneAndAll() {
        PercentageFlag none = flags.named("none").build();
        PercentageFlag all = flags.named("all").percent(100).build();

        for (int i = 0; i < 100_000; i++) {
            assertThat(none.isOn("k" + i)).isFalse();
            assertThat(all.isOn("k" + i)).isTrue();
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void missingKeyIsRefused_F5() {
        PercentageFlag flag = flags.named("f").percent(100).build();

        assertThatThrownBy(() -> flag.isOn(""))
                .isInstanceOf(MigrationException.class)
                .hasMessage("the key of flag 'f' must not be empty, but was '';"
                        + " give callers without one a stable id, or do not ask the flag for them");
        assertThatThrownBy(() -> flag.isOn(null))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("but was null");
    }

    @Test
    void percentOutOfRangeIsRefused() {
        assertThatThrownBy(() -> flags.named("f").percent(120))
                .isInstanceOf(MigrationException.class)
                .hasMessage("percent must be between 0 and 100, but was 120.0");
        assertThatThrownBy(() -> flags.named("f").percent(-0.1)).hasMessageContaining("but was -0.1");
        assertThatThrownBy(() -> flags.named("f").percent(Double.NaN)).hasMessageContaining("but was NaN");
    }

    @Test
    void buildWithoutAStoreSaysWhatIsMissing_S8() {
        assertThatThrownBy(() -> PercentageFlag.named("f").percent(5).build())
                .hasMessageContaining("store of flag 'f' is missing; give it a JdbcMigrationStore");
        assertThatThrownBy(() -> flags.named("f").store(store).build())
                .hasMessageContaining("must have either in(..) or store(..)");
        assertThatThrownBy(() -> PercentageFlag.named("a b")).hasMessageContaining("but was 'a b'");
        assertThatThrownBy(() -> flags.named("f").alwaysOn("x").alwaysOff("x").build())
                .hasMessageContaining("both alwaysOn and alwaysOff, but 'x' is");
    }

    @Test
    void storeWinsOverTheCode() {
        flags.named("f").percent(5).build().turnTo(40, "going well");

        try (PercentageFlag again =
                PercentageFlag.named("f").percent(5).alwaysOn("x").store(store).build()) {
            assertThat(again.rules()).isEqualTo(FlagRules.of(Percent.percent(40)));
        }
    }

    @Test
    void changeBasedOnAnOldVersionOverwritesNothing_F6() {
        PercentageFlag here = flags.named("f").percent(5).build();
        store.change(Setting.Kind.FLAG, "f", 1, "50 %", "bob", "another node");

        assertThatThrownBy(() -> here.turnTo(10, "not knowing of bob"))
                .isInstanceOf(dev.migrate.StaleChangeException.class);

        assertThat(here.current()).as("knows now").isEqualTo(Percent.percent(50));
        here.turnTo(10, "knowing of bob");
        assertThat(store.find(Setting.Kind.FLAG, "f").orElseThrow().value()).isEqualTo("10 %");
    }

    @Test
    void keysAreNamedAndFreedAtRunTime() {
        PercentageFlag flag = flags.named("f").build();

        flag.change(rules -> rules.withAlwaysOn("customer:acme"), "asked for it");
        assertThat(flag.isOn("customer:acme")).isTrue();

        flag.change(rules -> rules.withAlwaysOff("customer:acme"), "asked again");
        flag.turnTo(100, "all others");
        assertThat(flag.isOn("customer:acme")).isFalse();
        assertThat(flag.isOn("customer:other")).isTrue();

        flag.change(rules -> rules.withShareFor("customer:acme"), "no exception any more");
        assertThat(flag.isOn("customer:acme")).isTrue();
    }

    @Test
    void turningIsPublishedAndAListenerThatFailsIsContained() {
        try (Flags failing = Flags.of(store)
                .operator(() -> "ada")
                .listener(event -> {
                    throw new AssertionError("listener");
                })
                .listener(events::add)
                .build()) {
            failing.named("f").percent(5).build().turnTo(10, "well");
        }

        assertThat(events).containsExactly(new MigrationEvent.FlagTurned("f", "5 %", "10 %", "ada", "well"));
    }

    @Test
    void turnBackGoesBackOnly() {
        PercentageFlag flag = flags.named("f").percent(25).build();

        assertThatThrownBy(() -> flag.turnBackTo(Percent.percent(30), "x"))
                .hasMessageContaining("cannot be turned back to 30 %: it stands at 25 %");
        flag.turnBackTo(Percent.percent(5), "errors");

        assertThat(flag.current()).isEqualTo(Percent.percent(5));
        assertThat(flag.parse(flag.format(Percent.percent(12.5)))).isEqualTo(Percent.percent(12.5));
    }

    @Test
    void callChoosesAndMeasuresAndPassesExceptionsThrough() throws Exception {
        PercentageFlag flag = flags.named("f").alwaysOn("a").build();
        assertThat(flag.<String>call("a", () -> "legacy", () -> "target")).isEqualTo("target");

        try (Traffic.Watch watch = flag.traffic().watch()) {
            assertThat(flag.<String>call("a", () -> "legacy", () -> "target")).isEqualTo("target");
            assertThat(flag.<String>call("b", () -> "legacy", () -> "target")).isEqualTo("legacy");
            IOException thrown = new IOException();
            assertThatThrownBy(() -> flag.call("a", () -> "legacy", () -> {
                        throw thrown;
                    }))
                    .isSameAs(thrown);

            assertThat(watch.sample(Side.LEGACY).calls()).isEqualTo(1);
            assertThat(watch.sample(Side.TARGET).calls()).isEqualTo(2);
            assertThat(watch.sample(Side.TARGET).failures()).isEqualTo(1);
        }
    }

    @Test
    void askingAllocatesNothing() {
        PercentageFlag flag =
                flags.named("f").percent(50).alwaysOn("customer:acme").build();
        String[] keys = IntStream.range(0, 1_000).mapToObj(i -> "customer:" + i).toArray(String[]::new);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int on = askAll(flag, keys, 200);

        long before = threads.getCurrentThreadAllocatedBytes();
        on += askAll(flag, keys, 1_000);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(on).isPositive();
        assertThat(bytes).as("bytes of 1,000,000 calls").isLessThan(100_000);
    }

    private static int askAll(PercentageFlag flag, String[] keys, int rounds) {
        int on = 0;
        for (int round = 0; round < rounds; round++) {
            for (String key : keys) {
                on += flag.isOn(key) ? 1 : 0;
            }
        }
        return on;
    }
}
