package dev.migrate.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.lang.module.ModuleDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who may know whom: core knows nobody, all know core, the starter knows all that run in an application. */
class ModuleGraphTest {
    private static final Set<String> CORE = Set.of("migrate-core");
    private static final Map<String, Set<String>> MAY_KNOW = Map.of(
            "migrate-core", Set.of(),
            "migrate-featureflags", CORE,
            "migrate-jdbc", CORE,
            "migrate-micrometer", CORE,
            "migrate-servlet", CORE,
            "migrate-test", CORE,
            "migrate-spring-starter",
                    Set.of(
                            "migrate-core",
                            "migrate-featureflags",
                            "migrate-jdbc",
                            "migrate-micrometer",
                            "migrate-servlet"));

    private static final Map<String, String> MODULE_NAMES = Map.of(
            "dev.migrate.core", "migrate-core",
            "dev.migrate.flag", "migrate-featureflags",
            "dev.migrate.jdbc", "migrate-jdbc",
            "dev.migrate.micrometer", "migrate-micrometer",
            "dev.migrate.servlet", "migrate-servlet",
            "dev.migrate.test", "migrate-test");

    @Test
    void classes_dependOnlyOnModulesTheyMayKnow() {
        assertThat(forbidden(MAY_KNOW)).isEmpty();
    }

    @Test
    void aForbiddenDependency_isFound() {
        Map<String, Set<String>> none = new HashMap<>(MAY_KNOW);
        none.put("migrate-jdbc", Set.of());
        assertThat(forbidden(none)).isNotEmpty().allMatch(found -> found.startsWith("migrate-jdbc -> migrate-core: "));
    }

    private static Set<String> forbidden(Map<String, Set<String>> mayKnow) {
        Map<String, String> moduleOf = PublishedClasses.moduleOfPackage();
        Set<String> forbidden = new TreeSet<>();
        for (JavaClass each : PublishedClasses.all()) {
            String from = moduleOf.get(each.getPackageName());
            for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
                String to = moduleOf.get(
                        dependency.getTargetClass().getBaseComponentType().getPackageName());
                if (to != null && !to.equals(from) && !mayKnow.get(from).contains(to)) {
                    forbidden.add(from + " -> " + to + ": " + dependency.getDescription());
                }
            }
        }
        return forbidden;
    }

    @Test
    void descriptors_requireOnlyModulesTheyMayKnow() {
        MODULE_NAMES.forEach((name, module) -> {
            ModuleDescriptor descriptor = PublishedClasses.descriptorOf(module).orElseThrow();
            assertThat(descriptor.name()).isEqualTo(name);
            assertThat(MAY_KNOW.get(module)).as("what %s requires", name).containsAll(ownRequired(descriptor));
        });
    }

    private static Set<String> ownRequired(ModuleDescriptor descriptor) {
        return descriptor.requires().stream()
                .map(ModuleDescriptor.Requires::name)
                .filter(name -> name.startsWith("dev.migrate"))
                .map(name -> MODULE_NAMES.getOrDefault(name, name))
                .collect(Collectors.toSet());
    }

    @Test
    void core_requiresLoggingNullnessABreakerAndAHash_andNothingElse() {
        assertThat(PublishedClasses.descriptorOf("migrate-core").orElseThrow().requires())
                .extracting(ModuleDescriptor.Requires::name)
                .containsExactlyInAnyOrder(
                        "java.base",
                        "org.slf4j",
                        "org.jspecify",
                        "io.github.resilience4j.circuitbreaker",
                        "com.dynatrace.hash4j");
    }

    @Test
    void everyPublishedJar_hasADescriptor_butTheStarter() {
        for (String module : Project.PUBLISHED) {
            assertThat(PublishedClasses.descriptorOf(module).isPresent())
                    .as("%s has a module-info", module)
                    .isEqualTo(!module.equals("migrate-spring-starter"));
        }
    }

    @Test
    void noExportedPackage_isInternal() {
        for (String module : MODULE_NAMES.values()) {
            assertThat(PublishedClasses.exportedBy(module)).noneMatch(name -> name.contains(".internal"));
        }
    }
}
