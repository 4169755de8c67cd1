package dev.migrate.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.migrate.Call;
import dev.migrate.MigrationEvent.OutcomeUnknown;
import dev.migrate.MigrationScope;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.UnknownOutcomeException;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.internal.call.Ladder;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is told of a call of which nobody knows how it ended, and how a repetition is recognised. */
class FallbackOutcomesTest {
    private record Charge(String id, int amount) {}

    private static final Charge CHARGE = new Charge("c-1", 42);
    private final Ladder ladder = Ladder.at(Stage.LIVE);
    private final AtomicInteger legacyCalls = new AtomicInteger();
    private final AtomicInteger targetCalls = new AtomicInteger();

    @AfterEach
    void close() {
        ladder.close();
    }

    private LegacyFallback<Charge, String> fallback(
            Call<Charge, String> target, UnaryOperator<LegacyFallbackBuilder<Charge, String>> options) {
        Call<Charge, String> legacy = charge -> {
            legacyCalls.incrementAndGet();
            return "legacy";
        };
        return options.apply(LegacyFallback.of(ladder.migration())
                        .legacy(legacy)
                        .target(charge -> {
                            targetCalls.incrementAndGet();
                            return target.call(charge);
                        })
                        .notSent(ConnectException.class)
                        .business(IllegalArgumentException.class))
                .build();
    }

    private static Call<Charge, String> throwing(Exception failure) {
        return charge -> {
            throw failure;
        };
    }

    @Test
    void unknownOutcome_isToldBeforeTheCallerHasIt() {
        List<Charge> told = new ArrayList<>();
        var failure = new SocketTimeoutException();
        var fallback = fallback(throwing(failure), options -> options.onUnknown(told::add));
        assertThat(catchThrowable(() -> fallback.call(CHARGE))).isSameAs(failure);
        assertThat(told).containsExactly(CHARGE);
        assertThat(ladder.events(OutcomeUnknown.class)).singleElement().satisfies(event -> {
            assertThat(event.side()).isEqualTo(Side.TARGET);
            assertThat(event.cause()).isSameAs(failure);
            assertThat(event.toString()).contains("SocketTimeoutException").doesNotContain("c-1");
        });
    }

    @Test
    void outcomesThatAreKnown_areToldToNobody() {
        List<Charge> told = new ArrayList<>();
        for (Exception failure : new Exception[] {new ConnectException(), new IllegalArgumentException()}) {
            var fallback = fallback(throwing(failure), options -> options.onUnknown(told::add));
            boolean isAnswered = failure instanceof ConnectException;
            assertThat(catchThrowable(() -> fallback.call(CHARGE))).isSameAs(isAnswered ? null : failure);
        }
        var repeated = fallback(
                throwing(new SocketTimeoutException()),
                options -> options.idempotent().onUnknown(told::add));
        assertThat(repeated.<RuntimeException>call(CHARGE)).isEqualTo("legacy");
        var read = fallback(throwing(new InterruptedException()), LegacyFallbackBuilder::idempotent);
        assertThatThrownBy(() -> read.call(CHARGE)).isInstanceOf(InterruptedException.class);
        assertThat(told).isEmpty();
        assertThat(ladder.events(OutcomeUnknown.class)).isEmpty();
    }

    @Test
    void legacysUnknownOutcome_isToldToo_onEveryStage() {
        var failure = new SocketTimeoutException();
        Call<Charge, String> legacy = throwing(failure);
        for (Stage stage : new Stage[] {Stage.LIVE, Stage.SHADOW}) {
            try (Ladder other = Ladder.at(stage)) {
                List<Charge> told = new ArrayList<>();
                LegacyFallback<Charge, String> fallback = LegacyFallback.of(other.migration())
                        .legacy(legacy)
                        .target(throwing(new ConnectException()))
                        .notSent(ConnectException.class)
                        .onUnknown(told::add)
                        .build();
                assertThat(catchThrowable(() -> fallback.call(CHARGE))).isSameAs(failure);
                assertThat(told).containsExactly(CHARGE);
                assertThat(other.events(OutcomeUnknown.class))
                        .extracting(OutcomeUnknown::side)
                        .containsExactly(Side.LEGACY);
            }
        }
    }

    @Test
    void repeatableCallThatFoundNoFreeFallback_isToldOfItsTarget() {
        List<Charge> told = new ArrayList<>();
        var fallback = fallback(
                charge -> {
                    ladder.pass(Duration.ofSeconds(2));
                    throw new SocketTimeoutException();
                },
                options -> options.idempotencyKey(Charge::id)
                        .fallBackWithin(Duration.ofSeconds(1))
                        .onUnknown(told::add));
        assertThatThrownBy(() -> fallback.call(CHARGE)).isInstanceOf(SocketTimeoutException.class);
        assertThat(told).containsExactly(CHARGE);
        assertThat(legacyCalls).hasValue(0);
    }

    @Test
    void whoIsTold_cannotHideTheFailure() {
        var failure = new SocketTimeoutException();
        var fallback = fallback(
                throwing(failure),
                options -> options.onUnknown(charge -> {
                    throw new IllegalStateException("router closed");
                }));
        assertThat(catchThrowable(() -> fallback.call(CHARGE))).isSameAs(failure);
        assertThat(failure.getSuppressed()).singleElement().isInstanceOf(IllegalStateException.class);
    }

    /** The target has booked the charge, its answer was lost; the router carries it to legacy, and nobody is charged twice. */
    @Test
    void chargeOfUnknownOutcome_isCarriedOverByTheRouter() {
        Map<String, Charge> legacyRows = new ConcurrentHashMap<>();
        Map<String, Charge> targetRows = new ConcurrentHashMap<>();
        try (DualWriteRouter<String, Charge> charges = DualWriteRouter.of(ladder.migration())
                .legacy(rows(legacyRows))
                .target(rows(targetRows))
                .key(Charge::id)
                .repairEvery(Duration.ofDays(1))
                .build()) {
            var fallback = fallback(
                    charge -> {
                        targetRows.put(charge.id(), charge);
                        throw new SocketTimeoutException();
                    },
                    options ->
                            options.key(Charge::id).onUnknown(charge -> charges.perhapsTouched(List.of(charge.id()))));
            assertThatThrownBy(() -> fallback.call(CHARGE)).isInstanceOf(SocketTimeoutException.class);
            assertThat(charges.debt().intents()).as("it may yet take effect").isEqualTo(1);
            await().until(() -> charges.debt().keys() == 0);
            assertThat(legacyRows).isEqualTo(targetRows).containsKey("c-1");
            assertThat(legacyCalls).hasValue(0);
        }
    }

    private static Records<String, Charge> rows(Map<String, Charge> rows) {
        return Records.ofVoid(
                key -> Optional.ofNullable(rows.get(key)), charge -> rows.put(charge.id(), charge), rows::remove);
    }

    @Test
    void callThatCarriesAKey_isRepeatedWithIt_andOneWithoutIsNot() {
        var fallback = fallback(
                throwing(new SocketTimeoutException()),
                options -> options.idempotencyKey(charge -> charge.amount() > 0 ? charge.id() : null));
        assertThat(fallback.<RuntimeException>call(CHARGE)).isEqualTo("legacy");
        assertThatThrownBy(() -> fallback.call(new Charge("c-2", 0))).isInstanceOf(SocketTimeoutException.class);
        assertThat(legacyCalls).hasValue(1);
    }

    /** A call on a thread of its own, which a test lets begin before it makes the next. */
    private static <T> FutureTask<T> begun(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        new Thread(task).start();
        return task;
    }

    private static void awaitWaiting(Thread thread) {
        await().until(() ->
                thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void concurrentDuplicates_shareOneCallAndItsAnswer() throws Exception {
        CountDownLatch isCalled = new CountDownLatch(1);
        CountDownLatch answers = new CountDownLatch(1);
        var fallback = fallback(
                charge -> {
                    isCalled.countDown();
                    answers.await();
                    return "receipt " + targetCalls;
                },
                options -> options.idempotencyKey(Charge::id));
        FutureTask<String> first = begun(() -> fallback.call(CHARGE));
        isCalled.await();
        AtomicReference<String> second = new AtomicReference<>();
        Thread duplicate = new Thread(() -> second.set(fallback.<RuntimeException>call(new Charge("c-1", 42))));
        duplicate.start();
        awaitWaiting(duplicate);
        answers.countDown();
        duplicate.join();
        assertThat(first.get()).isEqualTo("receipt 1");
        assertThat(second).hasValue("receipt 1");
        assertThat(fallback.<RuntimeException>call(CHARGE))
                .as("one that follows")
                .isEqualTo("receipt 2");
    }

    @Test
    void concurrentDuplicates_shareAFailure_andOtherKeysAreNotHeldUp() throws Exception {
        CountDownLatch isCalled = new CountDownLatch(1);
        CountDownLatch answers = new CountDownLatch(1);
        var declined = new IllegalArgumentException("declined");
        var fallback = fallback(
                charge -> {
                    if (charge.id().equals("other")) {
                        return "other";
                    }
                    isCalled.countDown();
                    answers.await();
                    throw declined;
                },
                options -> options.idempotencyKey(Charge::id));
        FutureTask<Throwable> first = begun(() -> catchThrowable(() -> fallback.call(CHARGE)));
        isCalled.await();
        AtomicReference<Throwable> second = new AtomicReference<>();
        Thread duplicate = new Thread(() -> second.set(catchThrowable(() -> fallback.call(CHARGE))));
        duplicate.start();
        awaitWaiting(duplicate);
        assertThat(fallback.<RuntimeException>call(new Charge("other", 1))).isEqualTo("other");
        answers.countDown();
        duplicate.join();
        assertThat(first.get()).isSameAs(declined);
        assertThat(second).hasValue(declined);
        assertThat(targetCalls).hasValue(2);
    }

    @Test
    void duplicateOfACallThatWasInterrupted_isMadeItself() throws Exception {
        CountDownLatch isCalled = new CountDownLatch(1);
        var fallback = fallback(
                charge -> {
                    if (targetCalls.get() > 1) {
                        return "receipt";
                    }
                    isCalled.countDown();
                    new CountDownLatch(1).await();
                    throw new AssertionError();
                },
                options -> options.idempotencyKey(Charge::id));
        AtomicReference<Throwable> interrupted = new AtomicReference<>();
        Thread first = new Thread(() -> interrupted.set(catchThrowable(() -> fallback.call(CHARGE))));
        first.start();
        isCalled.await();
        AtomicReference<String> second = new AtomicReference<>();
        Thread duplicate = new Thread(() -> second.set(fallback.<RuntimeException>call(CHARGE)));
        duplicate.start();
        awaitWaiting(duplicate);
        first.interrupt();
        duplicate.join();
        first.join();
        assertThat(interrupted.get()).isInstanceOf(InterruptedException.class);
        assertThat(second).hasValue("receipt");
    }

    @Test
    void duplicate_waitsNoLongerThanItsTime() throws Exception {
        CountDownLatch isCalled = new CountDownLatch(1);
        CountDownLatch answers = new CountDownLatch(1);
        var fallback = fallback(
                charge -> {
                    isCalled.countDown();
                    answers.await();
                    return "receipt";
                },
                options -> options.idempotencyKey(Charge::id));
        FutureTask<String> first = begun(() -> fallback.call(CHARGE));
        isCalled.await();
        try (MigrationScope scope = ladder.migration().begin().endingWithin(Duration.ofMillis(1))) {
            assertThatThrownBy(() -> fallback.call(CHARGE))
                    .isInstanceOf(UnknownOutcomeException.class)
                    .hasMessageContaining("with the same key");
        }
        answers.countDown();
        assertThat(first.get()).isEqualTo("receipt");
        assertThat(targetCalls).hasValue(1);
    }

    /** A target that calls the fallback again, with the same key, would wait for itself. */
    @Test
    void callWithinACall_doesNotWaitForItself() {
        AtomicReference<LegacyFallback<Charge, String>> self = new AtomicReference<>();
        var fallback = fallback(
                charge -> targetCalls.get() == 1 ? "outer of " + self.get().call(charge) : "inner",
                options -> options.idempotencyKey(Charge::id));
        self.set(fallback);
        assertThat(fallback.<RuntimeException>call(CHARGE)).isEqualTo("outer of inner");
    }
}
