package dev.migrate.examples.samples;

import static dev.migrate.Stage.DUAL_WRITE;
import static dev.migrate.Stage.LIVE;
import static dev.migrate.Stage.SHADOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.fallback.LegacyFallback;
import dev.migrate.store.InMemoryMigrationStore;
import java.net.ConnectException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FallbackSampleTest {
    record Charge(String card, long cents) {}

    record Receipt(String from) {}

    static final class CardDeclined extends Exception {
        private static final long serialVersionUID = 1L;
    }

    interface Gateway {
        Receipt charge(Charge charge) throws Exception;
    }

    @Test
    void chargesNobodyTwice() throws Exception {
        Gateway legacyGateway = charge -> new Receipt("legacy");
        Gateway targetGateway = charge -> {
            if (charge.cents() == 1) {
                throw new ConnectException("nobody listens");
            }
            throw new CardDeclined();
        };
        Migration paymentMove =
                Migration.named("payments").store(new InMemoryMigrationStore()).build();
        // @start region="fallback"
        LegacyFallback<Charge, Receipt> payments = LegacyFallback.of(paymentMove)
                .legacy(legacyGateway::charge)
                .target(targetGateway::charge)
                .notSent(ConnectException.class) // falls back only where nothing was charged
                .business(CardDeclined.class) // an answer, not a failure
                .openAtFailurePercent(20)
                .retryTargetAfter(Duration.ofSeconds(30))
                .build();
        // @end region="fallback"
        try (paymentMove) {
            paymentMove.moveTo(DUAL_WRITE, "wired");
            paymentMove.moveTo(SHADOW, "wired");
            paymentMove.moveTo(LIVE, "tried on staging");
            Charge charge = new Charge("4111", 1);
            // @start region="call"
            Receipt receipt = payments.call(charge);
            // @end region="call"
            assertThat(receipt).isEqualTo(new Receipt("legacy"));
            assertThatThrownBy(() -> payments.call(new Charge("4111", 2))).isInstanceOf(CardDeclined.class);
        }
    }
}
