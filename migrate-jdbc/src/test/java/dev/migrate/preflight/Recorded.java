package dev.migrate.preflight;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/** A data source that notes down statements that are not prepared. */
final class Recorded {
    private Recorded() {}

    static DataSource of(DataSource plain, List<String> statements) {
        return wrapped(DataSource.class, plain, statements);
    }

    private static <T> T wrapped(Class<T> type, Object plain, List<String> statements) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (type == Statement.class && arguments != null && arguments[0] instanceof String sql) {
                        statements.add(sql);
                    }
                    Object made = call(method, plain, arguments);
                    return method.getName().equals("getConnection") && made != null && type == DataSource.class
                            ? wrapped(Connection.class, made, statements)
                            : method.getName().equals("createStatement")
                                    ? wrapped(Statement.class, made, statements)
                                    : made;
                }));
    }

    private static Object call(Method method, Object on, Object[] arguments) throws Throwable {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        }
    }
}
