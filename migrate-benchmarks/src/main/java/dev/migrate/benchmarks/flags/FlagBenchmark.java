package dev.migrate.benchmarks.flags;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.migrate.benchmarks.measure.Claim;
import dev.migrate.benchmarks.measure.Group;
import dev.migrate.benchmarks.measure.Keys;
import dev.migrate.benchmarks.measure.Quantity;
import dev.migrate.benchmarks.measure.Reference;
import dev.migrate.flag.PercentageFlag;
import dev.migrate.store.InMemoryMigrationStore;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A flag that is on for 25 % of random ids: ours, the peers', and the raw hash of the same id, which is the limit.
 *
 * <p>Ours is given the id. The peers that want a user or a context are given one that was made before, which favours them. FF4J has no flag
 * that sticks to a key: it draws a random number at each call, and no claim is made of it.
 */
public class FlagBenchmark {
    private static final int PERCENT = 25;

    /** For JMH. */
    public FlagBenchmark() {}

    /** What is run and claimed. */
    public static Group group() {
        Reference hash = Reference.benchmark("rawHash");
        Reference peers = Reference.lowestOf("togglz", "openFeature", "launchDarkly", "unleash");
        return new Group(
                "flags",
                FlagBenchmark.class,
                List.of(
                        "isOn",
                        "isOnWithNamedKeys",
                        "rawHash",
                        "togglz",
                        "openFeature",
                        "launchDarkly",
                        "unleash",
                        "ff4jNotSticky"),
                List.of(
                        Claim.atMost("flags.isOn/raw-hash", "isOn", Quantity.TIME, 2, hash),
                        Claim.atMost("flags.isOn-named-keys/raw-hash", "isOnWithNamedKeys", Quantity.TIME, 2, hash),
                        Claim.atMost("flags.isOn/bytes", "isOn", Quantity.BYTES, 1, Reference.limit(0)),
                        Claim.fasterBy("flags.isOn/fastest-sticky-peer", "isOn", 5, peers)));
    }

    /** Ours. */
    @State(Scope.Benchmark)
    public static class Ours {
        private final PercentageFlag flag = PercentageFlag.named("new-search")
                .percent(PERCENT)
                .store(new InMemoryMigrationStore())
                .build();
        private final PercentageFlag named = PercentageFlag.named("new-search")
                .percent(PERCENT)
                .alwaysOn("customer:acme", "customer:globex", "customer:initech")
                .alwaysOff("customer:hooli")
                .store(new InMemoryMigrationStore())
                .build();

        /** For JMH. */
        public Ours() {}

        /** Ends the flags' threads. */
        @TearDown
        public void close() {
            flag.close();
            named.close();
        }
    }

    /** The limit. */
    @State(Scope.Benchmark)
    public static class Limit {
        private final Hasher64 hash = Hashing.komihash5_0(17);

        /** For JMH. */
        public Limit() {}
    }

    /** Ours. */
    @Benchmark
    public boolean isOn(Ours ours, Keys keys) {
        return ours.flag.isOn(keys.next());
    }

    /** Ours, with keys that are always on or off, which are not among those asked for. */
    @Benchmark
    public boolean isOnWithNamedKeys(Ours ours, Keys keys) {
        return ours.named.isOn(keys.next());
    }

    /** Komihash over the characters. */
    @Benchmark
    public long rawHash(Limit limit, Keys keys) {
        return limit.hash.hashCharsToLong(keys.next());
    }

    /** Togglz, gradual activation. */
    @Benchmark
    public boolean togglz(Peers.Togglz togglz, Keys keys) {
        return togglz.isOn(keys.nextIndex());
    }

    /** OpenFeature, in-memory provider, with an evaluator that hashes the targeting key. */
    @Benchmark
    public boolean openFeature(Peers.OpenFeature openFeature, Keys keys) {
        return openFeature.isOn(keys.nextIndex());
    }

    /** LaunchDarkly, percentage rollout, no events. */
    @Benchmark
    public boolean launchDarkly(Peers.LaunchDarkly launchDarkly, Keys keys) {
        return launchDarkly.isOn(keys.nextIndex());
    }

    /** Unleash, gradual rollout by user id, no metrics. */
    @Benchmark
    public boolean unleash(Peers.Unleash unleash, Keys keys) {
        return unleash.isOn(keys.nextIndex());
    }

    /** FF4J, ponderation: a random number a call. */
    @Benchmark
    public boolean ff4jNotSticky(Peers.Ff4j ff4j) {
        return ff4j.isOn();
    }
}
