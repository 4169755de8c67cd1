package dev.migrate.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import javax.sql.DataSource;

/** A database that understands something else by a part of a statement. */
public final class RewrittenSql {
    private RewrittenSql() {}

    /** Every statement with a text in the place of another. */
    public static DataSource around(DataSource database, String text, String other) {
        return proxy(DataSource.class, database, text, other);
    }

    private static <T> T proxy(Class<T> type, Object real, String text, String other) {
        return type.cast(Proxy.newProxyInstance(
                RewrittenSql.class.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
                    Object[] arguments = given == null ? new Object[0] : given;
                    if (method.getName().equals("prepareStatement")) {
                        arguments[0] = ((String) arguments[0]).replace(text, other);
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        return result instanceof Connection ? proxy(Connection.class, result, text, other) : result;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }
}
