package dev.migrate.examples.users.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.examples.users.fault.Fault;
import dev.migrate.examples.users.receipts.Receipt;
import dev.migrate.examples.users.receipts.ReceiptLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledApplicationIT {

    @TempDir
    Path directory;

    @Test
    void anApplicationThatIsKilled_isStartedAgain_andNothingIsLost() throws Exception {
        assertThat(new ShortRun().with(Fault.CRASH, directory)).isTrue();

        List<Receipt> receipts = new ArrayList<>();
        ReceiptLog.read(directory.resolve("receipts"), receipts::add);
        int killed = receipts.indexOf(receipts.stream()
                .filter(Receipt.Killed.class::isInstance)
                .findFirst()
                .orElseThrow());
        assertThat(killed).isBetween(1, receipts.size() - 2);
    }
}
