package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.AuditEntry;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationEvent.PassEnded;
import dev.migrate.MigrationEvent.PassResult;
import dev.migrate.MigrationException;
import dev.migrate.Setting;
import dev.migrate.reconcile.PassSchedule.Came;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PassScheduleTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private final InMemoryMigrationStore store = new InMemoryMigrationStore(now::get);
    private final List<MigrationEvent> events = new CopyOnWriteArrayList<>();
    private final Migration a = node("a");
    private final Migration b = node("b");
    private int made;

    private Migration node(String name) {
        return Migration.named("orders")
                .store(store)
                .node(name)
                .time(now::get)
                .operator(() -> "test")
                .listener(events::add)
                .build();
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    private void advance(Duration by) {
        now.updateAndGet(instant -> instant.plus(by));
    }

    private Came make() {
        made++;
        return Came.of(true, "fine");
    }

    private PassSchedule.Builder on(Migration node) {
        return PassSchedule.of(node);
    }

    private List<PassEnded> ended() {
        return events.stream()
                .filter(PassEnded.class::isInstance)
                .map(PassEnded.class::cast)
                .toList();
    }

    @Test
    void eachPass_isMadeWhenItIsDue_byOneNode() {
        PassSchedule first = on(a).pass("quick", HOUR, this::make)
                .pass("deep", HOUR.multipliedBy(3), this::make)
                .build();
        PassSchedule second = on(b).pass("quick", HOUR, this::make)
                .pass("deep", HOUR.multipliedBy(3), this::make)
                .build();
        assertThat(first.runDue()).isEqualTo(2);
        assertThat(second.runDue()).isZero();
        advance(HOUR.minusNanos(1));
        assertThat(first.runDue()).isZero();
        advance(Duration.ofNanos(1));
        assertThat(second.runDue()).isEqualTo(1);
        assertThat(first.runDue()).isZero();
        advance(HOUR.multipliedBy(2));
        assertThat(first.runDue()).isEqualTo(2);
        assertThat(made).isEqualTo(5);
    }

    @Test
    void whileANodeMakesAPass_noOtherDoes_evenWhereItTakesLong() {
        PassSchedule second = on(b).pass("quick", HOUR, this::make).build();
        PassSchedule first = on(a).pass("quick", HOUR, () -> {
                    advance(Duration.ofSeconds(59));
                    assertThat(second.runDue()).isZero();
                    return make();
                })
                .build();
        assertThat(first.runDue()).isEqualTo(1);
        assertThat(made).isEqualTo(1);
    }

    @Test
    void nodeThatDied_isFollowedByAnother_whenItsLeaseHasRunOut() {
        PassTurns ofA = new PassTurns(a, Duration.ofMinutes(1));
        PassTurns.Turn lost = ofA.take("quick", HOUR).orElseThrow();
        PassSchedule second = on(b).pass("quick", HOUR, this::make).build();
        advance(Duration.ofSeconds(40));
        ofA.renew(lost);
        advance(Duration.ofSeconds(40));
        assertThat(second.runDue()).as("renewed").isZero();
        advance(Duration.ofSeconds(20));
        assertThat(second.runDue()).isEqualTo(1);
        ofA.renew(lost);
        ofA.give(lost, PassResult.CLEAN, "late");
        assertThat(second.runDue()).as("what was lost changes nothing").isZero();
        assertThat(store.audit(Setting.Kind.SCHEDULE, "orders/quick", 1))
                .extracting(AuditEntry::why)
                .containsExactly("CLEAN fine");
    }

    @Test
    void whatAPassCameTo_isToldAndKept() {
        PassSchedule passes = on(a).pass("clean", HOUR, this::make)
                .pass("found", HOUR, () -> Came.of(false, "2 differences"))
                .pass("failed", HOUR, () -> {
                    throw new IllegalStateException("secret");
                })
                .build();
        assertThat(passes.runDue()).isEqualTo(3);
        assertThat(ended())
                .extracting(event -> event.pass() + " " + event.result() + " " + event.what())
                .containsExactly(
                        "clean CLEAN fine",
                        "found NOT_CLEAN 2 differences",
                        "failed FAILED java.lang.IllegalStateException");
        assertThat(store.audit(Setting.Kind.SCHEDULE, "orders/found", 1))
                .extracting(AuditEntry::why)
                .containsExactly("NOT_CLEAN 2 differences");
        assertThat(passes.runDue())
                .as("a failure is not tried again before it is due")
                .isZero();
    }

    @Test
    void startedSchedule_makesPassesOnAThreadOfItsOwn_thatCloseEnds() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        AtomicReference<Thread> on = new AtomicReference<>();
        PassSchedule passes = on(a).pass("endless", HOUR, () -> {
                    on.set(Thread.currentThread());
                    begun.countDown();
                    never.await();
                    return make();
                })
                .build();
        passes.start();
        begun.await();
        passes.close();
        assertThat(on.get().isAlive()).isFalse();
        assertThat(on.get().getName()).isEqualTo("migrate-orders-passes");
        assertThat(ended()).extracting(PassEnded::what).containsExactly("interrupted");
        assertThatThrownBy(passes::start)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("can be started once");
    }

    @Test
    void options_areChecked() {
        assertThatThrownBy(() -> on(a).build()).hasMessageContaining("must have one or more passes");
        assertThatThrownBy(() -> on(a).pass("a b", HOUR, this::make)).hasMessageContaining("but was 'a b'");
        assertThatThrownBy(() -> on(a).pass("a", HOUR, this::make).pass("a", HOUR, this::make))
                .hasMessageContaining("of no other pass");
        assertThatThrownBy(() -> on(a).pass("a", Duration.ZERO, this::make))
                .hasMessageContaining("every of pass 'a' must be positive, but was PT0S");
        assertThatThrownBy(() -> on(a).lease(Duration.ofSeconds(2)))
                .hasMessageContaining("lease must be at least PT3S, but was PT2S; give a longer time");
    }
}
