package dev.migrate.benchmarks.flags;

import com.launchdarkly.sdk.LDContext;
import com.launchdarkly.sdk.server.Components;
import com.launchdarkly.sdk.server.LDClient;
import com.launchdarkly.sdk.server.LDConfig;
import com.launchdarkly.sdk.server.integrations.FileData;
import dev.migrate.benchmarks.measure.Keys;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import io.getunleash.DefaultUnleash;
import io.getunleash.UnleashContext;
import io.getunleash.util.UnleashConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.ff4j.FF4j;
import org.ff4j.core.Feature;
import org.ff4j.strategy.PonderationStrategy;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.togglz.core.activation.GradualActivationStrategy;
import org.togglz.core.manager.FeatureManager;
import org.togglz.core.manager.FeatureManagerBuilder;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.mem.InMemoryStateRepository;
import org.togglz.core.user.FeatureUser;
import org.togglz.core.user.SimpleFeatureUser;
import org.togglz.core.util.NamedFeature;

/** The peers' flags, each on for 25 % of the ids. */
public final class Peers {
    private static final String NAME = "new-search";

    private Peers() {}

    /** Togglz. */
    @State(Scope.Thread)
    public static class Togglz {
        private final FeatureUser[] users =
                Arrays.stream(Keys.all()).map(SimpleFeatureUser::new).toArray(FeatureUser[]::new);
        private final org.togglz.core.Feature feature = new NamedFeature(NAME);
        private final FeatureManager manager;
        private FeatureUser user = users[0];

        /** For JMH. */
        public Togglz() {
            InMemoryStateRepository states = new InMemoryStateRepository();
            states.setFeatureState(new FeatureState(feature, true)
                    .setStrategyId(GradualActivationStrategy.ID)
                    .setParameter(GradualActivationStrategy.PARAM_PERCENTAGE, "25"));
            manager = new FeatureManagerBuilder()
                    .featureEnum(Features.class)
                    .stateRepository(states)
                    .userProvider(() -> user)
                    .build();
        }

        private enum Features implements org.togglz.core.Feature {}

        boolean isOn(int id) {
            user = users[id];
            return manager.isActive(feature);
        }
    }

    /** OpenFeature. */
    @State(Scope.Thread)
    public static class OpenFeature {
        private final EvaluationContext[] contexts =
                Arrays.stream(Keys.all()).map(ImmutableContext::new).toArray(EvaluationContext[]::new);
        private final Client client;

        /** For JMH. */
        public OpenFeature() {
            Flag<Boolean> flag = Flag.<Boolean>builder()
                    .variant("on", true)
                    .variant("off", false)
                    .defaultVariant("off")
                    .contextEvaluator((unused, context) ->
                            Math.floorMod(context.getTargetingKey().hashCode(), 100) < 25)
                    .build();
            OpenFeatureAPI api = OpenFeatureAPI.getInstance();
            api.setProviderAndWait(new InMemoryProvider(Map.of(NAME, flag)));
            client = api.getClient();
        }

        boolean isOn(int id) {
            return client.getBooleanValue(NAME, false, contexts[id]);
        }

        /** Ends its threads. */
        @TearDown
        public void close() {
            OpenFeatureAPI.getInstance().shutdown();
        }
    }

    /** LaunchDarkly. */
    @State(Scope.Thread)
    public static class LaunchDarkly {
        private static final String FLAG = """
                {"flags": {"new-search": {"key": "new-search", "version": 1, "on": true, "salt": "s", "variations": [true, false],
                "fallthrough": {"rollout": {"variations": [{"variation": 0, "weight": 25000}, {"variation": 1, "weight": 75000}]}}}}}
                """;
        private final LDContext[] contexts =
                Arrays.stream(Keys.all()).map(LDContext::create).toArray(LDContext[]::new);
        private final LDClient client = client();

        /** For JMH. */
        public LaunchDarkly() {}

        private static LDClient client() {
            try {
                Path file = Files.createTempFile("launchdarkly", ".json");
                Files.writeString(file, FLAG);
                LDConfig config = new LDConfig.Builder()
                        .dataSource(FileData.dataSource().filePaths(file))
                        .events(Components.noEvents())
                        .diagnosticOptOut(true)
                        .build();
                LDClient client = new LDClient("none", config);
                Files.delete(file);
                return client;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        boolean isOn(int id) {
            return client.boolVariation(NAME, contexts[id], false);
        }

        /** Ends its threads. */
        @TearDown
        public void close() throws IOException {
            client.close();
        }
    }

    /** Unleash. */
    @State(Scope.Thread)
    public static class Unleash {
        private static final String FLAGS = """
                {"version": 1, "features": [{"name": "new-search", "enabled": true, "strategies": [{"name": "flexibleRollout",
                "parameters": {"rollout": "25", "stickiness": "userId", "groupId": "new-search"}}]}]}
                """;
        private final UnleashContext[] contexts = Arrays.stream(Keys.all())
                .map(id -> UnleashContext.builder().userId(id).build())
                .toArray(UnleashContext[]::new);
        private final DefaultUnleash unleash = new DefaultUnleash(UnleashConfig.builder()
                .appName("benchmark")
                .unleashAPI("http://localhost:1/api")
                .apiKey("none")
                .disablePolling()
                .disableMetrics()
                .toggleBootstrapProvider(() -> java.util.Optional.of(FLAGS))
                .build());

        /** For JMH. */
        public Unleash() {}

        boolean isOn(int id) {
            return unleash.isEnabled(NAME, contexts[id]);
        }

        /** Ends its threads. */
        @TearDown
        public void close() {
            unleash.shutdown();
        }
    }

    /** FF4J. */
    @State(Scope.Thread)
    public static class Ff4j {
        private final FF4j ff4j = new FF4j();

        /** For JMH. */
        public Ff4j() {
            Feature feature = new Feature(NAME, true);
            feature.setFlippingStrategy(new PonderationStrategy(0.25));
            ff4j.createFeature(feature);
        }

        boolean isOn() {
            return ff4j.check(NAME);
        }
    }
}
