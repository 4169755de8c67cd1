package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Side;
import dev.migrate.backfill.Backfill;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestServer;
import dev.migrate.table.Mapping;
import dev.migrate.table.TableSide;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Two tables of users that were copied, and what can be planted, repaired and counted in them. */
final class UsersPair implements AutoCloseable {
    static final String ALL = "SELECT id, email, age, changed_at FROM users ORDER BY id";
    private static final String TABLE =
            "CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(100), age INT, changed_at TIMESTAMP NULL)";
    final TablePair pair;

    UsersPair(TestServer server, int rows) throws Exception {
        pair = new TablePair(server, server);
        pair.execute(Side.LEGACY, TABLE);
        pair.execute(Side.TARGET, TABLE);
        for (long id = 1; id <= rows; id++) {
            pair.execute(
                    Side.LEGACY,
                    "INSERT INTO users VALUES (?, ?, ?, '2026-01-01 00:00:00')",
                    id,
                    "u" + id + "@x",
                    (int) id % 90);
        }
        pair.dualWrite();
        Backfill.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .build()
                .run();
    }

    /** One of each kind, and one that legacy has lost. */
    void plant() throws Exception {
        pair.execute(Side.TARGET, "DELETE FROM users WHERE id = 3");
        pair.execute(Side.TARGET, "UPDATE users SET email = 'secret', age = NULL WHERE id = 14");
        pair.execute(Side.TARGET, "INSERT INTO users VALUES (15000, 'extra', 1, NULL)");
        pair.execute(Side.LEGACY, "DELETE FROM users WHERE id = 20");
    }

    Reconciliation reconciliation() {
        return reconciliation(pair.legacy("users"), pair.target("users"));
    }

    Reconciliation reconciliation(TableSide legacy, TableSide target) {
        return Reconciliation.of(pair.migration)
                .legacy(legacy)
                .target(target)
                .looks(3, Duration.ofSeconds(1))
                .pause(pair::advance)
                .build();
    }

    List<String> rows(Side side) throws Exception {
        return pair.query(side, ALL);
    }

    void drain() throws Exception {
        pair.drain(Side.LEGACY, pair.legacy("users"), pair.target("users"), Mapping.byName());
    }

    void assertSame() throws Exception {
        assertThat(rows(Side.TARGET)).isEqualTo(rows(Side.LEGACY));
    }

    /** What another thread does. */
    interface Hook {
        void call() throws Exception;
    }

    /** The same object, but that another thread does something once, just before a method is called. */
    static <T> T before(Class<T> type, T real, String called, Hook hook) {
        AtomicBoolean isFirst = new AtomicBoolean(true);
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals(called) && isFirst.getAndSet(false)) {
                        CompletableFuture.runAsync(() -> quietly(hook)).get();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }

    /** The same object, but that something is done once, just after a method was called. */
    static <T> T after(Class<T> type, T real, String called, Hook hook) {
        AtomicBoolean isFirst = new AtomicBoolean(true);
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(real, arguments);
                        if (method.getName().equals(called) && isFirst.getAndSet(false)) {
                            hook.call();
                        }
                        return answer;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }

    /** Does something on another thread, and waits for it. */
    static void elsewhere(Hook hook) throws Exception {
        CompletableFuture.runAsync(() -> quietly(hook)).get();
    }

    /** Does something whose failure nobody expects. */
    static void quietly(Hook hook) {
        try {
            hook.call();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() throws Exception {
        assertThat(pair.openConnections(Side.LEGACY) + pair.openConnections(Side.TARGET))
                .as("connections not given back")
                .isZero();
        pair.close();
    }
}
