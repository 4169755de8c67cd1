package dev.migrate.verify;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** The classes of all published modules, imported once. */
final class PublishedClasses {
    private static final JavaClasses ALL = new ClassFileImporter()
            .importLocations(Project.PUBLISHED.stream()
                    .map(Project::classesOf)
                    .map(PublishedClasses::location)
                    .toList());
    private static final Map<String, Set<String>> PACKAGES = ALL.stream()
            .collect(Collectors.groupingBy(
                    PublishedClasses::moduleOf, Collectors.mapping(JavaClass::getPackageName, Collectors.toSet())));

    private PublishedClasses() {}

    private static Location location(Path classes) {
        if (Files.isDirectory(classes)) {
            return Location.of(classes);
        }
        try (JarFile jar = new JarFile(classes.toFile())) {
            return Location.of(jar);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String moduleOf(JavaClass each) {
        String from = each.getSource().orElseThrow().getUri().toString();
        return Project.PUBLISHED.stream()
                .filter(module ->
                        from.contains(Project.classesOf(module).toUri().getPath()))
                .findFirst()
                .orElseThrow();
    }

    /** All classes of all published modules together, so that their dependencies on each other are known. */
    static JavaClasses all() {
        return ALL;
    }

    static Set<String> packagesOf(String module) {
        return PACKAGES.getOrDefault(module, Set.of());
    }

    /** Which module each package is in; fails where two modules share one. */
    static Map<String, String> moduleOfPackage() {
        return Project.PUBLISHED.stream()
                .flatMap(module -> packagesOf(module).stream().map(name -> Map.entry(name, module)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The descriptor that a module was compiled with; empty for an automatic module. */
    static Optional<ModuleDescriptor> descriptorOf(String module) {
        return ModuleFinder.of(Project.classesOf(module)).findAll().stream()
                .map(ModuleReference::descriptor)
                .filter(descriptor -> !descriptor.isAutomatic())
                .findFirst();
    }

    /** The packages that a user may compile against. */
    static Set<String> exportedBy(String module) {
        Function<ModuleDescriptor, Set<String>> exported = descriptor -> descriptor.exports().stream()
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet());
        return descriptorOf(module).map(exported).orElseGet(() -> packagesOf(module));
    }
}
