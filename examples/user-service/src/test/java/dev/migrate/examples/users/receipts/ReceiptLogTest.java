package dev.migrate.examples.users.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.examples.users.receipts.Receipt.Intent;
import dev.migrate.examples.users.receipts.Receipt.Killed;
import dev.migrate.examples.users.receipts.Receipt.Kind;
import dev.migrate.examples.users.receipts.Receipt.Outcome;
import dev.migrate.examples.users.receipts.Receipt.Seen;
import dev.migrate.examples.users.receipts.Receipt.Settled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiptLogTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00.123456Z");

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void name() {
        path = directory.resolve("receipts");
    }

    private List<Receipt> read() throws IOException {
        List<Receipt> receipts = new ArrayList<>();
        ReceiptLog.read(path, receipts::add);
        return receipts;
    }

    private ReceiptLog open() throws IOException {
        return ReceiptLog.open(path, receipt -> {});
    }

    @Test
    void everyReceipt_isReadAsItWasWritten() throws IOException {
        List<Receipt> written = new ArrayList<>();
        try (ReceiptLog log = open()) {
            Effects effects = Effects.GONE.and("user", "0a").and("session:7.1.ff", "-");
            written.add(log.append(line -> new Intent(line, NOW, 7, 3, Kind.CREATE, effects)));
            written.add(log.append(line -> new Settled(line, NOW, 7, 1, Outcome.UNKNOWN)));
            written.add(log.append(line -> new Seen(line, NOW, 7, 2, Effects.of("user", "0a"))));
            written.add(log.append(line -> new Killed(line, NOW)));
        }

        assertThat(read()).usingRecursiveComparison().isEqualTo(written);
        assertThat(written).extracting(Receipt::line).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void open_goesOnWhereTheReceiptsEnd() throws IOException {
        try (ReceiptLog log = open()) {
            log.append(line -> new Killed(line, NOW));
        }
        try (ReceiptLog log = open()) {
            assertThat(log.lastLine()).isEqualTo(1);
            log.append(line -> new Killed(line, NOW));
        }

        assertThat(read()).extracting(Receipt::line).containsExactly(1L, 2L);
    }

    @Test
    void aTornLine_isNobodysReceipt_andIsCutOff() throws IOException {
        try (ReceiptLog log = open()) {
            log.append(line -> new Killed(line, NOW));
        }
        Files.writeString(path, "I\t2\t123\t7\t1\tUPDATE\tuser=" + "f".repeat(500), StandardOpenOption.APPEND);

        assertThat(read()).hasSize(1);
        try (ReceiptLog log = open()) {
            log.append(line -> new Settled(line, NOW, 7, 1, Outcome.ACKNOWLEDGED));
        }

        assertThat(read()).extracting(Receipt::line).containsExactly(1L, 2L);
        assertThat(Files.readString(path)).endsWith("\n");
        assertThat(read().get(1)).isEqualTo(new Settled(2, NOW, 7, 1, Outcome.ACKNOWLEDGED));
    }

    @Test
    void append_isInTheFileWhenItReturns() throws IOException {
        try (ReceiptLog log = open()) {
            log.append(line -> new Killed(line, NOW));

            assertThat(read()).hasSize(1);
        }
    }
}
