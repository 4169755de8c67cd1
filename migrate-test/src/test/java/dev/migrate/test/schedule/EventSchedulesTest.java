package dev.migrate.test.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.MigrationThreads;
import dev.migrate.replay.EventLog;
import dev.migrate.replay.LoggedEvent;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Events of two nodes, which crash and pause while they walk to LIVE, in orders that seeds decide; and what happens where a rule is left out. */
class EventSchedulesTest {
    private static final int SEEDS = Integer.getInteger("migrate.event.schedules", 300);

    /** The first seed with a violation, and what it was; empty where there is none. */
    private static List<String> firstViolation(UnaryOperator<EventLog> altered) {
        try (MigrationThreads threads = MigrationThreads.of("schedules", 1, 1)) {
            for (long seed = 1; seed <= SEEDS; seed++) {
                try (EventWorld world = new EventWorld(seed, threads, altered)) {
                    List<String> violations = world.violations();
                    if (!violations.isEmpty()) {
                        return List.of("seed " + seed, violations.get(0));
                    }
                }
            }
        }
        return List.of();
    }

    @Test
    void everyEventArrives_inTheOrderOfItsAggregate_andOnceWhereNothingIsReplayed() {
        assertThat(firstViolation(UnaryOperator.identity())).isEmpty();
    }

    /** So that nothing above passes for want of a handover in the middle of it. */
    @Test
    void schedules_moveAuthorityWhileEventsAreLogged() {
        int moved = 0;
        try (MigrationThreads threads = MigrationThreads.of("schedules", 1, 1)) {
            for (long seed = 1; seed <= 50; seed++) {
                try (EventWorld world = new EventWorld(seed, threads, UnaryOperator.identity())) {
                    assertThat(world.violations()).isEmpty();
                    moved += world.hasArrivedAtLegacy() ? 1 : 0;
                }
            }
        }
        assertThat(moved).isGreaterThan(10);
    }

    @Test
    void withoutTheLedgersLockAndVersion_isCaught() {
        assertThat(firstViolation(log -> books(log, "accept", accepted -> Acceptance.ACCEPTED)))
                .isNotEmpty();
    }

    @Test
    void orderedByTheClock_isCaught() {
        assertThat(firstViolation(log -> proxy(EventLog.class, log, "open", EventSchedulesTest::byClock)))
                .isNotEmpty();
    }

    /** Whoever settles a debt whose version has moved on forgets the event that was logged meanwhile. */
    @Test
    void settledWithoutItsVersion_isCaught() {
        assertThat(firstViolation(EventSchedulesTest::settlingAnything)).isNotEmpty();
    }

    private static EventLog settlingAnything(EventLog log) {
        SideBooks real = log.books();
        SideBooks settling = (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(),
                new Class<?>[] {SideBooks.class},
                (proxy, method, arguments) -> method.getName().equals("settle")
                        ? real.settle(
                                (String) arguments[0],
                                real.owed((String) arguments[0]).orElseThrow())
                        : invoke(real, method, arguments));
        return proxy(EventLog.class, log, "books", books -> settling);
    }

    private static Object byClock(Object open) {
        return ((List<?>) open)
                .stream()
                        .map(LoggedEvent.class::cast)
                        .sorted(Comparator.comparing(LoggedEvent::occurredAt))
                        .toList();
    }

    private static EventLog books(EventLog log, String method, UnaryOperator<Object> altered) {
        SideBooks books = proxy(SideBooks.class, log.books(), method, altered);
        return proxy(EventLog.class, log, "books", unused -> books);
    }

    private static <T> T proxy(Class<T> type, T real, String method, UnaryOperator<Object> altered) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    Object result = invoke(real, called, arguments);
                    return called.getName().equals(method) ? altered.apply(result) : result;
                }));
    }

    private static Object invoke(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
