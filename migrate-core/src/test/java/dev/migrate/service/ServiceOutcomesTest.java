package dev.migrate.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationEvent.OutcomeUnknown;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.internal.call.Ladder;
import dev.migrate.service.OrderService.InMemory;
import dev.migrate.service.OrderService.Order;
import dev.migrate.service.OrderService.SoldOut;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How operations of a service end that cannot share a transaction with what is owed. */
class ServiceOutcomesTest {
    private static final Order ORDER = new Order(1L, "a");
    private final Ladder ladder = Ladder.at(Stage.LIVE);
    private final InMemory legacy = new InMemory();
    private final InMemory target = new InMemory();
    private final OrderService service = ServiceRouter.of(ladder.migration(), OrderService.class)
            .legacy(legacy)
            .target(target)
            .copier((Long id, Side from, Side to) -> copy(id))
            .business(SoldOut.class)
            .nothingDone(ArithmeticException.class)
            .repairEvery(Duration.ofDays(1))
            .build();

    @AfterEach
    void close() {
        ServiceRouter.behind(service).close();
        ladder.close();
    }

    private void copy(Long id) {
        if (target.rows.containsKey(id)) {
            legacy.rows.put(id, target.rows.get(id));
        } else {
            legacy.rows.remove(id);
        }
    }

    @Test
    void writeThatMayYetTakeEffect_isTheCallersFailure_andKeptUntilItIsOver() {
        IllegalStateException reset = new IllegalStateException("connection reset");
        target.failure = reset;
        assertThat(catchThrowable(() -> service.place(ORDER))).isSameAs(reset);
        assertThat(ladder.events(OutcomeUnknown.class))
                .extracting(OutcomeUnknown::subject, OutcomeUnknown::side)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("OrderService", Side.TARGET));
        assertThat(ServiceRouter.behind(service).debt().intents()).isEqualTo(1);
    }

    @Test
    void writeThatIsOver_isKnown() {
        for (Exception over : new Exception[] {new SoldOut(), new ArithmeticException()}) {
            target.failure = over;
            assertThat(catchThrowable(() -> service.place(ORDER))).isSameAs(over);
        }
        assertThat(ladder.events(OutcomeUnknown.class)).isEmpty();
        assertThat(ServiceRouter.behind(service).debt().intents()).isZero();
    }

    @Test
    void perhapsTouched_isCopiedNow_andAwaited() {
        target.rows.put(1L, ORDER);
        ServiceRouter.behind(service).perhapsTouched(List.of(1L));
        await().until(() -> ServiceRouter.behind(service).debt().keys() == 0);
        assertThat(legacy.rows).containsEntry(1L, ORDER);
        assertThat(ServiceRouter.behind(service).debt().intents()).isEqualTo(1);
    }

    @Test
    void options_areRefusedWithRuleValueAndRemedy() {
        var options = ServiceRouter.of(ladder.migration(), OrderService.class);
        assertThatThrownBy(() -> options.callsEndWithin(Duration.ofSeconds(-1)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("callsEndWithin must be positive, but was PT-1S");
        assertThatThrownBy(() -> options.nothingDone(RuntimeException.class))
                .hasMessageContaining("name the narrow one");
    }
}
