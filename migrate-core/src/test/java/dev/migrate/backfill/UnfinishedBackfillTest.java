package dev.migrate.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.table.Chunks;
import dev.migrate.table.Chunks.Chunk;
import dev.migrate.table.Chunks.Progress;
import dev.migrate.table.Chunks.Run;
import dev.migrate.table.Chunks.State;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class UnfinishedBackfillTest {
    private final AtomicBoolean isLastPlanned = new AtomicBoolean();

    /** Right after each look at the chunks another worker plans the last one, and has not copied it yet. */
    private final Chunks chunks = (Chunks) Proxy.newProxyInstance(
            Chunks.class.getClassLoader(), new Class<?>[] {Chunks.class}, (proxy, method, arguments) -> {
                boolean isPlanned = isLastPlanned.get();
                return switch (method.getName()) {
                    case "find" -> Optional.of(new Run("20", 20));
                    case "latest" -> {
                        isLastPlanned.set(true);
                        yield Optional.of(
                                isPlanned
                                        ? new Chunk(2, "10", "20", State.OPEN, 1)
                                        : new Chunk(1, null, "10", State.DONE, 1));
                    }
                    case "progress" -> {
                        isLastPlanned.set(true);
                        yield isPlanned ? new Progress(2, 1, 10, 10) : new Progress(1, 1, 10, 10);
                    }
                    default -> throw new AssertionError(method);
                };
            });

    @Test
    void chunkThatIsPlannedMeanwhile_isNotDone() {
        assertThat(BackfillRun.unfinished(chunks)).hasValue("10 of about 20 rows are copied");
    }
}
