package dev.migrate.fallback;

import dev.migrate.UnknownOutcomeException;
import dev.migrate.internal.call.Thrown;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls that run at the same moment with the same idempotency key: the first is made, the others wait for what becomes of it.
 *
 * <p>Where the first was interrupted, or refused before it reached a side, the others have nothing to share, and one of them is made. A key is
 * forgotten as soon as its call has ended: calls that follow one another are told apart by the sides.
 *
 * @param <O> the answer
 */
final class ConcurrentDuplicates<O extends @Nullable Object> {
    private final ConcurrentMap<Object, Running<O>> running = new ConcurrentHashMap<>();

    /** The call itself. */
    interface Made<O extends @Nullable Object> {
        O make() throws Exception;
    }

    private static final class Running<O extends @Nullable Object> {
        private final Thread thread = Thread.currentThread();
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile @Nullable O answer;
        private volatile @Nullable Throwable failure;

        boolean hasNothingToShare() {
            return failure instanceof InterruptedException || failure instanceof FallbackRefusedException;
        }

        @SuppressWarnings("NullAway") // the answer is whatever the call has answered, null included
        O shared() throws Exception {
            if (failure != null) {
                throw Thrown.<Exception>as(failure);
            }
            return answer;
        }
    }

    /**
     * Makes the call, or waits for the one that runs with this key.
     *
     * @param nanos for how long it waits
     * @throws UnknownOutcomeException where it has waited for so long
     */
    O once(Object key, long nanos, Made<O> call) throws Exception {
        while (true) {
            Running<O> mine = new Running<>();
            Running<O> first = running.putIfAbsent(key, mine);
            if (first == null) {
                return made(key, mine, call);
            }
            if (first.thread.equals(Thread.currentThread())) {
                return call.make(); // made by the first itself, which would wait for itself
            }
            if (!first.ended.await(nanos, TimeUnit.NANOSECONDS)) {
                throw new UnknownOutcomeException(
                        "a call was not made, because another with the same idempotencyKey was still running when the time for"
                                + " this one was over; whatever becomes of that one is the outcome: ask for it later with the"
                                + " same key",
                        null);
            }
            if (!first.hasNothingToShare()) {
                return first.shared();
            }
        }
    }

    private O made(Object key, Running<O> mine, Made<O> call) throws Exception {
        try {
            O answer = call.make();
            mine.answer = answer;
            return answer;
        } catch (Exception | Error failure) {
            mine.failure = failure;
            throw failure;
        } finally {
            running.remove(key, mine);
            mine.ended.countDown();
        }
    }
}
