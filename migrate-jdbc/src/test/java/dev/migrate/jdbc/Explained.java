package dev.migrate.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A connection to H2 whose queries find nothing, but count what they look at. */
final class Explained {
    private static final Pattern SCANNED = Pattern.compile("scanCount: (\\d+)");
    private final Connection real;
    private long scanned;

    Explained(Connection real) {
        this.real = real;
    }

    long scanned() {
        return scanned;
    }

    Connection connection() {
        return proxy(Connection.class, real);
    }

    private <T> T proxy(Class<T> type, Object behind) {
        return type.cast(Proxy.newProxyInstance(
                Explained.class.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
                    Object[] arguments = given == null ? new Object[0] : given;
                    try {
                        return switch (method.getName()) {
                            case "prepareStatement" ->
                                proxy(
                                        PreparedStatement.class,
                                        real.prepareStatement("explain analyze " + arguments[0]));
                            case "executeQuery" -> count((PreparedStatement) behind);
                            default -> method.invoke(behind, arguments);
                        };
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }

    private ResultSet count(PreparedStatement explain) throws SQLException {
        try (ResultSet plan = explain.executeQuery()) {
            plan.next();
            Matcher scan = SCANNED.matcher(plan.getString(1));
            while (scan.find()) {
                scanned += Long.parseLong(scan.group(1));
            }
        }
        return real.createStatement().executeQuery("select 1 where false");
    }
}
