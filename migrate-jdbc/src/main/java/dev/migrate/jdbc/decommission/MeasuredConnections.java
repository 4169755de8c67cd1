package dev.migrate.jdbc.decommission;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A pool whose connections ask the server, before a transaction ends, what it has done.
 *
 * <p>Whatever is not counted here, because it was done on an unwrapped connection or by a statement that outlived its transaction, is
 * left to be taken for somebody else's.
 */
final class MeasuredConnections {
    private MeasuredConnections() {}

    static DataSource of(DataSource pool, OwnAccess own) {
        return proxy(DataSource.class, (self, method, arguments) -> {
            Object result = call(pool, method, arguments);
            return result instanceof Connection connection ? of(connection, own) : result;
        });
    }

    private static Connection of(Connection connection, OwnAccess own) throws SQLException {
        try {
            return proxy(Connection.class, new Measured(connection, own, own.beginsOn(connection)));
        } catch (SQLException | RuntimeException failure) {
            try (connection) {
                throw failure;
            }
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object call(Object on, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause() == null ? failure : failure.getCause();
        }
    }

    /** One connection, which belongs to one thread at a time. */
    private static final class Measured implements InvocationHandler {
        private final Connection connection;
        private final OwnAccess own;
        private final boolean counts;
        private boolean isUsed;

        Measured(Connection connection, OwnAccess own, boolean counts) {
            this.connection = connection;
            this.own = own;
            this.counts = counts;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself alone
        public @Nullable Object invoke(Object self, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            switch (method.getName()) {
                case "createStatement", "prepareStatement", "prepareCall" -> isUsed = true;
                case "equals" -> {
                    return self == (arguments == null ? null : arguments[0]);
                }
                default -> {}
            }
            if (!ends(method, arguments)) {
                return call(connection, method, arguments);
            }
            Optional<Map<String, Touches>> touches = touches();
            touches.ifPresentOrElse(own::ends, own::hasNotCounted);
            Object result = call(connection, method, arguments);
            touches.ifPresent(own::hasEnded);
            return result;
        }

        /** Whether a call ends a transaction in which something was done, or what was done with auto-commit on. */
        private boolean ends(Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
            boolean isEnd = switch (method.getName()) {
                case "commit", "close", "abort", "setAutoCommit" -> true;
                case "rollback" -> arguments == null || arguments.length == 0;
                default -> false;
            };
            if (!isEnd || !isUsed || connection.isClosed()) {
                return false;
            }
            isUsed = false;
            return true;
        }

        /** Empty where it cannot be known. */
        private Optional<Map<String, Touches>> touches() {
            try {
                return counts && !connection.getAutoCommit()
                        ? Optional.of(PostgresStatistics.ofTransaction(connection, own.tables()))
                        : Optional.empty();
            } catch (SQLException failed) {
                return Optional.empty(); // the transaction had failed
            }
        }
    }
}
