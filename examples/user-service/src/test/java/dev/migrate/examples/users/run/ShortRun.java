package dev.migrate.examples.users.run;

import dev.migrate.examples.users.TestDatabases;
import dev.migrate.examples.users.console.Console;
import dev.migrate.examples.users.fault.Fault;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A run that takes seconds, on the server of all tests of the JVM. */
final class ShortRun {

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    /** Whether nothing was lost. */
    boolean with(Fault fault, Path directory) throws Exception {
        Options options = new Options(1_000, 300, 4, 2, fault, 25, Duration.ofSeconds(2));
        Console console = new Console(new PrintStream(shown, true, StandardCharsets.UTF_8), false);
        return Launcher.run(options, console, directory, TestDatabases.server());
    }

    /** What it has told its user. */
    String shown() {
        return shown.toString(StandardCharsets.UTF_8);
    }
}
