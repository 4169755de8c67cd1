package dev.migrate.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Pools of which together one connection is refused, when a test says so. */
final class FlakyPool {
    private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);

    /** A pool that takes part. */
    DataSource around(DataSource pool) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection") && left.decrementAndGet() == 0) {
                        throw new SQLException("the connection was refused", "08001");
                    }
                    try {
                        return method.invoke(pool, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    /** Refuses the n-th connection from now on, counted from 1. */
    void refuse(int nth) {
        left.set(nth);
    }

    /** Refuses none from now on; whether one was refused. */
    boolean hasRefused() {
        return left.getAndSet(Integer.MAX_VALUE) <= 0;
    }
}
