package dev.migrate.benchmarks.router;

import dev.migrate.benchmarks.measure.CallerBytes;
import dev.migrate.benchmarks.measure.Claim;
import dev.migrate.benchmarks.measure.Group;
import dev.migrate.benchmarks.measure.Keys;
import dev.migrate.benchmarks.measure.Quantity;
import dev.migrate.benchmarks.measure.Reference;
import dev.migrate.benchmarks.router.RoutedItems.Item;
import dev.migrate.flag.PercentageFlag;
import dev.migrate.store.InMemoryMigrationStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What routing by key costs the caller, on each stage, over sides that do nothing.
 *
 * <p>Reads that are compared are timed in bursts that the shadow's queue can take; see {@link Burst}. LaunchDarkly and Scientist4J compare in
 * the caller's thread, or have it wait.
 */
public class RouterBenchmark {
    private static final double BESIDES_THE_FLAG = 15;

    /** For JMH. */
    public RouterBenchmark() {}

    /** What is run and claimed. */
    public static Group group() {
        List<Claim> claims = new ArrayList<>();
        Reference flag = Reference.benchmarkPlus("flag", BESIDES_THE_FLAG);
        for (String whole : List.of("readLegacyOnly", "readTargetOnly", "writeLegacyOnly", "writeTargetOnly")) {
            claims.add(Claim.atMost("router." + whole + "/flag", whole, Quantity.TIME, 1, flag));
            claims.add(Claim.atMost("router." + whole + "/bytes", whole, Quantity.BYTES, 1, Reference.limit(0)));
        }
        claims.add(limit("readShadow/limit", "readShadow", Quantity.TIME, 400));
        claims.add(limit("readShadowWhileFull/limit", "readShadowWhileFull", Quantity.TIME, 400));
        claims.add(limit("readDualWrite/unsampled", "readDualWrite", Quantity.TIME, 30));
        claims.add(limit("readLive/limit", "readLive", Quantity.TIME, 150));
        claims.add(limit("readLive/bytes", "readLive", Quantity.CALLER_BYTES, 100));
        claims.add(limit("writeDualWrite/limit", "writeDualWrite", Quantity.TIME, 250));
        claims.add(peer("readLegacyOnly/LaunchDarkly", "readLegacyOnly", "launchDarklyReadOff"));
        claims.add(peer("readShadow/LaunchDarkly-serial", "readShadow", "launchDarklyReadShadow"));
        claims.add(peer("readShadow/LaunchDarkly-parallel", "readShadow", "launchDarklyReadShadowParallel"));
        claims.add(peer("readShadow/Scientist4J", "readShadow", "scientist4jRead"));
        claims.add(peer("readLive/LaunchDarkly-serial", "readLive", "launchDarklyReadLive"));
        claims.add(peer("writeDualWrite/LaunchDarkly", "writeDualWrite", "launchDarklyWriteDualWrite"));
        return new Group(
                "router",
                RouterBenchmark.class,
                List.of(
                        "plainCall",
                        "flag",
                        "readLegacyOnly",
                        "readTargetOnly",
                        "writeLegacyOnly",
                        "writeTargetOnly",
                        "readDualWrite",
                        "launchDarklyReadOff",
                        "readShadow",
                        "readShadowWhileFull",
                        "launchDarklyReadShadow",
                        "launchDarklyReadShadowParallel",
                        "scientist4jRead",
                        "readLive",
                        "launchDarklyReadLive",
                        "writeDualWrite",
                        "launchDarklyWriteDualWrite"),
                claims);
    }

    private static Claim limit(String name, String ours, Quantity quantity, double limit) {
        return Claim.atMost("router." + name, ours, quantity, 1, Reference.limit(limit));
    }

    private static Claim peer(String name, String ours, String peer) {
        return Claim.atMost("router." + name, ours, Quantity.TIME, 1, Reference.benchmark(peer));
    }

    /** What a key's stage costs at least: one flag. */
    @State(Scope.Benchmark)
    public static class Flag {
        private final PercentageFlag flag = PercentageFlag.named("items")
                .percent(25)
                .store(new InMemoryMigrationStore())
                .build();

        /** For JMH. */
        public Flag() {}

        /** Ends the flag's threads. */
        @TearDown
        public void close() {
            flag.close();
        }
    }

    /** The call without anything. */
    @Benchmark
    public Optional<Item> plainCall(Keys keys) {
        return keys.next().isEmpty() ? Optional.empty() : RoutedItems.FOUND;
    }

    /** The flag. */
    @Benchmark
    public boolean flag(Flag flag, Keys keys) {
        return flag.flag.isOn(keys.next());
    }

    /** Ours. */
    @Benchmark
    public Optional<Item> readLegacyOnly(RoutedItems.LegacyOnly items, Keys keys) {
        return items.read(keys.next());
    }

    /** Ours. */
    @Benchmark
    public Optional<Item> readTargetOnly(RoutedItems.TargetOnly items, Keys keys) {
        return items.read(keys.next());
    }

    /** Ours. */
    @Benchmark
    public Item writeLegacyOnly(RoutedItems.LegacyOnly items, Keys keys) {
        return items.write(keys.nextIndex());
    }

    /** Ours. */
    @Benchmark
    public Item writeTargetOnly(RoutedItems.TargetOnly items, Keys keys) {
        return items.write(keys.nextIndex());
    }

    /** Ours, where no read is compared. */
    @Benchmark
    public Optional<Item> readDualWrite(RoutedItems.DualWrite items, Keys keys) {
        return items.read(keys.next());
    }

    /** Ours, compared by another thread. */
    @Benchmark
    @OperationsPerInvocation(Burst.READS)
    public void readShadow(Burst.Shadow burst, CallerBytes caller, Keys keys, Blackhole hole) {
        readAll(burst, caller, keys, hole);
    }

    /** Ours, with a caller that never rests, so that most comparisons are dropped. */
    @Benchmark
    public Optional<Item> readShadowWhileFull(RoutedItems.Shadow items, Keys keys) {
        return items.read(keys.next());
    }

    /** Ours, compared by another thread. */
    @Benchmark
    @OperationsPerInvocation(Burst.READS)
    public void readLive(Burst.Live burst, CallerBytes caller, Keys keys, Blackhole hole) {
        readAll(burst, caller, keys, hole);
    }

    private static void readAll(Burst burst, CallerBytes caller, Keys keys, Blackhole hole) {
        caller.begin();
        for (int i = 0; i < Burst.READS; i++) {
            hole.consume(burst.items().read(keys.next()));
        }
        caller.end(Burst.READS);
    }

    /** Ours, with books in memory, and a caller that never rests. */
    @Benchmark
    public Item writeDualWrite(RoutedItems.DualWrite items, Keys keys) {
        return items.write(keys.nextIndex());
    }

    /** LaunchDarkly. */
    @Benchmark
    public Object launchDarklyReadOff(Peers.LaunchDarklyOff peer, Keys keys) {
        return peer.read(keys.nextIndex());
    }

    /** LaunchDarkly. */
    @Benchmark
    public Object launchDarklyReadShadow(Peers.LaunchDarklyShadow peer, Keys keys) {
        return peer.read(keys.nextIndex());
    }

    /** LaunchDarkly. */
    @Benchmark
    public Object launchDarklyReadShadowParallel(Peers.LaunchDarklyShadowParallel peer, Keys keys) {
        return peer.read(keys.nextIndex());
    }

    /** LaunchDarkly. */
    @Benchmark
    public Object launchDarklyReadLive(Peers.LaunchDarklyLive peer, Keys keys) {
        return peer.read(keys.nextIndex());
    }

    /** LaunchDarkly. */
    @Benchmark
    public Object launchDarklyWriteDualWrite(Peers.LaunchDarklyDualWrite peer, Keys keys) {
        return peer.write(keys.nextIndex());
    }

    /** Scientist4J. */
    @Benchmark
    public Optional<Item> scientist4jRead(Peers.Scientist peer) throws Exception {
        return peer.read();
    }
}
