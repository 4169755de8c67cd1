package dev.migrate.internal.call;

import dev.migrate.Side;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The shadow's half of one call, and where both answers meet.
 *
 * <p>Run by a thread of the migration's, or by the caller where the authoritative side failed; whoever claims it first. On a thread
 * of the migration's it is given up on after the time-out: it is interrupted, its answer is no longer wanted, and until it really
 * ends another thread stands in for the one it holds. Whichever answer comes last has them compared, never on the caller's thread.
 */
final class SampledCall<I extends @Nullable Object, O extends @Nullable Object> implements Runnable {
    private final ComparedCall<I, O> owner;
    private final Side side;
    private final I input;
    private final AtomicBoolean isClaimed = new AtomicBoolean();
    private final AtomicInteger arrived = new AtomicInteger();
    private final CompletableFuture<@Nullable Answer<O>> shadow = new CompletableFuture<>();
    private volatile @Nullable Answer<O> authoritative;

    private @Nullable Thread runner;
    private boolean isGivenUp;

    SampledCall(ComparedCall<I, O> owner, Side side, I input) {
        this.owner = owner;
        this.side = side;
        this.input = input;
    }

    @Override
    public void run() {
        if (!isClaimed.compareAndSet(false, true)) {
            return;
        }
        AutoCloseable timer = owner.isClogged() ? null : timer();
        if (timer == null) {
            shadow.complete(null);
            owner.dropped();
            return;
        }
        Answer<O> answer = owner.answer(side, input);
        if (endedInTime(timer)) {
            shadowEnded(answer, false);
        }
    }

    /** Begins to measure the time; null where the threads are being closed. */
    private @Nullable AutoCloseable timer() {
        synchronized (this) {
            runner = Thread.currentThread();
        }
        try {
            return owner.migration.threads().after(owner.options.timeout, this::giveUp);
        } catch (RejectedExecutionException closed) {
            return null;
        }
    }

    private boolean endedInTime(AutoCloseable timer) {
        synchronized (this) {
            runner = null;
            if (isGivenUp) {
                owner.endedAfterAll();
                Thread.interrupted(); // the interrupt was meant for the call that has ended, not for this thread's
                // next work
                return false;
            }
        }
        try {
            timer.close();
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
        return true;
    }

    private void giveUp() {
        synchronized (this) {
            if (runner == null) {
                return;
            }
            isGivenUp = true;
            owner.givenUp();
            runner.interrupt();
        }
        shadowEnded(null, false);
    }

    /** The authoritative side has answered; on the caller's thread. */
    void authoritativeEnded(Answer<O> answer) {
        authoritative = answer;
        arrive(true);
    }

    private void shadowEnded(@Nullable Answer<O> answer, boolean isCaller) {
        shadow.complete(answer);
        arrive(isCaller);
    }

    private void arrive(boolean isCaller) {
        if (arrived.incrementAndGet() < 2) {
            return;
        }
        Answer<O> answer = authoritative;
        if (answer == null) {
            throw new AssertionError("both answers are there");
        }
        if (isCaller) {
            owner.handOver(() -> owner.compare(side, input, answer, shadow.join()));
        } else {
            owner.compare(side, input, answer, shadow.join());
        }
    }

    /** The shadow's answer, for a caller whose own side has failed; null where it does not come in time. */
    @Nullable Answer<O> inHand() {
        if (isClaimed.compareAndSet(false, true)) {
            Answer<O> answer = owner.answer(side, input);
            shadowEnded(answer, true);
            return answer;
        }
        try {
            return shadow.get(owner.options.timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException notInTime) {
            return null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
