package dev.migrate.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where things are in this repository. */
final class Project {
    /** The modules that users get as jars. */
    static final List<String> PUBLISHED = List.of(
            "migrate-core",
            "migrate-featureflags",
            "migrate-jdbc",
            "migrate-micrometer",
            "migrate-servlet",
            "migrate-spring-starter",
            "migrate-test");

    private Project() {}

    static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve(".mvn"))) {
            at = at.getParent();
            if (at == null) {
                throw new IllegalStateException("not inside the repository: no .mvn above "
                        + Path.of("").toAbsolutePath());
            }
        }
        return at;
    }

    /** The directories of all modules. */
    static List<Path> modules() {
        try (Stream<Path> files =
                Files.find(root(), 3, (path, attributes) -> path.endsWith("pom.xml") && attributes.isRegularFile())) {
            return files.map(Path::getParent).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The class files of a published module: a directory, or the jar where it is already built. */
    static Path classesOf(String module) {
        Pattern entry = Pattern.compile(".*/" + module + "/target/(classes|" + module + "-[^/]*\\.jar)");
        return Stream.of(System.getProperty("java.class.path").split(Pattern.quote(java.io.File.pathSeparator)))
                .filter(path -> entry.matcher(path.replace('\\', '/')).matches()
                        || path.replace('\\', '/').matches(".*/dev/migrate/" + module + "/.*\\.jar"))
                .map(Path::of)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException(module + " is not on the class path; add it to this module's pom"));
    }
}
