package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.migrate.Position;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineTestKit;

/** A property that fails names the seed under which it fails again. */
class FailingSeedTest {
    private static final Pattern SEED = Pattern.compile("seed = (-?\\d+)");

    @TempDir
    Path temporary;

    private final List<String> reports = new ArrayList<>();

    @PropertyDefaults(tries = 1_000, shrinking = ShrinkingMode.OFF)
    static class Fails {
        static final List<Position> FALSIFIED = new ArrayList<>();

        @Property
        void everyPositionIsEarly(@ForAll Position position) {
            if (position.walk() % 1_000_000 > 900_000) {
                FALSIFIED.add(position);
                throw new AssertionError("late: " + position);
            }
        }
    }

    @BeforeEach
    void forget() {
        Fails.FALSIFIED.clear();
    }

    private String seedOfFailingRun() {
        reports.clear();
        EngineTestKit.engine("jqwik")
                .selectors(selectClass(Fails.class))
                .configurationParameter(
                        "jqwik.database", temporary.resolve("database").toString())
                .configurationParameter("jqwik.reporting.usejunitplatform", "true")
                .configurationParameter("jqwik.failures.after.default", "PREVIOUS_SEED")
                .execute()
                .allEvents()
                .reportingEntryPublished()
                .stream()
                .flatMap(event -> event.getPayload(ReportEntry.class).stream())
                .forEach(entry -> reports.addAll(entry.getKeyValuePairs().values()));
        Matcher seed = SEED.matcher(String.join("\n", reports));
        assertThat(seed.find()).as("a seed in %s", reports).isTrue();
        return seed.group(1);
    }

    @Test
    void aFailingProperty_reportsItsSeed_andFailsAgainOnTheSameSample() {
        String seed = seedOfFailingRun();
        Position sample = Fails.FALSIFIED.get(0);
        forget();
        assertThat(seedOfFailingRun()).isEqualTo(seed);
        assertThat(Fails.FALSIFIED).startsWith(sample);
        assertThat(String.join("\n", reports)).contains(sample.toString());
    }
}
