package dev.migrate.test.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Migration;
import java.io.IOException;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The library's own classes with one of their source files changed, beside those that the tests run with.
 *
 * <p>The text that is replaced must stand in the file exactly once: a change of the library that moves a rule is noticed here.
 */
final class PatchedLibrary extends URLClassLoader {
    private static final String OURS = "dev.migrate.";

    private PatchedLibrary(URL[] path) {
        super(path, PatchedLibrary.class.getClassLoader());
    }

    static PatchedLibrary with(Path directory, Patch patch) throws IOException {
        Path source = sources().resolve(patch.file());
        Path patched = directory.resolve("src").resolve(source.getFileName());
        Files.createDirectories(patched.getParent());
        Files.writeString(patched, edited(Files.readString(source), patch));
        Path classes = Files.createDirectories(directory.resolve("classes"));
        compile(patched, classes);
        return new PatchedLibrary(
                new URL[] {url(classes), place(Migration.class), place(Schedules.class), place(PatchedLibrary.class)});
    }

    private static String edited(String source, Patch patch) {
        String text = source;
        for (int edit = 0; edit < patch.edits().size(); edit += 2) {
            String found = patch.edits().get(edit);
            assertThat(text.split(Pattern.quote(found), -1))
                    .as("%s in %s: adapt the broken variant to where the rule stands now", found, patch.file())
                    .hasSize(2);
            text = text.replace(found, patch.edits().get(edit + 1));
        }
        return text;
    }

    private static Path sources() {
        return Stream.of("../migrate-core", "migrate-core")
                .map(module -> Path.of(module, "src/main/java/dev/migrate"))
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow();
    }

    private static void compile(Path source, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            Iterable<? extends JavaFileObject> units = files.getJavaFileObjects(source);
            String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            List<String> options =
                    List.of("-d", classes.toString(), "-cp", path, "-proc:none", "-nowarn", "--release", "17");
            assertThat(compiler.getTask(messages, files, null, options, null, units)
                            .call())
                    .as("%s", messages)
                    .isTrue();
        }
    }

    private static URL url(Path directory) throws MalformedURLException {
        return directory.toUri().toURL();
    }

    private static URL place(Class<?> of) {
        return of.getProtectionDomain().getCodeSource().getLocation();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null && name.startsWith(OURS)) {
                loaded = findClass(name);
            }
            return loaded == null ? super.loadClass(name, resolve) : loaded;
        }
    }

    /** Runs schedules with these classes, and tells of the first that breaks a promise: its seed and what it broke. */
    List<String> firstViolation(String sides, long schedules) throws ReflectiveOperationException {
        Object told = loadClass(FirstViolation.class.getName())
                .getDeclaredMethod("of", String.class, long.class)
                .invoke(null, sides, schedules);
        List<String> lines = new ArrayList<>();
        ((List<?>) told).forEach(line -> lines.add((String) line));
        return lines;
    }
}
