package dev.migrate.verify;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.GeneralCodingRules;
import dev.migrate.verify.samples.CallsHypot;
import dev.migrate.verify.samples.RefersToHypot;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What holds in every class of every published jar. */
class ArchitectureTest {
    /** So that the rules cannot pass over nothing; raised as the library grows. */
    private static final int AT_LEAST = 300;

    @Test
    void enoughClassesAreSeen_ofEveryModule() {
        assertThat(PublishedClasses.all()).hasSizeGreaterThanOrEqualTo(AT_LEAST);
        for (String module : Project.PUBLISHED) {
            assertThat(PublishedClasses.packagesOf(module)).as(module).isNotEmpty();
        }
    }

    @Test
    void packages_haveNoCycles() {
        Rules.noPackageCycles().check(PublishedClasses.all());
    }

    @Test
    void theRootPackage_dependsOnNothingOfCoreButInternal() {
        noClasses()
                .that(Rules.inPackage("dev.migrate"))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.migrate..")
                        .and(not(Rules.inPackage("dev.migrate")))
                        .and(not(Rules.inPackage("dev.migrate.internal"))))
                .check(PublishedClasses.all());
    }

    @Test
    void packages_areNullMarked() {
        assertThat(unmarkedPackages(PublishedClasses.all()))
                .as("packages without @NullMarked in their package-info")
                .isEmpty();
    }

    private static Set<String> unmarkedPackages(JavaClasses classes) {
        Set<String> unmarked = new TreeSet<>();
        for (JavaClass each : classes) {
            JavaPackage of = each.getPackage();
            if (!of.tryGetPackageInfo()
                    .map(info -> info.isAnnotatedWith(NullMarked.class))
                    .orElse(false)) {
                unmarked.add(of.getName());
            }
        }
        unmarked.remove(""); // module-info
        return unmarked;
    }

    @Test
    void aPackageThatIsNotNullMarked_isFound() {
        assertThat(unmarkedPackages(new ClassFileImporter().importPackages("dev.migrate.verify.samples.under")))
                .containsExactly("dev.migrate.verify.samples.under");
    }

    @Test
    void nothing_writesToTheStandardStreams() {
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(PublishedClasses.all());
    }

    @Test
    void nothing_throwsGenericExceptions() {
        GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.check(PublishedClasses.all());
    }

    @Test
    void nothing_usesJavaUtilLogging() {
        GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(PublishedClasses.all());
    }

    @Test
    void time_comesFromOutside_andNobodySleeps() {
        Rules.noUseOf(Instant.class, "now").check(PublishedClasses.all());
        Rules.noUseOf(System.class, "currentTimeMillis").check(PublishedClasses.all());
        Rules.noUseOf(Thread.class, "sleep").check(PublishedClasses.all());
    }

    @Test
    void noUseOf_findsCallsAndReferences() {
        JavaClasses calls = new ClassFileImporter().importClasses(CallsHypot.class);
        JavaClasses refers = new ClassFileImporter().importClasses(RefersToHypot.class);
        for (JavaClasses sample : Set.of(calls, refers)) {
            assertThatThrownBy(() -> Rules.noUseOf(Math.class, "hypot").check(sample))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("hypot");
            Rules.noUseOf(Math.class, "abs").check(sample);
        }
    }

    @Test
    void noPackageCycles_findsACycleBetweenAPackageAndOneUnderIt() {
        JavaClasses cycle = new ClassFileImporter().importPackages("dev.migrate.verify.samples");
        assertThatThrownBy(() -> Rules.noPackageCycles().check(cycle))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Cycle detected");
    }
}
