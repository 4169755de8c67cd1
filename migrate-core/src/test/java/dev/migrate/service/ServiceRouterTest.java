package dev.migrate.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationEvent.Comparison;
import dev.migrate.MigrationEvent.FellBack;
import dev.migrate.MigrationEvent.ReadCompared;
import dev.migrate.MigrationException;
import dev.migrate.MigrationScope;
import dev.migrate.Position;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Traffic;
import dev.migrate.dualwrite.Guarantee;
import dev.migrate.internal.call.Ladder;
import dev.migrate.service.OrderService.InMemory;
import dev.migrate.service.OrderService.Order;
import dev.migrate.service.OrderService.SoldOut;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServiceRouterTest {
    private final Ladder ladder = new Ladder();
    private final InMemory legacy = new InMemory();
    private final InMemory target = new InMemory();
    private final AtomicBoolean copierFails = new AtomicBoolean();
    private final OrderService service = options().build();

    @AfterEach
    void close() {
        ServiceRouter.behind(service).close();
        ladder.close();
    }

    private ServiceRouterBuilder<OrderService> options() {
        return ServiceRouter.of(ladder.migration(), OrderService.class)
                .legacy(legacy)
                .target(target)
                .copier(this::copy);
    }

    private void copy(Long id, Side from, Side to) throws IOException {
        if (copierFails.get()) {
            throw new IOException("copier");
        }
        Order held = on(from).rows.get(id);
        if (held == null) {
            on(to).rows.remove(id);
        } else {
            on(to).rows.put(id, held);
        }
    }

    private InMemory on(Side side) {
        return side == Side.LEGACY ? legacy : target;
    }

    private void at(Stage stage) {
        ladder.to(Position.of(stage));
    }

    private void awaitNoDebt() {
        await().until(() -> ServiceRouter.behind(service).repair() >= 0
                && ServiceRouter.behind(service).debt().isNone());
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void aWrite_isDoneOnTheAuthoritativeSide_andCarriedOverWhereTheStageWritesBoth(Stage stage) throws SoldOut {
        at(stage);
        service.place(new Order(1L, "a"));
        assertThat(on(stage.authoritative()).rows).containsKey(1L);
        awaitNoDebt();
        assertThat(on(stage.shadow()).rows.containsKey(1L)).isEqualTo(stage.writesShadow());
        assertThat(service.find(1L)).contains(new Order(1L, "a"));
        service.cancel(1);
        awaitNoDebt();
        assertThat(on(stage.authoritative()).rows).isEmpty();
        assertThat(on(stage.shadow()).rows).isEmpty();
    }

    @Test
    void aCopierThatFails_harmsNobody_andTheKeyStaysOwed() throws SoldOut {
        at(Stage.DUAL_WRITE);
        copierFails.set(true);
        service.place(new Order(1L, "a"));
        assertThat(ServiceRouter.behind(service).debt().isNone()).isFalse();
        assertThat(target.rows).isEmpty();
        copierFails.set(false);
        ladder.pass(java.time.Duration.ofMinutes(1));
        awaitNoDebt();
        assertThat(target.rows).containsKey(1L);
    }

    @Test
    void aShare_dividesReadsAndWritesAlike() throws SoldOut {
        at(Stage.SHADOW);
        for (long id = 0; id < 100; id++) {
            service.place(new Order(id, "a"));
        }
        awaitNoDebt();
        ladder.to(Stage.SHADOW.plusPercent(50));
        for (long id = 0; id < 100; id++) {
            service.place(new Order(id, "b"));
            Side authority = ladder.migration().stageOf(id).authoritative();
            assertThat(on(authority).rows.get(id).text()).isEqualTo("b");
            assertThat(service.textOf(id)).isEqualTo("b");
        }
        awaitNoDebt();
        assertThat(legacy.rows).isEqualTo(target.rows);
    }

    @Test
    void reads_areComparedInShadow() throws SoldOut {
        at(Stage.SHADOW);
        service.place(new Order(1L, "a"));
        awaitNoDebt();
        service.find(1L);
        await().until(() -> ladder.events(ReadCompared.class).size() == 1);
        ReadCompared equal = ladder.events(ReadCompared.class).get(0);
        assertThat(equal.result()).isEqualTo(Comparison.EQUAL);
        assertThat(equal.subject()).isEqualTo("OrderService.find(Long)");
        assertThat(equal.key()).isEqualTo("l:1");
        target.rows.put(1L, new Order(1L, "something else"));
        service.find(1L);
        await().until(() -> ladder.events(ReadCompared.class).size() == 2);
        assertThat(ladder.events(ReadCompared.class).get(1).result()).isEqualTo(Comparison.DIFFERENT);
    }

    @Test
    void aDifferenceOfAKeyThatIsOwed_isInFlight() throws SoldOut {
        at(Stage.SHADOW);
        copierFails.set(true);
        service.place(new Order(1L, "a"));
        service.find(1L);
        await().until(() -> !ladder.events(ReadCompared.class).isEmpty());
        assertThat(ladder.events(ReadCompared.class).get(0).result()).isEqualTo(Comparison.IN_FLIGHT);
    }

    @Test
    void s2_onLive_aFailedReadIsAnsweredByLegacyAndSaysSo() throws Exception {
        at(Stage.LIVE);
        service.place(new Order(1L, "a"));
        awaitNoDebt();
        target.failure = new LinkageError();
        assertThat(service.find(1L)).contains(new Order(1L, "a"));
        assertThat(service.findAll()).hasSize(1);
        assertThat(ladder.events(FellBack.class))
                .extracting(FellBack::subject)
                .containsExactly("OrderService.find(Long)", "OrderService.findAll()");
    }

    @Test
    void onLive_legacyDoesNotAnswerWhileItLacksTheWrite() throws SoldOut {
        at(Stage.LIVE);
        copierFails.set(true);
        service.place(new Order(1L, "a"));
        var failure = new LinkageError();
        target.failure = failure;
        assertThat(catchThrowable(() -> service.find(1L))).isSameAs(failure);
        assertThat(catchThrowable(() -> service.findAll())).isSameAs(failure);
    }

    @Test
    void onLive_aFailedWriteIsTheCallers_andLegacyIsNotCalled() {
        at(Stage.LIVE);
        var failure = new SoldOut();
        target.failure = failure;
        assertThat(catchThrowable(() -> service.place(new Order(1L, "a")))).isSameAs(failure);
        assertThat(legacy.rows).isEmpty();
    }

    @Test
    void s7_inAScopeThatIsOutdated_readsAndWritesAreRefusedNotMoved() {
        at(Stage.SHADOW);
        try (MigrationScope scope = ladder.migration().begin()) {
            java.util.concurrent.CompletableFuture.runAsync(() -> {
                        // another thread's step waits for this unit of work, so the view is moved by hand
                        ladder.migration()
                                .store()
                                .change(
                                        dev.migrate.Setting.Kind.POSITION,
                                        "move",
                                        ladder.migration().view().epoch(),
                                        "LIVE",
                                        "x",
                                        "y");
                        ladder.migration().refresh();
                    })
                    .join();
            assertThatThrownBy(() -> service.find(1L)).isInstanceOf(RefusedWriteException.class);
            assertThatThrownBy(() -> service.findAll()).isInstanceOf(RefusedWriteException.class);
            assertThatThrownBy(() -> service.place(new Order(1L, "a"))).isInstanceOf(RefusedWriteException.class);
            assertThat(scope).isNotNull();
        }
    }

    @Test
    void d3_checkedExceptionsAndErrorsComeAsThrown() {
        for (Throwable failure : new Throwable[] {new SoldOut(), new IllegalStateException(), new LinkageError()}) {
            legacy.failure = failure;
            assertThat(catchThrowable(() -> service.place(new Order(1L, "a")))).isSameAs(failure);
        }
        var failure = new IOException();
        legacy.failure = failure;
        assertThat(catchThrowable(service::findAll)).isSameAs(failure);
    }

    @Test
    void d4_selfInvocationStaysWithinTheImplementation() throws SoldOut {
        at(Stage.SHADOW);
        service.place(new Order(1L, "a"));
        awaitNoDebt();
        InMemory calling = new InMemory() {
            @Override
            public java.util.List<Order> findAll() {
                return find(1L).stream().toList();
            }
        };
        calling.rows.put(1L, new Order(1L, "its own"));
        OrderService routed = options().legacy(calling).records("calling").build();
        assertThat(routed).satisfies(each -> assertThat(each.findAll()).containsExactly(new Order(1L, "its own")));
        ServiceRouter.behind(routed).close();
    }

    @Test
    void d5_defaultMethodsRunAsWrittenAndWhatTheyCallIsRouted() throws SoldOut {
        service.place(new Order(1L, "a"));
        assertThat(service.textOf(1L)).isEqualTo("a");
        at(Stage.TARGET_ONLY);
        assertThat(service.textOf(1L)).isEqualTo("none");
        target.rows.put(1L, new Order(1L, "b"));
        assertThat(service.textOf(1L)).isEqualTo("b");
    }

    @Test
    void d5_bridgesOfGenericInterfacesAreRouted() {
        at(Stage.TARGET_ONLY);
        target.rows.put(1L, new Order(1L, "b"));
        Reading<Long, Order> generic = service;
        assertThat(generic.find(1L)).isEqualTo(Optional.of(new Order(1L, "b")));
    }

    @Test
    void d6_identityIsTheRoutedObjectsOwnAndNeverChanges() {
        int hash = service.hashCode();
        String text = service.toString();
        at(Stage.TARGET_ONLY);
        assertThat(service.hashCode()).isEqualTo(hash);
        assertThat(service.toString()).isEqualTo(text).isEqualTo("ServiceRouter[move: OrderService]");
        assertThat(service.equals(service)).isTrue();
        assertThat(service.equals(target)).isFalse();
        assertThat(service.equals(null)).isFalse();
    }

    @Test
    void aNullKey_isRefused() {
        assertThatThrownBy(() -> service.find(null)).isInstanceOf(MigrationException.class);
        assertThatThrownBy(() -> service.place(new Order(null, "a")))
                .hasMessageContaining("must have its key before the call");
    }

    @Test
    void traffic_measuresReadsAndWrites_butNoBusinessFailure() {
        OrderService routed =
                options().records("business").business(SoldOut.class).build();
        try (Traffic.Watch watch = ladder.migration().traffic().watch()) {
            routed.find(1L);
            legacy.failure = new SoldOut();
            assertThatThrownBy(() -> routed.place(new Order(1L, "a"))).isInstanceOf(SoldOut.class);
            legacy.failure = new LinkageError();
            assertThatThrownBy(() -> routed.place(new Order(1L, "a"))).isInstanceOf(LinkageError.class);
            assertThat(watch.sample(Side.LEGACY).calls()).isEqualTo(3);
            assertThat(watch.sample(Side.LEGACY).failures()).isEqualTo(1);
        }
        ServiceRouter.behind(routed).close();
    }

    @Test
    void behind_givesTheRouter_andRefusesAnythingElse() {
        assertThat(ServiceRouter.behind(service).guarantee()).isEqualTo(Guarantee.UNTIL_RESTART);
        assertThat(ServiceRouter.behind(service).migration()).isSameAs(ladder.migration());
        assertThatThrownBy(() -> ServiceRouter.behind((OrderService) legacy))
                .hasMessageContaining("ServiceRouter.of(..)");
    }

    @Test
    void touched_owesWhatWasWrittenPastTheRouter() {
        at(Stage.SHADOW);
        legacy.rows.put(7L, new Order(7L, "batch"));
        ServiceRouter.behind(service).touched(java.util.List.of(7L));
        awaitNoDebt();
        assertThat(target.rows).containsKey(7L);
    }
}
