package dev.migrate.verify;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.platform.commons.annotation.Testable;

/** The compiled tests of all modules, as far as this build has come; this module is the last. */
final class TestClasses {
    private static final Map<Path, JavaClasses> BY_MODULE = imported();

    private TestClasses() {}

    /** By module; modules without tests are left out. */
    static Map<Path, JavaClasses> byModule() {
        return BY_MODULE;
    }

    private static Map<Path, JavaClasses> imported() {
        Map<Path, JavaClasses> byModule = new LinkedHashMap<>();
        for (Path module : Project.modules()) {
            Path classes = module.resolve("target/test-classes");
            if (Files.isDirectory(classes)) {
                byModule.put(module, new ClassFileImporter().importPath(classes));
            }
        }
        return byModule;
    }

    /** The classes that a runner of tests must run: top-level, not abstract, with a test of their own or an inherited one. */
    static Set<String> toBeRun(JavaClasses classes) {
        return classes.stream()
                .filter(TestClasses::isToBeRun)
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static boolean isToBeRun(JavaClass each) {
        return each.isTopLevelClass()
                && !each.getModifiers().contains(JavaModifier.ABSTRACT)
                && each.getAllMethods().stream().anyMatch(method -> method.isMetaAnnotatedWith(Testable.class));
    }

    /** The names of classes that a plug-in runs, as the parent pom says. */
    static List<Pattern> patternsOf(String plugin) throws IOException {
        String pom = Files.readString(Project.root().resolve("pom.xml"));
        int begin = pom.indexOf("<artifactId>" + plugin + "</artifactId>");
        String includes = pom.substring(pom.indexOf("<includes>", begin), pom.indexOf("</includes>", begin));
        return Pattern.compile("<include>\\*\\*/\\*(\\w+)\\.java</include>")
                .matcher(includes)
                .results()
                .map(found -> Pattern.compile(".*" + found.group(1)))
                .toList();
    }

    static boolean matches(String className, List<Pattern> patterns) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(className).matches());
    }
}
