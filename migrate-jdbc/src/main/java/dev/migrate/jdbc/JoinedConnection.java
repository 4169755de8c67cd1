package dev.migrate.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A connection lent out of a running transaction: it works as any other, but cannot end the transaction. */
final class JoinedConnection implements InvocationHandler {
    private static final String CLOSED = "08003";
    private static final String INVALID_END = "2D000";
    private final Connection connection;
    private boolean isClosed;

    private JoinedConnection(Connection connection) {
        this.connection = connection;
    }

    static Connection of(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                JoinedConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new JoinedConnection(connection));
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a connection is equal to itself alone
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given) throws Throwable {
        @Nullable Object[] arguments = given == null ? new Object[0] : given;
        switch (method.getName()) {
            case "equals" -> {
                return proxy == arguments[0];
            }
            case "hashCode" -> {
                return System.identityHashCode(proxy);
            }
            case "toString" -> {
                return "a connection of the thread's transaction: " + connection;
            }
            case "close" -> {
                isClosed = true;
                return null;
            }
            case "isClosed" -> {
                return isClosed || connection.isClosed();
            }
            case "isValid" -> {
                if (isClosed) {
                    return false;
                }
            }
            default -> refuseEnd(method.getName(), arguments);
        }
        if (isClosed) {
            throw new SQLException("this connection was closed; take another from the data source", CLOSED);
        }
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause() == null ? failure : failure.getCause();
        }
    }

    private static void refuseEnd(String method, @Nullable Object[] arguments) throws SQLException {
        boolean wouldEnd = switch (method) {
            case "commit", "abort", "setTransactionIsolation" -> true;
            case "rollback" -> arguments.length == 0; // to a savepoint is fine
            case "setAutoCommit" -> Boolean.TRUE.equals(arguments[0]);
            default -> false;
        };
        if (wouldEnd) {
            throw new SQLException(
                    method
                            + "() is refused on a connection of a transaction that a router or inTransaction(..) has opened;"
                            + " whoever opened it ends it: return to commit, throw to roll back",
                    INVALID_END);
        }
    }
}
