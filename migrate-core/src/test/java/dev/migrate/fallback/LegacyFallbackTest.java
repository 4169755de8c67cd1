package dev.migrate.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.migrate.Call;
import dev.migrate.MigrationEvent.FellBack;
import dev.migrate.MigrationException;
import dev.migrate.Outcome;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Traffic;
import dev.migrate.internal.call.Ladder;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LegacyFallbackTest {
    static final class CardDeclined extends Exception {
        private static final long serialVersionUID = 1L;
    }

    static class Busy extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final Ladder ladder = Ladder.at(Stage.LIVE);
    private final AtomicInteger legacyCalls = new AtomicInteger();
    private final AtomicInteger targetCalls = new AtomicInteger();

    @AfterEach
    void close() {
        ladder.close();
    }

    private LegacyFallback<Integer, String> fallback(
            Call<Integer, String> target, UnaryOperator<LegacyFallbackBuilder<Integer, String>> options) {
        Call<Integer, String> legacy = input -> {
            legacyCalls.incrementAndGet();
            return "legacy " + input;
        };
        return options.apply(
                        LegacyFallback.of(ladder.migration()).legacy(legacy).target(input -> {
                            targetCalls.incrementAndGet();
                            return target.call(input);
                        }))
                .build();
    }

    private static LegacyFallbackBuilder<Integer, String> declared(LegacyFallbackBuilder<Integer, String> options) {
        return options.notSent(ConnectException.class).rejected(Busy.class).business(CardDeclined.class);
    }

    private static Call<Integer, String> throwing(Throwable failure) {
        return input -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        };
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void call_isAnsweredByTheAuthoritativeSideAloneWhereNothingFails(Stage stage) throws Exception {
        try (Ladder other = Ladder.at(stage)) {
            Call<Integer, Side> legacy = input -> Side.LEGACY;
            LegacyFallback<Integer, Side> fallback = LegacyFallback.of(other.migration())
                    .legacy(legacy)
                    .target(input -> Side.TARGET)
                    .build();
            Side answered = fallback.call(1);
            assertThat(answered).isEqualTo(stage.authoritative());
            assertThat(other.events(FellBack.class)).isEmpty();
        }
    }

    @Test
    void notSentAndRejected_fallBackAndSaySo() {
        for (Exception failure : new Exception[] {new ConnectException(), new Busy()}) {
            String answer =
                    fallback(throwing(failure), LegacyFallbackTest::declared).call(7);
            assertThat(answer).isEqualTo("legacy 7");
        }
        assertThat(ladder.events(FellBack.class))
                .extracting(FellBack::from, event -> event.cause().getClass().getSimpleName())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Side.TARGET, "ConnectException"),
                        org.assertj.core.groups.Tuple.tuple(Side.TARGET, "Busy"));
    }

    @Test
    void unknown_reachesTheCallerAsThrownAndLegacyIsNotCalled() {
        for (Throwable failure :
                new Throwable[] {new SocketTimeoutException(), new IllegalStateException(), new StackOverflowError()}) {
            var fallback = fallback(throwing(failure), LegacyFallbackTest::declared);
            assertThat(catchThrowable(() -> fallback.call(1))).isSameAs(failure);
        }
        assertThat(legacyCalls).hasValue(0);
    }

    @Test
    void unknown_fallsBackWhereIdempotent() {
        for (Throwable failure : new Throwable[] {new SocketTimeoutException(), new AssertionError("half-way")}) {
            String answer = fallback(
                            throwing(failure), options -> declared(options).idempotent())
                    .call(1);
            assertThat(answer).isEqualTo("legacy 1");
        }
    }

    @Test
    void interruption_ofTheCallerNeverFallsBackNorCounts() {
        var fallback = fallback(
                throwing(new InterruptedException()),
                options -> options.idempotent().window(2).minimumCalls(2));
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> fallback.call(1)).isInstanceOf(InterruptedException.class);
        }
        assertThat(legacyCalls).hasValue(0);
        assertThat(fallback.isTargetShunned()).isFalse();
    }

    @Test
    void aCauseThatCouldNotConnect_provesNothing() {
        var wrapped = new IOException("third attempt", new ConnectException());
        var fallback = fallback(throwing(wrapped), LegacyFallbackTest::declared);
        assertThat(catchThrowable(() -> fallback.call(1))).isSameAs(wrapped);
    }

    @Test
    void theNearestDeclaredSuperclassDecides() {
        class VeryBusy extends Busy {
            private static final long serialVersionUID = 1L;
        }
        var fallback = fallback(
                throwing(new VeryBusy()),
                options -> options.rejected(Busy.class).business(VeryBusy.class));
        assertThatThrownBy(() -> fallback.call(1)).isInstanceOf(VeryBusy.class);
    }

    @Test
    void classifiedBy_isAskedFirstAndContained() {
        var byMessage = fallback(
                throwing(new IllegalStateException("503")),
                options ->
                        options.classifiedBy(failure -> "503".equals(failure.getMessage()) ? Outcome.REJECTED : null));
        String answer = byMessage.call(1);
        assertThat(answer).isEqualTo("legacy 1");

        var failure = new ConnectException();
        var broken = fallback(
                throwing(failure),
                options -> declared(options).classifiedBy(thrown -> {
                    throw new IllegalArgumentException("classifier");
                }));
        assertThat(catchThrowable(() -> broken.call(1))).isSameAs(failure);
    }

    @Test
    void aFailureOfLegacyDuringAFallback_reachesTheCallerAsThrown() {
        var declined = new CardDeclined();
        Call<Integer, String> legacy = throwing(declined);
        LegacyFallback<Integer, String> fallback = LegacyFallback.of(ladder.migration())
                .legacy(legacy)
                .target(throwing(new ConnectException()))
                .notSent(ConnectException.class)
                .build();
        try {
            fallback.<CardDeclined>call(1);
            throw new AssertionError("legacy was not called");
        } catch (CardDeclined thrown) {
            assertThat(thrown).isSameAs(declined).hasNoSuppressedExceptions();
        }
    }

    @Test
    void fromRampDownOn_nothingFallsBack() {
        for (Stage stage : new Stage[] {Stage.RAMP_DOWN, Stage.TARGET_ONLY}) {
            ladder.to(dev.migrate.Position.of(stage));
            var fallback = fallback(
                    throwing(new ConnectException()),
                    options -> declared(options).idempotent());
            assertThatThrownBy(() -> fallback.call(1)).isInstanceOf(ConnectException.class);
        }
        assertThat(legacyCalls).hasValue(0);
    }

    @Test
    void fallbacks_areLimitedSoThatADyingTargetDoesNotToppleLegacy() throws Exception {
        CountDownLatch legacyEntered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Call<Integer, String> legacy = input -> {
            legacyEntered.countDown();
            release.await();
            return "legacy";
        };
        LegacyFallback<Integer, String> fallback = LegacyFallback.of(ladder.migration())
                .legacy(legacy)
                .target(throwing(new ConnectException()))
                .notSent(ConnectException.class)
                .window(3)
                .minimumCalls(3)
                .concurrentFallbacks(1)
                .build();
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> fallback.call(1));
        legacyEntered.await();
        assertThatThrownBy(() -> fallback.call(2)).isInstanceOf(ConnectException.class);
        assertThatThrownBy(() -> fallback.call(3)).isInstanceOf(ConnectException.class);
        assertThatThrownBy(() -> fallback.call(4))
                .isInstanceOf(FallbackRefusedException.class)
                .hasMessageContaining("raise concurrentFallbacks");
        release.countDown();
        assertThat(first.get()).isEqualTo("legacy");
        String after = fallback.call(5);
        assertThat(after).isEqualTo("legacy");
    }

    @Test
    void fallBackWithin_endsWithTheCallersTime() {
        var fallback = fallback(
                input -> {
                    ladder.pass(Duration.ofSeconds(input));
                    throw new ConnectException();
                },
                options -> declared(options).fallBackWithin(Duration.ofSeconds(2)));
        String inTime = fallback.call(1);
        assertThat(inTime).isEqualTo("legacy 1");
        assertThatThrownBy(() -> fallback.call(2)).isInstanceOf(ConnectException.class);
    }

    @Test
    void aShareWithoutAKey_isRefusedWithTheRemedy() {
        ladder.to(Stage.SHADOW.plusPercent(25));
        var unkeyed = fallback(input -> "target", options -> options);
        assertThatThrownBy(() -> unkeyed.call(1))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("SHADOW + 25 %")
                .hasMessageContaining("key(..)");
        var keyed = fallback(input -> "target", options -> options.key(input -> input));
        long onTarget = java.util.stream.IntStream.range(0, 4_000)
                .filter(i -> "target".equals(keyed.<RuntimeException>call(i)))
                .count();
        assertThat(onTarget).isBetween(850L, 1_150L);
    }

    @Test
    void aNullKey_isRefused() {
        ladder.to(Stage.SHADOW.plusPercent(25));
        var fallback = fallback(input -> "target", options -> options.key(input -> null));
        assertThatThrownBy(() -> fallback.call(1)).hasMessageContaining("must not be null");
    }

    @Test
    void traffic_countsBothSidesAndNoBusinessFailure() {
        try (Traffic.Watch watch = ladder.migration().traffic().watch()) {
            var declined = fallback(throwing(new CardDeclined()), LegacyFallbackTest::declared);
            assertThatThrownBy(() -> declined.call(1)).isInstanceOf(CardDeclined.class);
            var unreachable = fallback(throwing(new ConnectException()), LegacyFallbackTest::declared);
            unreachable.call(1);
            assertThat(watch.sample(Side.TARGET).calls()).isEqualTo(2);
            assertThat(watch.sample(Side.TARGET).failures()).isEqualTo(1);
            assertThat(watch.sample(Side.LEGACY).calls()).isEqualTo(1);
            assertThat(watch.sample(Side.LEGACY).failures()).isZero();
        }
    }

    @Test
    void options_areRefusedWithRuleValueAndRemedy() {
        Call<Integer, String> side = input -> "";
        var options = LegacyFallback.of(ladder.migration()).legacy(side);
        // S8: what is missing is named
        assertThatThrownBy(options::build)
                .hasMessageContaining("target of 'move'")
                .hasMessageContaining("target(..)");
        assertThatThrownBy(() -> options.openAtFailurePercent(120)).hasMessageContaining("120");
        assertThatThrownBy(() -> options.openAtFailurePercent(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> options.retryTargetAfter(Duration.ZERO)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> options.window(0)).hasMessageContaining("window must be at least 1, but was 0");
        assertThatThrownBy(() -> options.probes(0)).hasMessageContaining("probes");
        assertThatThrownBy(() -> options.concurrentFallbacks(0)).hasMessageContaining("concurrentFallbacks");
        assertThatThrownBy(() -> options.fallBackWithin(Duration.ZERO)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> options.notSent(IOException.class)).hasMessageContaining("name the narrow one");
        assertThatThrownBy(() -> options.rejected(Busy.class).business(Busy.class))
                .hasMessageContaining("declared REJECTED already");
        assertThatThrownBy(() -> options.target(side).window(5).minimumCalls(6).build())
                .hasMessageContaining("minimumCalls must be at most the window of 5 calls, but was 6");
    }
}
