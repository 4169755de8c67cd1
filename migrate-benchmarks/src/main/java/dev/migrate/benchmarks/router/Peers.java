package dev.migrate.benchmarks.router;

import com.github.rawls238.scientist4j.Experiment;
import com.launchdarkly.sdk.LDContext;
import com.launchdarkly.sdk.LDValue;
import com.launchdarkly.sdk.server.Components;
import com.launchdarkly.sdk.server.LDClient;
import com.launchdarkly.sdk.server.LDConfig;
import com.launchdarkly.sdk.server.MigrationStage;
import com.launchdarkly.sdk.server.integrations.TestData;
import com.launchdarkly.sdk.server.migrations.Migration;
import com.launchdarkly.sdk.server.migrations.MigrationBuilder;
import com.launchdarkly.sdk.server.migrations.MigrationExecution;
import com.launchdarkly.sdk.server.migrations.MigrationMethodResult;
import com.launchdarkly.sdk.server.migrations.MigrationSerialOrder;
import dev.migrate.benchmarks.measure.Keys;
import dev.migrate.benchmarks.router.RoutedItems.Item;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The peers' routing of the same reads and writes over the same trivial sides. */
public final class Peers {
    private Peers() {}

    /** LaunchDarkly's migration on a stage, with its context made beforehand, tracking on, and no events. */
    public abstract static class LaunchDarkly {
        private static final String FLAG = "items";
        private final LDContext[] contexts =
                Arrays.stream(Keys.all()).map(LDContext::create).toArray(LDContext[]::new);
        private final LDClient client;
        private final Migration<Optional<Item>, String, String, String> migration;

        LaunchDarkly(MigrationStage stage, MigrationExecution execution) {
            TestData flags = TestData.dataSource();
            flags.update(flags.flag(FLAG).valueForAll(LDValue.of(stage.toString())));
            client = new LDClient(
                    "none",
                    new LDConfig.Builder()
                            .dataSource(flags)
                            .events(Components.noEvents())
                            .diagnosticOptOut(true)
                            .build());
            migration = new MigrationBuilder<Optional<Item>, String, String, String>(client)
                    .read(
                            key -> MigrationMethodResult.Success(RoutedItems.FOUND),
                            key -> MigrationMethodResult.Success(RoutedItems.FOUND),
                            Objects::equals)
                    .write(MigrationMethodResult::Success, MigrationMethodResult::Success)
                    .readExecution(execution)
                    .build()
                    .orElseThrow();
        }

        Migration.MigrationResult<Optional<Item>> read(int id) {
            return migration.read(FLAG, contexts[id], MigrationStage.OFF, FLAG);
        }

        Migration.MigrationWriteResult<String> write(int id) {
            return migration.write(FLAG, contexts[id], MigrationStage.OFF, FLAG);
        }

        /** Ends its threads. */
        @TearDown
        public void close() throws IOException {
            client.close();
        }
    }

    /** Off: legacy alone. */
    @State(Scope.Thread)
    public static class LaunchDarklyOff extends LaunchDarkly {
        /** For JMH. */
        public LaunchDarklyOff() {
            super(MigrationStage.OFF, MigrationExecution.Serial(MigrationSerialOrder.FIXED));
        }
    }

    /** Writes go to both. */
    @State(Scope.Thread)
    public static class LaunchDarklyDualWrite extends LaunchDarkly {
        /** For JMH. */
        public LaunchDarklyDualWrite() {
            super(MigrationStage.DUAL_WRITE, MigrationExecution.Serial(MigrationSerialOrder.FIXED));
        }
    }

    /** Reads go to both, one after the other, in the caller's thread. */
    @State(Scope.Thread)
    public static class LaunchDarklyShadow extends LaunchDarkly {
        /** For JMH. */
        public LaunchDarklyShadow() {
            super(MigrationStage.SHADOW, MigrationExecution.Serial(MigrationSerialOrder.FIXED));
        }
    }

    /** Reads go to both at the same time, and the caller waits for both. */
    @State(Scope.Thread)
    public static class LaunchDarklyShadowParallel extends LaunchDarkly {
        /** For JMH. */
        public LaunchDarklyShadowParallel() {
            super(MigrationStage.SHADOW, MigrationExecution.Parallel());
        }
    }

    /** Reads go to both, one after the other; the target answers. */
    @State(Scope.Thread)
    public static class LaunchDarklyLive extends LaunchDarkly {
        /** For JMH. */
        public LaunchDarklyLive() {
            super(MigrationStage.LIVE, MigrationExecution.Serial(MigrationSerialOrder.FIXED));
        }
    }

    /** Scientist4J, both in the caller's thread. */
    @State(Scope.Thread)
    public static class Scientist {
        private final Experiment<Optional<Item>> experiment = new Experiment<>("items");

        /** For JMH. */
        public Scientist() {}

        Optional<Item> read() throws Exception {
            return experiment.run(() -> RoutedItems.FOUND, () -> RoutedItems.FOUND);
        }
    }
}
