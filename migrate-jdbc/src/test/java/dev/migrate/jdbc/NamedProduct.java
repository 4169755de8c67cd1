package dev.migrate.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/**
 * A database that says it is of another product, so that this library speaks to it in that product's words.
 *
 * @param name what it calls itself
 * @param types the other product's name of each of its types
 * @param sql what it does not understand in a statement, and what it is told instead
 */
public record NamedProduct(String name, Map<String, String> types, Map<String, String> sql) {
    private static final Set<String> WITH_SQL = Set.of("prepareStatement", "execute", "executeQuery", "executeUpdate");
    private static final Set<Class<?>> OURS = Set.of(Connection.class, Statement.class, DatabaseMetaData.class);

    /** The same database, under the name. */
    public DataSource around(DataSource database) {
        return proxy(DataSource.class, database);
    }

    private <T> T proxy(Class<T> type, Object real) {
        return type.cast(Proxy.newProxyInstance(
                NamedProduct.class.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
                    Object[] arguments = given == null ? new Object[0] : given;
                    if (method.getName().equals("getDatabaseProductName")) {
                        return name;
                    }
                    if (WITH_SQL.contains(method.getName())
                            && arguments.length > 0
                            && arguments[0] instanceof String told) {
                        arguments[0] = understood(told);
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        return method.getName().equals("getColumns")
                                ? columns((ResultSet) result)
                                : OURS.contains(method.getReturnType())
                                        ? proxy(method.getReturnType(), result)
                                        : result;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }

    private String understood(String told) {
        String understood = told;
        for (Map.Entry<String, String> word : sql.entrySet()) {
            understood = understood.replace(word.getKey(), word.getValue());
        }
        return understood;
    }

    /** As MySQL's own driver does of those that are expressions. */
    private boolean callsDefaultsGenerated() {
        return name.equals("MySQL");
    }

    private ResultSet columns(ResultSet real) {
        return (ResultSet) Proxy.newProxyInstance(
                NamedProduct.class.getClassLoader(), new Class<?>[] {ResultSet.class}, (self, method, given) -> {
                    try {
                        Object result = method.invoke(real, given);
                        if (given != null && "IS_GENERATEDCOLUMN".equals(given[0]) && callsDefaultsGenerated()) {
                            return real.getString("COLUMN_DEF") == null ? result : "YES";
                        }
                        boolean isType = given != null && "TYPE_NAME".equals(given[0]);
                        return isType ? types.getOrDefault((String) result, (String) result) : result;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
