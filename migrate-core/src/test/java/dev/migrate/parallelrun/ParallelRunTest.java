package dev.migrate.parallelrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.migrate.Call;
import dev.migrate.MigrationEvent.Comparison;
import dev.migrate.MigrationEvent.FellBack;
import dev.migrate.MigrationEvent.ReadCompared;
import dev.migrate.MigrationEvent.ShadowWorkDropped;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Traffic;
import dev.migrate.internal.call.Ladder;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.MDC;

class ParallelRunTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private final Ladder ladder = Ladder.at(Stage.SHADOW);

    @AfterEach
    void close() {
        ladder.close();
    }

    private static <O> ParallelRun.Builder<Integer, O> run(
            Ladder ladder, Call<Integer, O> legacy, Call<Integer, O> target) {
        return ParallelRun.of(ladder.migration()).legacy(legacy).target(target).timeout(LONG);
    }

    private static <O> Call<Integer, O> returning(O answer) {
        return input -> answer;
    }

    private static <O> Call<Integer, O> throwing(Throwable failure) {
        return input -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        };
    }

    private static Comparison compared(Ladder ladder) {
        await().until(() -> !ladder.events(ReadCompared.class).isEmpty());
        return ladder.events(ReadCompared.class).get(0).result();
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void theStageDecidesWhoAnswersAndWhetherTheOtherIsCompared(Stage stage) {
        try (Ladder other = Ladder.at(stage)) {
            Set<Side> called = java.util.Collections.synchronizedSet(new HashSet<>());
            ParallelRun<Integer, Side> run = run(
                            other,
                            input -> {
                                called.add(Side.LEGACY);
                                return Side.LEGACY;
                            },
                            input -> {
                                called.add(Side.TARGET);
                                return Side.TARGET;
                            })
                    .build();
            Side answered = run.call(1);
            assertThat(answered).isEqualTo(stage.authoritative());
            if (stage.comparesReads()) {
                assertThat(compared(other)).isEqualTo(Comparison.DIFFERENT);
                assertThat(called).containsExactlyInAnyOrder(Side.values());
            } else {
                assertThat(called).containsExactly(stage.authoritative());
                assertThat(other.events(ReadCompared.class)).isEmpty();
            }
        }
    }

    @Test
    void s1_p3_aShadowThatHangsNeverDelaysTheCaller() {
        CountDownLatch release = new CountDownLatch(1);
        ParallelRun<Integer, String> run = run(ladder, returning("legacy"), input -> {
                    release.await();
                    return "legacy";
                })
                .build();
        for (int i = 0; i < 100; i++) {
            assertThat(run.<RuntimeException>call(i)).isEqualTo("legacy");
        }
        release.countDown();
        await().untilAsserted(() -> assertThat(ladder.events(ReadCompared.class))
                .hasSize(100)
                .allMatch(event -> event.result() == Comparison.EQUAL));
    }

    @Test
    void s2_onLive_aFailedTargetIsAnsweredByLegacyAndSaysSo() {
        ladder.to(Position.of(Stage.LIVE));
        var failure = new IOException("target");
        AtomicInteger legacyCalls = new AtomicInteger();
        ParallelRun<Integer, String> run = run(
                        ladder,
                        input -> {
                            legacyCalls.incrementAndGet();
                            return "legacy";
                        },
                        throwing(failure))
                .build();
        assertThat(run.<RuntimeException>call(1)).isEqualTo("legacy");
        assertThat(ladder.events(FellBack.class)).singleElement().satisfies(event -> {
            assertThat(event.from()).isEqualTo(Side.TARGET);
            assertThat(event.cause()).isSameAs(failure);
        });
        assertThat(compared(ladder)).isEqualTo(Comparison.DIFFERENT);
        assertThat(legacyCalls).hasValue(1);
    }

    @Test
    void s2_onLive_theLegacyAnswerAlreadyUnderWayIsTaken() throws Exception {
        ladder.to(Position.of(Stage.LIVE));
        CountDownLatch legacyEntered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger legacyCalls = new AtomicInteger();
        ParallelRun<Integer, String> run = run(
                        ladder,
                        input -> {
                            legacyCalls.incrementAndGet();
                            legacyEntered.countDown();
                            release.await();
                            return "legacy";
                        },
                        input -> {
                            legacyEntered.await();
                            throw new IOException();
                        })
                .build();
        CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> run.call(1));
        legacyEntered.await();
        release.countDown();
        assertThat(call.get()).isEqualTo("legacy");
        assertThat(legacyCalls).hasValue(1);
    }

    @Test
    void s2_onLive_unsampledCallsFallBackToo_andWhereBothFailTheTargetsFailureIsTheCallers() {
        ladder.to(Position.of(Stage.LIVE));
        var failure = new IOException("target");
        ParallelRun<Integer, String> unsampled = run(
                        ladder, returning("legacy"), ParallelRunTest.<String>throwing(failure))
                .percent(0)
                .build();
        assertThat(unsampled.<RuntimeException>call(1)).isEqualTo("legacy");
        for (double percent : new double[] {0, 100}) {
            ParallelRun<Integer, String> both = run(
                            ladder, ParallelRunTest.<String>throwing(new LinkageError()), throwing(failure))
                    .percent(percent)
                    .build();
            assertThat(catchThrowable(() -> both.call(1))).isSameAs(failure);
        }
    }

    @Test
    void s2_fallbacksOfUnsampledCallsAreLimited() throws Exception {
        ladder.to(Position.of(Stage.LIVE));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ParallelRun<Integer, String> run = run(
                        ladder,
                        input -> {
                            entered.countDown();
                            release.await();
                            return "legacy";
                        },
                        ParallelRunTest.<String>throwing(new IOException()))
                .percent(0)
                .concurrentFallbacks(1)
                .build();
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> run.call(1));
        entered.await();
        assertThatThrownBy(() -> run.call(2)).isInstanceOf(IOException.class);
        release.countDown();
        assertThat(first.get()).isEqualTo("legacy");
    }

    @Test
    void s3_p1_anyThrowableOfTheShadowIsContainedAndCounted() {
        for (Throwable failure : List.of(new IOException(), new LinkageError(), new StackOverflowError())) {
            try (Ladder other = Ladder.at(Stage.SHADOW)) {
                ParallelRun<Integer, String> run = run(
                                other, returning("legacy"), ParallelRunTest.<String>throwing(failure))
                        .build();
                assertThat(run.<RuntimeException>call(1)).isEqualTo("legacy");
                assertThat(compared(other)).isEqualTo(Comparison.SHADOW_FAILED);
            }
        }
    }

    @Test
    void s4_theCallersContextIsThereOnTheShadow() {
        ThreadLocal<String> tenant = new ThreadLocal<>();
        ladder.migration().threads().carrying(tenant);
        AtomicReference<String> seen = new AtomicReference<>();
        MDC.put("request", "r-1");
        tenant.set("acme");
        try {
            run(ladder, returning(""), input -> {
                        seen.set(MDC.get("request") + " " + tenant.get());
                        return "";
                    })
                    .build()
                    .call(1);
        } finally {
            MDC.clear();
            tenant.remove();
        }
        await().untilAsserted(() -> assertThat(seen).hasValue("r-1 acme"));
    }

    @Test
    void s5_p4_manyRunsNeedNoMoreThreadsThanTheMigrationHas() {
        List<ParallelRun<Integer, String>> runs = IntStream.range(0, 50)
                .mapToObj(i -> run(ladder, returning(""), ParallelRunTest.returning(""))
                        .named("run-" + i)
                        .build())
                .toList();
        for (int i = 0; i < 500; i++) {
            runs.get(i % 50).call(i);
        }
        await().until(() -> ladder.events(ReadCompared.class).size() == 500);
        assertThat(shadowThreads()).hasSizeLessThanOrEqualTo(4);
    }

    private static List<Thread> shadowThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("migrate-test-shadow-"))
                .toList();
    }

    @Test
    void s8_whatIsMissingIsNamed() {
        Call<Integer, String> legacy = returning("");
        var options = ParallelRun.of(ladder.migration()).legacy(legacy);
        assertThatThrownBy(options::build)
                .hasMessageContaining("target of 'move'")
                .hasMessageContaining("target(..)");
        assertThatThrownBy(() -> options.percent(120)).hasMessageContaining("between 0 and 100, but was 120");
        assertThatThrownBy(() -> options.timeout(Duration.ZERO)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> options.concurrentFallbacks(0)).hasMessageContaining("at least 1, but was 0");
    }

    @Test
    void p1_nullOnEitherSideIsAnAnswer_andNeverReachesTheComparator() {
        record Case(String legacy, String target, Comparison expected) {}
        for (Case each : List.of(
                new Case(null, null, Comparison.EQUAL),
                new Case(null, "x", Comparison.DIFFERENT),
                new Case("x", null, Comparison.DIFFERENT))) {
            try (Ladder other = Ladder.at(Stage.SHADOW)) {
                String answer = run(other, returning(each.legacy()), returning(each.target()))
                        .comparator((legacy, target) -> legacy.length() == target.length())
                        .build()
                        .call(1);
                assertThat(answer).isEqualTo(each.legacy());
                assertThat(compared(other)).isEqualTo(each.expected());
            }
        }
    }

    @Test
    void p1_aComparatorAListenerAndAMismatchListenerThatFailReachNobody() {
        ladder.migration().addListener(event -> {
            throw new LinkageError("listener");
        });
        List<Integer> told = new CopyOnWriteArrayList<>();
        ParallelRun<Integer, String> broken = run(ladder, returning("a"), returning("b"))
                .comparator((legacy, target) -> {
                    throw new LinkageError("comparator");
                })
                .build();
        ParallelRun<Integer, String> telling = run(ladder, returning("a"), returning("b"))
                .onMismatch(mismatch -> {
                    told.add(mismatch.input());
                    throw new LinkageError("mismatch listener");
                })
                .build();
        assertThat(broken.<RuntimeException>call(1)).isEqualTo("a");
        assertThat(telling.<RuntimeException>call(2)).isEqualTo("a");
        await().untilAsserted(() -> assertThat(ladder.events(ReadCompared.class))
                .extracting(ReadCompared::result)
                .containsExactlyInAnyOrder(Comparison.COMPARATOR_FAILED, Comparison.DIFFERENT));
        await().untilAsserted(() -> assertThat(told).containsExactly(2));
    }

    @Test
    void p2_aFullQueueDropsTheSampleAndCountsIt() {
        CountDownLatch release = new CountDownLatch(1);
        try (Ladder small = new Ladder(1, 1).to(Position.of(Stage.SHADOW))) {
            ParallelRun<Integer, String> run = run(small, returning("legacy"), input -> {
                        release.await();
                        return "legacy";
                    })
                    .build();
            for (int i = 0; i < 10; i++) {
                assertThat(run.<RuntimeException>call(i)).isEqualTo("legacy");
            }
            assertThat(small.events(ShadowWorkDropped.class)).hasSizeGreaterThanOrEqualTo(8);
            release.countDown();
        }
    }

    @Test
    void p4_aShadowThatHangsIsInterruptedAndCounted() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        ParallelRun<Integer, String> run = run(ladder, returning("legacy"), input -> {
                    try {
                        never.await();
                    } catch (InterruptedException expected) {
                        interrupted.countDown();
                        throw expected;
                    }
                    return "legacy";
                })
                .timeout(Duration.ofMillis(20))
                .build();
        run.call(1);
        await().until(() -> interrupted.getCount() == 0);
        assertThat(compared(ladder)).isEqualTo(Comparison.SHADOW_TIMED_OUT);
        assertThat(ladder.events(ReadCompared.class)).hasSize(1);
    }

    @Test
    void p4_shadowsThatHangForEverAndIgnoreInterruptsLeaveThreadsForOthers() {
        CountDownLatch release = new CountDownLatch(1);
        ParallelRun<Integer, String> hanging = run(ladder, returning("legacy"), input -> {
                    boolean isReleased = false;
                    while (!isReleased) {
                        try {
                            release.await();
                            isReleased = true;
                        } catch (InterruptedException ignoredOnPurpose) {
                            isReleased = false;
                        }
                    }
                    return "legacy";
                })
                .timeout(Duration.ofMillis(20))
                .build();
        for (int i = 0; i < 500; i++) {
            assertThat(hanging.<RuntimeException>call(i)).isEqualTo("legacy");
        }
        await().until(() -> ladder.events(ReadCompared.class).size() >= 2);
        ParallelRun<Integer, String> healthy = run(ladder, returning("a"), ParallelRunTest.returning("a"))
                .named("healthy")
                .build();
        healthy.call(1);
        await().until(() -> ladder.events(ReadCompared.class).stream()
                .anyMatch(event -> event.subject().equals("healthy") && event.result() == Comparison.EQUAL));
        int drops = ladder.events(ShadowWorkDropped.class).size();
        hanging.call(501);
        assertThat(ladder.events(ShadowWorkDropped.class).size()).isGreaterThan(drops);
        assertThat(shadowThreads()).hasSizeLessThanOrEqualTo(8);
        release.countDown();
        await().until(() -> {
            ladder.events().clear();
            hanging.call(502);
            return ladder.events(ShadowWorkDropped.class).isEmpty();
        });
    }

    @Test
    void p4_anInterruptThatCameLateDoesNotReachTheThreadsNextWork() {
        try (Ladder single = new Ladder(1, 1_000).to(Position.of(Stage.SHADOW))) {
            CountDownLatch never = new CountDownLatch(1);
            List<Boolean> interruptedLater = new CopyOnWriteArrayList<>();
            ParallelRun<Integer, String> run = run(single, returning(""), input -> {
                        if (input == 0) {
                            try {
                                never.await();
                            } catch (InterruptedException expected) {
                                Thread.currentThread().interrupt();
                            }
                        } else {
                            interruptedLater.add(Thread.currentThread().isInterrupted());
                        }
                        return "";
                    })
                    .timeout(Duration.ofMillis(500))
                    .build();
            run.call(0);
            run.call(1);
            await().untilAsserted(() -> assertThat(interruptedLater).containsExactly(false));
        }
    }

    @Test
    void p5_eachSideIsCalledExactlyOnceWhateverHappens() {
        for (Stage stage : List.of(Stage.SHADOW, Stage.LIVE)) {
            for (boolean legacyFails : List.of(false, true)) {
                for (boolean targetFails : List.of(false, true)) {
                    try (Ladder other = Ladder.at(stage)) {
                        AtomicInteger legacyCalls = new AtomicInteger();
                        AtomicInteger targetCalls = new AtomicInteger();
                        ParallelRun<Integer, String> run = run(
                                        other, counted(legacyCalls, legacyFails), counted(targetCalls, targetFails))
                                .build();
                        var unused = catchThrowable(() -> run.call(1));
                        compared(other);
                        assertThat(legacyCalls).hasValue(1);
                        assertThat(targetCalls).hasValue(1);
                    }
                }
            }
        }
    }

    private static Call<Integer, String> counted(AtomicInteger calls, boolean fails) {
        return input -> {
            calls.incrementAndGet();
            if (fails) {
                throw new IOException();
            }
            return "";
        };
    }

    @Test
    void p5_aKeyThatFailsDoesNotKeepTheAuthoritativeSideFromRunning() {
        String answer = run(ladder, returning("legacy"), returning("target"))
                .percent(50)
                .key(input -> {
                    throw new LinkageError("key");
                })
                .build()
                .call(1);
        assertThat(answer).isEqualTo("legacy");
    }

    @Test
    void p7_eachSampledCallIsComparedForItself() {
        List<Mismatch<Integer, Integer>> found = new CopyOnWriteArrayList<>();
        ParallelRun<Integer, Integer> run = run(ladder, input -> input, input -> input % 10 == 0 ? -input : input)
                .key(input -> input)
                .onMismatch(found::add)
                .build();
        for (int i = 1; i <= 100; i++) {
            run.call(i);
        }
        await().until(() -> ladder.events(ReadCompared.class).size() == 100 && found.size() == 10);
        assertThat(found)
                .extracting(Mismatch::input)
                .containsExactlyInAnyOrder(10, 20, 30, 40, 50, 60, 70, 80, 90, 100);
        assertThat(found).allSatisfy(mismatch -> {
            assertThat(mismatch.legacy()).isEqualTo(mismatch.input());
            assertThat(mismatch.target()).isEqualTo(-mismatch.input());
            assertThat(mismatch.toString()).isEqualTo("Mismatch[legacy returned, target returned]");
        });
        assertThat(ladder.events(ReadCompared.class))
                .allSatisfy(event -> assertThat(event.key()).startsWith("i:"));
    }

    @Test
    void sameExceptionOnBothSides_isEqual_andOnLiveTheMismatchNamesTheRightSides() {
        var failure = new IOException();
        ParallelRun<Integer, String> same = run(
                        ladder, ParallelRunTest.<String>throwing(failure), throwing(new IOException()))
                .build();
        assertThat(catchThrowable(() -> same.call(1))).isSameAs(failure);
        assertThat(compared(ladder)).isEqualTo(Comparison.EQUAL);

        ladder.to(Position.of(Stage.LIVE));
        List<Mismatch<Integer, String>> found = new CopyOnWriteArrayList<>();
        run(ladder, ParallelRunTest.<String>throwing(failure), returning("target"))
                .onMismatch(found::add)
                .build()
                .call(1);
        await().until(() -> !found.isEmpty());
        assertThat(found.get(0).legacyFailure()).isSameAs(failure);
        assertThat(found.get(0).target()).isEqualTo("target");
    }

    @Test
    void aShareWithoutAKey_isRefused() {
        ladder.to(Stage.SHADOW.plusPercent(25));
        var run = run(ladder, returning(""), ParallelRunTest.returning("")).build();
        assertThatThrownBy(() -> run.call(1))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("key(..)");
    }

    @Test
    void arraysAreComparedByContent() {
        run(ladder, returning(new byte[] {1}), returning(new byte[] {1}))
                .build()
                .call(1);
        assertThat(compared(ladder)).isEqualTo(Comparison.EQUAL);
    }

    @Test
    void traffic_measuresBothSides() {
        try (Traffic.Watch watch = ladder.migration().traffic().watch()) {
            run(ladder, ParallelRunTest.returning(""), throwing(new IOException()))
                    .build()
                    .call(1);
            compared(ladder);
            assertThat(watch.sample(Side.LEGACY).calls()).isEqualTo(1);
            assertThat(watch.sample(Side.LEGACY).failures()).isZero();
            assertThat(watch.sample(Side.TARGET).failures()).isEqualTo(1);
        }
    }

    @Test
    void percent_samplesAboutThatShareAtRandomWithoutAKey() {
        AtomicInteger offered = new AtomicInteger();
        ParallelRun<Integer, String> run = run(ladder, returning(""), input -> {
                    offered.incrementAndGet();
                    return "";
                })
                .percent(10)
                .build();
        for (int i = 0; i < 5_000; i++) {
            run.call(i);
            if (i % 500 == 0) {
                await().until(() -> ladder.migration().threads().waiting() == 0);
            }
        }
        await().until(() -> ladder.events(ReadCompared.class).size() == offered.get());
        assertThat(offered.get()).isBetween(350, 650);
    }
}
