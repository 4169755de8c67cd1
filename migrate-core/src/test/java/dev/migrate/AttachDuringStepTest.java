package dev.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.store.InMemoryMigrationStore;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whoever joins in the middle of a step would be asked to complete what it has not prepared. */
class AttachDuringStepTest {
    private static final Set<Thread.State> WAITING = EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

    /** Counts what it is asked for, and may be held in the middle. */
    private static final class Counting implements StepParticipant {
        private final AtomicInteger completed = new AtomicInteger();
        private final CountDownLatch inTheMiddle = new CountDownLatch(1);
        private final CountDownLatch goOn;

        Counting(CountDownLatch goOn) {
            this.goOn = goOn;
        }

        @Override
        public List<String> blockers(Position from, Position to) {
            return List.of();
        }

        @Override
        public void prepare(Step step) {}

        @Override
        public void complete(Step step) throws InterruptedException {
            inTheMiddle.countDown();
            assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
            completed.incrementAndGet();
        }

        @Override
        public void abandon(Step step) {}
    }

    @Test
    void participantThatComesInTheMiddleOfAStep_waitsForItsEnd() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Counting first = new Counting(goOn);
        Counting late = new Counting(new CountDownLatch(0));
        try (Migration migration =
                Migration.named("items").store(new InMemoryMigrationStore()).build()) {
            migration.attach(first);
            Thread stepping = new Thread(() -> migration.moveTo(Stage.DUAL_WRITE, "test"), "stepping");
            stepping.start();
            assertThat(first.inTheMiddle.await(30, TimeUnit.SECONDS)).isTrue();
            Thread attaching = new Thread(() -> migration.attach(late), "attaching");
            attaching.start();
            await().until(() -> WAITING.contains(attaching.getState()));
            goOn.countDown();
            stepping.join();
            attaching.join();
            assertThat(late.completed).hasValue(0);
            assertThat(first.completed).hasValue(1);
            migration.moveTo(Stage.LEGACY_ONLY, "back");
            assertThat(late.completed).as("takes part in the next").hasValue(1);
        }
    }
}
