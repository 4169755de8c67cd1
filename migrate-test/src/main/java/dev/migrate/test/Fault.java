package dev.migrate.test;

import dev.migrate.MigrationException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One way in which a call goes wrong, or does not.
 *
 * <p>Put into a {@link FaultScript}. Those given here cover what a side does in production; a test may write its own. Safe for use
 * by several threads where what it was made of is.
 */
public interface Fault {
    /**
     * Makes the call, or does not, and returns its answer or fails.
     *
     * @param call what the side would do
     */
    <T extends @Nullable Object> T during(Callable<T> call) throws Exception;

    /** The call goes well. */
    static Fault none() {
        return repeated(1);
    }

    /** The call takes a while, in time turned by hand, before it has its effect. It ends early where its thread is interrupted. */
    static Fault latency(ManualTime time, Duration duration) {
        return new Fault() {
            @Override
            public <T extends @Nullable Object> T during(Callable<T> call) throws Exception {
                time.await(duration);
                return call.call();
            }
        };
    }

    /** The call waits for the test before it has its effect. It ends early where its thread is interrupted. */
    static Fault latency(CountDownLatch until) {
        return new Fault() {
            @Override
            public <T extends @Nullable Object> T during(Callable<T> call) throws Exception {
                until.await();
                return call.call();
            }
        };
    }

    /**
     * The call hangs before it has its effect, whatever its thread is told, as a socket read without a timeout does.
     *
     * @param released ends the hanging; count it down at the end of the test, or a thread is left behind
     */
    static Fault hang(CountDownLatch released) {
        return new Fault() {
            @Override
            public <T extends @Nullable Object> T during(Callable<T> call) throws Exception {
                awaitDeafly(released);
                return call.call();
            }
        };
    }

    /** The call fails without effect. */
    static Fault failure(Supplier<? extends Exception> failure) {
        return new Fault() {
            @Override
            public <T extends @Nullable Object> T during(Callable<T> call) throws Exception {
                throw failure.get();
            }
        };
    }

    /** The call ends with an {@link Error}, without effect. */
    static Fault error(Supplier<? extends Error> error) {
        return new Fault() {
            @Override
            public <T extends @Nullable Object> T during(Callable<T> call) {
                throw error.get();
            }
        };
    }

    /** The call has its effect, and then fails: the caller is told that nothing happened, or nothing at all. */
    static Fault lostAcknowledgement(Supplier<? extends Exception> failure) {
        return new Fault() {
            @Override
            public <T extends @Nullable Object> T during(Callable<T> call) throws Exception {
                call.call();
                throw failure.get();
            }
        };
    }

    /**
     * The call is made several times, as a proxy that retries does; the last answer is the caller's.
     *
     * @param times at least 1
     */
    static Fault repeated(int times) {
        if (times < 1) {
            throw new MigrationException("times must be at least 1, but was " + times + "; failure(..) has no effect");
        }
        return new Fault() {
            @Override
            public <T extends @Nullable Object> T during(Callable<T> call) throws Exception {
                for (int i = 1; i < times; i++) {
                    call.call();
                }
                return call.call();
            }
        };
    }

    /** The call is made twice; see {@link #repeated}. */
    static Fault duplicate() {
        return repeated(2);
    }

    private static void awaitDeafly(CountDownLatch latch) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    latch.await();
                    return;
                } catch (InterruptedException deaf) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
