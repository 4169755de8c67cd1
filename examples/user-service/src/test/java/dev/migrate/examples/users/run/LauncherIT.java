package dev.migrate.examples.users.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.examples.users.TestDatabases;
import dev.migrate.examples.users.console.Console;
import dev.migrate.examples.users.fault.Fault;
import dev.migrate.examples.users.receipts.Receipt;
import dev.migrate.examples.users.receipts.ReceiptLog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherIT {

    @TempDir
    Path directory;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    private boolean run(Fault fault) throws Exception {
        Options options = new Options(1_000, 300, 4, 2, fault, 25, Duration.ofSeconds(2));
        Console console = new Console(new PrintStream(shown, true, StandardCharsets.UTF_8), false);
        return Launcher.run(options, console, directory, TestDatabases.server());
    }

    @Test
    void aQuietRun_losesNothing() throws Exception {
        assertThat(run(Fault.NONE)).isTrue();

        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("Nothing was lost").contains("writes acknowledged");
    }

    @Test
    void anApplicationThatIsKilled_isStartedAgain_andNothingIsLost() throws Exception {
        assertThat(run(Fault.CRASH)).isTrue();

        List<Receipt> receipts = new ArrayList<>();
        ReceiptLog.read(directory.resolve("receipts"), receipts::add);
        int killed = receipts.indexOf(receipts.stream()
                .filter(Receipt.Killed.class::isInstance)
                .findFirst()
                .orElseThrow());
        assertThat(killed).isBetween(1, receipts.size() - 2);
    }

    @Test
    void theApplication_endsWithItsLauncher() throws Exception {
        String legacyUrl = TestDatabases.server().create("orphan_legacy");
        String targetUrl = TestDatabases.server().create("orphan_target");
        Schema.LEGACY.create(Postgres.dataSource(legacyUrl));
        Options options = new Options(100, 10, 1, 2, Fault.NONE, 25, Duration.ofHours(1));
        Process application = new ProcessBuilder(
                        ApplicationProcess.command(legacyUrl, targetUrl, directory.resolve("receipts"), options))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(directory.resolve("receipts")));
            assertThat(application.isAlive()).isTrue();

            application.getOutputStream().close();

            assertThat(application.waitFor()).isEqualTo(3);
        } finally {
            application.destroyForcibly();
        }
    }
}
