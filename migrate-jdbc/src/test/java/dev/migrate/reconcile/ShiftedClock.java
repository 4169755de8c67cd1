package dev.migrate.reconcile;

import dev.migrate.table.Horizon;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A table whose database's clock can be turned on; when its oldest transaction began stays what the database says. Counts what is read, and can
 * do something just before a method is called.
 */
final class ShiftedClock {
    final AtomicLong rowsFound = new AtomicLong();
    final TableSide table;
    Duration shift = Duration.ZERO;

    /** Whether to leave out what is known of transactions. */
    boolean ignoresTransactions;

    private String hooked = "";
    private UsersPair.Hook hook = () -> {};

    ShiftedClock(TableSide real) {
        table = (TableSide) Proxy.newProxyInstance(
                TableSide.class.getClassLoader(), new Class<?>[] {TableSide.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals(hooked)) {
                        hooked = "";
                        hook.call();
                    }
                    if (method.getName().startsWith("scan") && !method.getName().equals("scanSince")) {
                        throw new AssertionError("a pass over what has changed reads a range of rows");
                    }
                    try {
                        Object answer = method.invoke(real, arguments);
                        if (method.getName().equals("find")) {
                            @SuppressWarnings("unchecked")
                            Collection<TableKey> keys = (Collection<TableKey>) arguments[0];
                            rowsFound.addAndGet(keys.size());
                        }
                        return answer instanceof Horizon horizon ? shifted(horizon) : answer;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private Horizon shifted(Horizon real) {
        boolean isNone = ignoresTransactions || real.oldest().equals(real.now());
        return new Horizon(real.now().plus(shift), isNone ? real.now().plus(shift) : real.oldest(), real.isWhole());
    }

    void before(String method, UsersPair.Hook called) {
        hook = called;
        hooked = method;
    }
}
