package dev.migrate.examples.users.fault;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection that breaks when it is used for the n-th time: at a statement, or at the commit, which is then not sent.
 *
 * <p>What follows on it fails too, so nothing of its transaction can be committed.
 */
final class BreakingConnection implements InvocationHandler {

    private static final Set<String> USES =
            Set.of("prepareStatement", "prepareCall", "createStatement", "commit", "setSavepoint");

    private final Connection connection;
    private final FaultSwitch faults;
    private int usesLeft;

    private BreakingConnection(Connection connection, int breaksAt, FaultSwitch faults) {
        this.connection = connection;
        this.usesLeft = breaksAt;
        this.faults = faults;
    }

    /** @param breaksAt 0 for never */
    static Connection of(Connection connection, int breaksAt, FaultSwitch faults) {
        if (breaksAt == 0) {
            return connection;
        }
        return (Connection) Proxy.newProxyInstance(
                BreakingConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new BreakingConnection(connection, breaksAt, faults));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (USES.contains(method.getName()) && --usesLeft <= 0) {
            throw faults.fail("breaks at " + method.getName());
        }
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
