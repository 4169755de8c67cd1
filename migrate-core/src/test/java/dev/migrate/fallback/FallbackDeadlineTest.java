package dev.migrate.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Call;
import dev.migrate.MigrationException;
import dev.migrate.MigrationScope;
import dev.migrate.Stage;
import dev.migrate.internal.call.Ladder;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a fallback takes of others: the caller's time, and legacy's strength. */
class FallbackDeadlineTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private final Ladder ladder = Ladder.at(Stage.LIVE);

    @AfterEach
    void close() {
        ladder.close();
    }

    /** A target that cannot be reached, and takes as many seconds as it is given to say so. */
    private LegacyFallback<Integer, String> unreachable() {
        Call<Integer, String> legacy = seconds -> "legacy";
        return LegacyFallback.of(ladder.migration())
                .legacy(legacy)
                .target(seconds -> {
                    ladder.pass(Duration.ofSeconds(seconds));
                    throw new ConnectException();
                })
                .notSent(ConnectException.class)
                .build();
    }

    @Test
    void fallback_isNotStartedOnceTheScopesTimeIsOver() {
        var fallback = unreachable();
        try (MigrationScope scope = ladder.migration().begin().endingWithin(Duration.ofSeconds(3))) {
            assertThat(fallback.<RuntimeException>call(1)).isEqualTo("legacy");
            assertThatThrownBy(() -> fallback.call(2)).isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> fallback.call(0)).isInstanceOf(ConnectException.class);
        }
        assertThat(fallback.<RuntimeException>call(5)).isEqualTo("legacy");
    }

    @Test
    void openBreaker_isARefusalOnceTheTimeIsOver() {
        Call<Integer, String> legacy = seconds -> "legacy";
        LegacyFallback<Integer, String> fallback = LegacyFallback.of(ladder.migration())
                .legacy(legacy)
                .target(seconds -> {
                    throw new ConnectException();
                })
                .notSent(ConnectException.class)
                .window(2)
                .minimumCalls(2)
                .build();
        fallback.<RuntimeException>call(0);
        fallback.<RuntimeException>call(0);
        assertThat(fallback.isTargetShunned()).isTrue();
        try (MigrationScope scope = ladder.migration().begin().endingWithin(SECOND)) {
            assertThat(fallback.<RuntimeException>call(0)).isEqualTo("legacy");
            ladder.pass(SECOND);
            assertThatThrownBy(() -> fallback.call(0))
                    .isInstanceOf(FallbackRefusedException.class)
                    .hasMessageContaining("the caller's time is over");
        }
    }

    @Test
    void ofTwoLimits_theOneThatEndsEarlierHolds() {
        try (MigrationScope outer = ladder.migration().begin().endingWithin(SECOND.multipliedBy(5))) {
            try (MigrationScope inner = ladder.migration().begin().endingWithin(SECOND.multipliedBy(9))) {
                assertThat(ladder.migration().nanosLeft())
                        .isEqualTo(SECOND.multipliedBy(5).toNanos());
                inner.endingWithin(SECOND.multipliedBy(2)).endingWithin(SECOND.multipliedBy(3));
                assertThat(ladder.migration().nanosLeft())
                        .isEqualTo(SECOND.multipliedBy(2).toNanos());
            }
            ladder.pass(SECOND.multipliedBy(6));
            assertThat(ladder.migration().nanosLeft()).isEqualTo(-SECOND.toNanos());
        }
        assertThat(ladder.migration().nanosLeft()).isEqualTo(Long.MAX_VALUE);
        try (MigrationScope unlimited = ladder.migration().begin()) {
            assertThat(ladder.migration().nanosLeft()).isEqualTo(Long.MAX_VALUE);
            assertThatThrownBy(() -> unlimited.endingWithin(Duration.ZERO))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("endingWithin must be positive, but was PT0S");
        }
    }

    @Test
    void limit_isCarriedIntoWrappedWork() throws Exception {
        var fallback = unreachable();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (MigrationScope scope = ladder.migration().begin().endingWithin(SECOND.multipliedBy(2))) {
            Future<String> inTime = executor.submit(scope.wrap(() -> fallback.call(1)));
            assertThat(inTime.get()).isEqualTo("legacy");
            Future<String> tooLate = executor.submit(scope.wrap(() -> fallback.call(1)));
            assertThatThrownBy(tooLate::get).hasRootCauseInstanceOf(ConnectException.class);
        } finally {
            executor.shutdown();
        }
    }

    /** Forty callers whose target dies at once: four fall back, and the others have their failure although legacy hangs. */
    @Test
    void fallbacks_areLimited_whateverTheNumberOfCallers() throws Exception {
        AtomicInteger inLegacy = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        Call<Integer, String> legacy = input -> {
            inLegacy.incrementAndGet();
            release.await();
            return "legacy";
        };
        LegacyFallback<Integer, String> fallback = LegacyFallback.of(ladder.migration())
                .legacy(legacy)
                .target(input -> {
                    throw new ConnectException();
                })
                .notSent(ConnectException.class)
                .window(100)
                .minimumCalls(100)
                .concurrentFallbacks(4)
                .build();
        ExecutorService callers = Executors.newFixedThreadPool(40);
        CountDownLatch failed = new CountDownLatch(36);
        try {
            List<Future<String>> calls = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                calls.add(callers.submit(() -> {
                    try {
                        return fallback.<ConnectException>call(1);
                    } catch (ConnectException refused) {
                        failed.countDown();
                        return "failed";
                    }
                }));
            }
            failed.await();
            assertThat(inLegacy).hasValue(4);
            release.countDown();
            List<String> answers = new ArrayList<>();
            for (Future<String> call : calls) {
                answers.add(call.get());
            }
            assertThat(answers).filteredOn("legacy"::equals).hasSize(4);
        } finally {
            callers.shutdown();
        }
    }

    /** The limit is that of fallbacks: where legacy is the one to answer, it answers everybody. */
    @Test
    void callsThatAreLegacysOwn_areNotLimited() throws Exception {
        try (Ladder early = Ladder.at(Stage.SHADOW)) {
            CountDownLatch all = new CountDownLatch(5);
            Call<Integer, String> legacy = input -> {
                all.countDown();
                all.await();
                return "legacy";
            };
            LegacyFallback<Integer, String> fallback = LegacyFallback.of(early.migration())
                    .legacy(legacy)
                    .target(input -> "target")
                    .concurrentFallbacks(1)
                    .build();
            ExecutorService callers = Executors.newFixedThreadPool(5);
            List<Future<String>> calls = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                calls.add(callers.submit(() -> fallback.<RuntimeException>call(1)));
            }
            callers.shutdown();
            for (Future<String> call : calls) {
                assertThat(call.get()).isEqualTo("legacy");
            }
        }
    }
}
