package dev.migrate.examples.users.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.examples.users.TestDatabases;
import dev.migrate.examples.users.fault.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherIT {

    @TempDir
    Path directory;

    private final ShortRun run = new ShortRun();

    @Test
    void aQuietRun_losesNothing() throws Exception {
        assertThat(run.with(Fault.NONE, directory)).isTrue();

        assertThat(run.shown()).contains("Nothing was lost").contains("writes acknowledged");
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
