package dev.migrate.examples.users.fault;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Turns a fault on and off while others use the target. Safe for use by several threads. */
public final class FaultSwitch {

    private final Duration latency;
    private final Duration patience;
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition turned = lock.newCondition();
    private volatile Fault fault = Fault.NONE;

    /**
     * A switch that stands on {@link Fault#NONE}.
     *
     * @param latency what {@link Fault#LATENCY} adds to each connection
     * @param patience after which {@link Fault#HANG} becomes an error, as a pool's connection timeout makes it
     */
    public FaultSwitch(Duration latency, Duration patience) {
        this.latency = latency;
        this.patience = patience;
    }

    /** Turns to a fault, and wakes up who is held by the one before. */
    public void turnTo(Fault next) {
        lock.lock();
        try {
            fault = next;
            turned.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public Fault fault() {
        return fault;
    }

    /** How many connections have failed on purpose. */
    public long failures() {
        return failures.get();
    }

    /**
     * Where a connection is got.
     *
     * @return at how many uses from now the connection breaks, 0 for never
     * @throws SQLTransientConnectionException if it is refused
     */
    int connecting() throws SQLException {
        Fault current = fault;
        return switch (current) {
            case NONE, CRASH -> 0;
            case ERRORS -> refuseOrBreak(connections.getAndIncrement());
            case LATENCY -> {
                hold(current, latency);
                yield 0;
            }
            case HANG -> {
                if (hold(current, patience)) {
                    throw fail("gave no connection within " + patience);
                }
                yield 0;
            }
        };
    }

    /** Of four connections two are well, one is refused, and one breaks: at its first use, at its second and so on. */
    private int refuseOrBreak(long connection) throws SQLException {
        if (connection % 4 == 1) {
            throw fail("refuses the connection");
        }
        return connection % 4 == 3 ? 1 + (int) (connection / 4 % 6) : 0;
    }

    SQLException fail(String what) {
        failures.incrementAndGet();
        return new SQLTransientConnectionException("injected fault: the target " + what, "08006");
    }

    /** @return whether the whole time passed with the fault still on */
    private boolean hold(Fault held, Duration time) throws SQLException {
        long nanos = time.toNanos();
        lock.lock();
        try {
            while (fault == held && nanos > 0) {
                nanos = turned.awaitNanos(nanos);
            }
            return fault == held;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted while waiting for a connection", "08006", e);
        } finally {
            lock.unlock();
        }
    }
}
