package dev.migrate.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks.Acceptance;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Order and repetition, where two workers have one aggregate, and where something is cut off in the middle. */
class EventOrderTest {
    /** What begins and ends at the receiver, as two workers that have claimed one aggregate hand over its events. */
    private static List<String> handedOverByTwo(UnaryOperator<EventLog> altered) throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (ReplayFixture fixture = new ReplayFixture(altered)) {
            fixture.append("k", "a");
            fixture.append("k", "b");
            CountDownLatch isInside = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            AtomicBoolean isFirst = new AtomicBoolean(true);
            fixture.before = event -> {
                seen.add(event.operationId() + " begins");
                if (isFirst.getAndSet(false)) {
                    isInside.countDown();
                    goOn.await();
                }
                seen.add(event.operationId() + " ends");
            };
            fixture.at(Stage.DUAL_WRITE);
            Thread one = new Thread(fixture.replay::repair);
            one.start();
            await().until(() -> isInside.getCount() == 0);
            fixture.logs.get(Side.LEGACY).books().hasten(SegmentRange.ALL);
            Thread two = new Thread(fixture.replay::repair);
            two.start();
            await().until(() -> two.getState() == Thread.State.WAITING || two.getState() == Thread.State.TERMINATED);
            goOn.countDown();
            one.join();
            two.join();
        }
        return seen;
    }

    @Test
    void twoWorkersOfOneAggregate_handOverOneAfterTheOther_andNothingTwice() throws Exception {
        assertThat(handedOverByTwo(UnaryOperator.identity()))
                .containsExactly("a begins", "a ends", "b begins", "b ends");
    }

    /** The variant claims nothing for the aggregate: each event is handed over by whoever has read it. */
    @Test
    void withoutTheLockOnTheAggregate_theNextIsHandedOverBeforeTheOneBeforeHasArrived() throws Exception {
        List<String> seen =
                handedOverByTwo(log -> AlteredLog.withBooks(log, "accept", (real, arguments) -> Acceptance.ACCEPTED));
        assertThat(seen.indexOf("b begins")).isLessThan(seen.lastIndexOf("a ends"));
    }

    /** The receiving side's ledger knows: what it does in that transaction it does once. */
    @Test
    void crashBetweenArrivalAndItsMark_isSeenByTheLedger_andNothingIsHandedOverAgain() {
        AtomicBoolean crashes = new AtomicBoolean(true);
        try (ReplayFixture fixture = new ReplayFixture(log -> AlteredLog.of(log, "process", (real, arguments) -> {
            if (crashes.getAndSet(false)) {
                throw new IllegalStateException("crash");
            }
            return real.call();
        }))) {
            fixture.append("k", "a");
            fixture.append("k", "b");
            fixture.at(Stage.DUAL_WRITE);
            fixture.deliver();
            assertThat(fixture.received()).containsExactly("a");
            assertThat(fixture.replay.eventDebt().events()).isEqualTo(2);
            fixture.deliver();
            assertThat(fixture.received()).containsExactly("a", "b");
            assertThat(fixture.replay.debt().isSettled()).isTrue();
        }
    }

    /** At least once: what the receiver did elsewhere has been done, and is done again under the same operation id. */
    @Test
    void crashBetweenTheReceiversWorkAndItsCommit_handsTheSameEventOverAgain_beforeTheNext() {
        AtomicBoolean crashes = new AtomicBoolean(true);
        try (ReplayFixture fixture = new ReplayFixture()) {
            List<String> elsewhere = new CopyOnWriteArrayList<>();
            fixture.before = event -> {
                elsewhere.add(event.operationId());
                if (crashes.getAndSet(false)) {
                    throw new IllegalStateException("crash");
                }
            };
            fixture.append("k", "a");
            fixture.append("k", "b");
            fixture.at(Stage.DUAL_WRITE);
            fixture.deliver();
            fixture.deliver();
            assertThat(elsewhere).containsExactly("a", "a", "b");
        }
    }

    /** A log that answers from the clock lets a later event pass an earlier one. */
    @Test
    void orderedByTheClock_theLaterEventArrivesFirst() {
        assertThat(receivedAfterClockWentBack(UnaryOperator.identity())).containsExactly("a", "b");
        assertThat(receivedAfterClockWentBack(log -> AlteredLog.of(
                        log,
                        "open",
                        (real, arguments) -> ((List<?>) real.call())
                                .stream()
                                        .map(LoggedEvent.class::cast)
                                        .sorted(Comparator.comparing(LoggedEvent::occurredAt))
                                        .toList())))
                .as("the variant")
                .isNotEqualTo(List.of("a", "b"));
    }

    private static List<String> receivedAfterClockWentBack(UnaryOperator<EventLog> altered) {
        try (ReplayFixture fixture = new ReplayFixture(altered)) {
            fixture.append("k", "a", ReplayFixture.NOW.plusSeconds(1));
            fixture.append("k", "b", ReplayFixture.NOW);
            fixture.at(Stage.DUAL_WRITE);
            fixture.deliver();
            return fixture.received();
        }
    }

    /** The later transaction waits for the earlier one's lock, whoever began first. */
    @Test
    void eventsAppendedByManyThreads_arriveInTheOrderOfTheirVersions() throws Exception {
        try (ReplayFixture fixture = new ReplayFixture().at(Stage.DUAL_WRITE)) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            List<Thread> writers = IntStream.range(0, 4)
                    .mapToObj(writer -> new Thread(() -> {
                        for (int at = 0; at < 50; at++) {
                            fixture.append("k" + at % 2, writer + "/" + at);
                        }
                    }))
                    .toList();
            writers.forEach(writer -> writer.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown)));
            writers.forEach(Thread::start);
            while (writers.stream().anyMatch(Thread::isAlive)) {
                fixture.deliver();
            }
            await().until(() -> {
                fixture.deliver();
                return fixture.replay.debt().isSettled();
            });
            assertThat(failure.get()).isNull();
            for (String key : List.of("s:k0", "s:k1")) {
                List<LoggedEvent> received = fixture.atTarget.stream()
                        .filter(event -> event.aggregate().equals(key))
                        .toList();
                assertThat(received).hasSize(100).isSortedAccordingTo(Comparator.comparing(LoggedEvent::version));
            }
        }
    }
}
