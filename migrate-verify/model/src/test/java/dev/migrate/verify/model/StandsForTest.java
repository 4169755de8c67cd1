package dev.migrate.verify.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Migration;
import dev.migrate.jdbc.JdbcMigrationStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each step of a model says which code it stands for: that code is there, and what is said to be missing is missing. */
class StandsForTest {
    /** So that the rules cannot pass over nothing. */
    private static final int CLASSES_AT_LEAST = 150;

    @Test
    void everyMethodThatAStepStandsFor_isInTheLibrary() {
        List<String> missing = new ArrayList<>();
        Actions.all().forEach(action -> {
            if (action.standsFor() instanceof Code.Methods code) {
                code.names().stream().filter(name -> !isThere(name)).forEach(name -> missing.add(action + ": " + name));
            }
        });
        assertThat(missing)
                .as("code that was renamed or removed: name what does it now, and look whether the step is still right")
                .isEmpty();
    }

    @Test
    void aMethodThatIsNotThere_isFound() {
        assertThat(isThere("internal.write.Handover#prepare")).isTrue();
        assertThat(isThere("internal.write.Handover#prepareAll")).isFalse();
        assertThat(isThere("internal.write.HandOver#prepare")).isFalse();
    }

    private static boolean isThere(String name) {
        String[] parts = name.split("#");
        try {
            Class<?> type = Class.forName("dev.migrate." + parts[0], false, Migration.class.getClassLoader());
            return Arrays.stream(type.getDeclaredMethods())
                    .anyMatch(method -> method.getName().equals(parts[1]));
        } catch (ClassNotFoundException missing) {
            return false;
        }
    }

    @Test
    void whatAModelIsAheadOf_isNotThereYet() throws Exception {
        List<Class<?>> classes = libraryClasses();
        assertThat(classes).hasSizeGreaterThan(CLASSES_AT_LEAST);
        TreeSet<String> arrived = new TreeSet<>();
        Actions.all().forEach(action -> {
            if (action.standsFor() instanceof Code.Ahead ahead) {
                named(ahead.awaited(), classes).forEach(name -> arrived.add(action + " can name code now: " + name));
            }
        });
        assertThat(arrived)
                .as("code that the model was ahead of is there: have the steps name it with Code.of(..)")
                .isEmpty();
    }

    @Test
    void whatWasAwaited_isFoundOnceItIsThere() throws Exception {
        List<Class<?>> classes = libraryClasses();
        assertThat(named("handover", classes)).contains("dev.migrate.internal.write.Handover");
        assertThat(named("settle", classes)).contains("dev.migrate.side.SideBooks#settle");
        assertThat(named("ease", classes)).as("a part of a word").isEmpty();
    }

    /** The types with a word in their name, and the methods whose name begins with it. */
    private static List<String> named(String word, List<Class<?>> classes) {
        List<String> found = new ArrayList<>();
        for (Class<?> type : classes) {
            if (words(type.getSimpleName()).contains(word)) {
                found.add(type.getName());
            }
            Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> !method.isSynthetic() && method.getParameterCount() > 0)
                    .filter(method -> words(method.getName()).indexOf(word) == 0)
                    .forEach(method -> found.add(type.getName() + "#" + method.getName()));
        }
        return found;
    }

    private static List<String> words(String name) {
        return Stream.of(name.split("(?=[A-Z])"))
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static List<Class<?>> libraryClasses() throws Exception {
        List<Class<?>> classes = new ArrayList<>();
        for (Class<?> inModule : List.of(Migration.class, JdbcMigrationStore.class)) {
            URI place =
                    inModule.getProtectionDomain().getCodeSource().getLocation().toURI();
            if (Files.isDirectory(Path.of(place))) {
                load(Path.of(place), classes);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(Path.of(place), Map.of())) {
                    load(jar.getPath("/"), classes);
                }
            }
        }
        return classes;
    }

    private static void load(Path root, List<Class<?>> classes) throws IOException, ClassNotFoundException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root.resolve("dev/migrate"))) {
            files = walk.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : files) {
            String path = root.relativize(file).toString().replace('\\', '/');
            if (!path.endsWith("-info.class")) {
                String name =
                        path.substring(0, path.length() - ".class".length()).replace('/', '.');
                classes.add(Class.forName(name, false, Migration.class.getClassLoader()));
            }
        }
    }
}
