package dev.migrate.internal;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where a thread pauses, waits for a lock that is held across calls of an SPI, or rolls dice: as the JDK has it, unless the thread is driven.
 *
 * <p>A driver is a scheduler of tests that lets one thread run at a time. A thread that it has let run must not block where the driver cannot see it,
 * or nothing would run any more.
 */
public final class Waiting {
    private static final ThreadLocal<@Nullable Driver> DRIVERS = new ThreadLocal<>();
    private static volatile boolean isAnyDriven;

    private Waiting() {}

    /** Drives threads in the place of the JDK. */
    public interface Driver {
        /** Returns once the time has passed, or another thread has had its turn. */
        void pause(long nanos);

        /** Returns once the calling thread holds the lock. */
        void lock(Lock lock);

        /** A lock was given back. */
        void unlocked();

        /** A number from 0 to below the bound. */
        long random(long bound);

        /** Begins work beside the calling thread, which contains what it throws; false where it is dropped. */
        boolean fork(Runnable work);

        /**
         * Begins a chore beside the calling thread after a delay, again and again where it is said, and contains what it throws; closing what is
         * returned ends it.
         */
        AutoCloseable chore(Duration delay, boolean again, Runnable chore);
    }

    /** Lets a driver have the calling thread; null gives it back to the JDK. */
    public static void drive(@Nullable Driver driver) {
        if (driver == null) {
            DRIVERS.remove();
        } else {
            isAnyDriven = true;
            DRIVERS.set(driver);
        }
    }

    /** What drives the calling thread; null where nothing does. */
    public static @Nullable Driver driver() {
        return isAnyDriven ? DRIVERS.get() : null;
    }

    /** Pauses the calling thread; not longer than that, but it may be shorter. */
    public static void pause(long nanos) {
        Driver driver = driver();
        if (driver == null) {
            LockSupport.parkNanos(nanos);
        } else {
            driver.pause(nanos);
        }
    }

    /** Takes a lock that may be held across calls of an SPI. */
    public static void lock(Lock lock) {
        Driver driver = driver();
        if (driver == null) {
            lock.lock();
        } else {
            driver.lock(lock);
        }
    }

    /** Gives a lock back that {@link #lock} has taken. */
    public static void unlock(Lock lock) {
        lock.unlock();
        Driver driver = driver();
        if (driver != null) {
            driver.unlocked();
        }
    }

    /** A number from 0 to below a bound. */
    public static long random(long bound) {
        Driver driver = driver();
        return driver == null ? ThreadLocalRandom.current().nextLong(bound) : driver.random(bound);
    }
}
