package dev.migrate.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Migration;
import dev.migrate.Side;
import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.Owed;
import dev.migrate.side.SideBooks;
import dev.migrate.store.InMemoryMigrationStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailedCopiesTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private final Migration migration =
            Migration.named("items").store(new InMemoryMigrationStore()).build();
    private final SideBooks legacy = new InMemorySideBooks(InstantSource.fixed(NOW));
    private final SideBooks interrupted = interrupting(new InMemorySideBooks(InstantSource.fixed(NOW)));

    @AfterEach
    void close() {
        migration.close();
    }

    private static SideBooks interrupting(SideBooks real) {
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("inTransaction")) {
                        throw new InterruptedException();
                    }
                    return method.invoke(real, arguments);
                });
    }

    private Owed claim(Instant now) {
        List<Owed> claimed = legacy.claim("worker", 1, now, Duration.ZERO);
        assertThat(claimed).hasSize(1);
        return claimed.get(0);
    }

    /** Nothing is known of the side then. */
    @Test
    void anInterruptionWhileTheShadowIsAsked_isKept_andNoAttemptCounted() {
        FailedCopies failures = new FailedCopies(migration, "default", new TwoSides<>(legacy, interrupted), false, 1);
        legacy.owe(List.of(new SideBooks.Key("s:a", 0)), Instant.EPOCH);
        Owed owed = claim(NOW);
        failures.failed(Side.LEGACY, owed, owed.version(), new IOException("refused"));
        assertThat(Thread.interrupted()).isTrue();
        Owed still = claim(NOW.plusSeconds(1));
        assertThat(still.attempts()).isZero();
        assertThat(still.isParked()).isFalse();
        assertThat(failures.isGone(Side.TARGET)).isFalse();
    }
}
