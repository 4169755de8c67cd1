package dev.migrate.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.EvaluationResult;
import dev.migrate.verify.Reports.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds in the tests of every module: none sleeps, none is left out, none is skipped. */
class TestConventionsTest {
    private static final String SUREFIRE = "maven-surefire-plugin";
    private static final String FAILSAFE = "maven-failsafe-plugin";

    /** So that the rules cannot pass over nothing; migrate-core, migrate-test and this module are always compiled before. */
    private static final int MODULES_AT_LEAST = 3;

    @Test
    void noTest_sleeps() {
        Map<Path, JavaClasses> modules = TestClasses.byModule();
        assertThat(modules).hasSizeGreaterThanOrEqualTo(MODULES_AT_LEAST);
        List<String> sleeping = new ArrayList<>();
        modules.values().forEach(classes -> {
            sleeping.addAll(sleeps(Thread.class, classes));
            sleeping.addAll(sleeps(TimeUnit.class, classes));
        });
        assertThat(sleeping).isEmpty();
    }

    private static List<String> sleeps(Class<?> owner, JavaClasses classes) {
        EvaluationResult result = Rules.noUseOf(owner, "sleep").evaluate(classes);
        return result.getFailureReport().getDetails();
    }

    /** TimeUnit of the JDK itself calls Thread.sleep. */
    @Test
    void aClassThatSleeps_isFound() {
        assertThat(sleeps(Thread.class, new ClassFileImporter().importClasses(TimeUnit.class)))
                .hasSize(1);
    }

    @Test
    void everyTestClass_hasANameThatMavenRuns() throws IOException {
        List<Pattern> patterns = new ArrayList<>(TestClasses.patternsOf(SUREFIRE));
        patterns.addAll(TestClasses.patternsOf(FAILSAFE));
        Set<String> left = new TreeSet<>();
        TestClasses.byModule().values().forEach(classes -> left.addAll(TestClasses.toBeRun(classes)));
        assertThat(left).contains(TestConventionsTest.class.getName(), "dev.migrate.test.LadderProperties");
        left.removeIf(name -> TestClasses.matches(name, patterns));
        assertThat(left)
                .as("test classes that neither Surefire nor Failsafe runs")
                .isEmpty();
    }

    @Test
    void thePatterns_areThoseOfTheParentPom() throws IOException {
        assertThat(TestClasses.patternsOf(SUREFIRE))
                .extracting(Pattern::pattern)
                .contains(".*Test", ".*Properties", ".*ContractTest");
        assertThat(TestClasses.patternsOf(FAILSAFE))
                .extracting(Pattern::pattern)
                .containsExactly(".*IT");
    }

    @Test
    void whatIsToBeRun_isEveryConcreteClassWithATest() {
        JavaClasses samples = new ClassFileImporter().importPackages("dev.migrate.verify");
        assertThat(TestClasses.toBeRun(samples))
                .contains(TestConventionsTest.class.getName())
                .doesNotContain(Rules.class.getName(), "dev.migrate.verify.samples.names.Table");
        JavaClasses contract = new ClassFileImporter().importPackages("dev.migrate.test");
        assertThat(TestClasses.toBeRun(contract))
                .as("contracts are abstract")
                .doesNotContain("dev.migrate.test.MigrationStoreContract");
    }

    /** Of the modules that this build has tested as a whole: each class has run, and no test was skipped. */
    @Test
    void everyTestClass_hasRun_andNothingWasSkipped() throws IOException {
        if (System.getProperty("test") != null || System.getProperty("it.test") != null) {
            return; // a build of some chosen tests only
        }
        Instant begun = Instant.parse(System.getProperty("migrate.build.started", Instant.MAX.toString()));
        List<String> problems = new ArrayList<>();
        for (Map.Entry<Path, JavaClasses> module : TestClasses.byModule().entrySet()) {
            if (!module.getKey().endsWith("architecture")) {
                Path target = module.getKey().resolve("target");
                Set<String> classes = TestClasses.toBeRun(module.getValue());
                problems.addAll(missing(classes, SUREFIRE, Reports.in(target.resolve("surefire-reports"), begun)));
                problems.addAll(missing(classes, FAILSAFE, Reports.in(target.resolve("failsafe-reports"), begun)));
            }
        }
        assertThat(problems).isEmpty();
    }

    private static List<String> missing(Set<String> classes, String plugin, Map<String, Report> reports)
            throws IOException {
        List<String> problems = new ArrayList<>();
        reports.forEach((name, report) -> {
            if (report.skipped() > 0) {
                problems.add(name + ": " + report.skipped() + " of " + report.tests() + " tests were skipped");
            }
        });
        List<Pattern> patterns = TestClasses.patternsOf(plugin);
        for (String name : classes) {
            Report report = reports.get(name);
            if (!reports.isEmpty() && TestClasses.matches(name, patterns) && (report == null || report.tests() == 0)) {
                problems.add(name + " was not run by " + plugin);
            }
        }
        return problems;
    }

    @TempDir
    Path directory;

    private void report(String name, int tests, int skipped, Instant at) throws IOException {
        Path file = directory.resolve("TEST-" + name + ".xml");
        Files.writeString(
                file,
                "<?xml version=\"1.0\"?><testsuite name=\"x\" tests=\"%d\" skipped=\"%d\"><testcase/></testsuite>"
                        .formatted(tests, skipped));
        Files.setLastModifiedTime(file, FileTime.from(at));
    }

    @Test
    void aClassThatHasNotRun_andASkippedTest_areFound() throws IOException {
        Instant begun = Instant.parse("2030-01-01T00:00:00Z");
        assertThat(missing(Set.of("a.OneTest"), SUREFIRE, Reports.in(directory.resolve("none"), begun)))
                .as("a module that this build has not tested")
                .isEmpty();
        report("a.OneTest", 3, 0, begun);
        report("a.SkippingTest", 3, 1, begun.plusSeconds(5));
        report("a.EmptyProperties", 0, 0, begun.plusSeconds(5));
        report("a.StaleTest", 3, 0, begun.minusSeconds(1));
        Set<String> classes = Set.of("a.OneTest", "a.SkippingTest", "a.EmptyProperties", "a.StaleTest", "a.OtherIT");
        assertThat(missing(classes, SUREFIRE, Reports.in(directory, begun)))
                .containsExactlyInAnyOrder(
                        "a.SkippingTest: 1 of 3 tests were skipped",
                        "a.EmptyProperties was not run by maven-surefire-plugin",
                        "a.StaleTest was not run by maven-surefire-plugin");
    }
}
