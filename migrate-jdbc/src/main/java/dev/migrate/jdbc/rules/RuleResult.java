package dev.migrate.jdbc.rules;

import dev.migrate.MigrationException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs one query of a rule and gives its rows one by one, as numbers and texts that can be compared across databases. */
final class RuleResult {
    private static final int FETCH = 1_000;

    private RuleResult() {}

    /** What a row is given to. */
    @FunctionalInterface
    interface Sink {
        /** Takes one; the values are those of the columns, in their order: {@code BigDecimal}, {@code String} or null. */
        void accept(List<String> key, List<@Nullable Object> values) throws SQLException;
    }

    /**
     * Runs a query.
     *
     * @param columns the columns but for the key's that the rows must have, and in which order they are given; null for those that there are
     * @return those columns
     */
    static List<String> read(
            Connection connection,
            BusinessRule rule,
            String sql,
            Duration patience,
            @Nullable List<String> columns,
            Sink sink)
            throws SQLException {
        try (Statement select = connection.createStatement()) {
            select.setFetchSize(FETCH);
            select.setQueryTimeout(Math.toIntExact(patience.toSeconds()));
            try (ResultSet rows = select.executeQuery(sql)) {
                List<String> all = columns(rows.getMetaData());
                rule.requireIn(all);
                List<String> others = all.stream()
                        .filter(column -> !rule.key().contains(column))
                        .toList();
                List<String> wanted = columns == null ? others : columns;
                if (!wanted.stream()
                        .sorted()
                        .toList()
                        .equals(others.stream().sorted().toList())) {
                    throw new MigrationException("the queries of business rule '" + rule.name()
                            + "' must give the same columns, but beside the key legacy's gives " + wanted
                            + " and the target's " + others + "; give them the same names with AS");
                }
                int[] key = places(all, rule.key());
                int[] values = places(all, wanted);
                while (rows.next()) {
                    sink.accept(key(rows, key), values(rows, values));
                }
                return wanted;
            }
        }
    }

    private static List<String> columns(ResultSetMetaData metadata) throws SQLException {
        List<String> columns = new ArrayList<>();
        for (int at = 1; at <= metadata.getColumnCount(); at++) {
            columns.add(BusinessRule.fold(metadata.getColumnLabel(at)));
        }
        return columns;
    }

    private static int[] places(List<String> all, List<String> some) {
        return some.stream().mapToInt(column -> all.indexOf(column) + 1).toArray();
    }

    private static List<String> key(ResultSet row, int[] places) throws SQLException {
        List<String> key = new ArrayList<>(places.length);
        for (int place : places) {
            Object value = value(row.getObject(place));
            key.add(
                    value instanceof BigDecimal number
                            ? number.stripTrailingZeros().toPlainString()
                            : value == null ? RuleReport.NULL : value.toString());
        }
        return List.copyOf(key);
    }

    private static List<@Nullable Object> values(ResultSet row, int[] places) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(places.length);
        for (int place : places) {
            values.add(value(row.getObject(place)));
        }
        return values;
    }

    private static @Nullable Object value(@Nullable Object value) {
        if (value instanceof BigDecimal || value == null) {
            return value;
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) ? new BigDecimal(value.toString()) : value.toString();
        }
        if (value instanceof Number number) {
            return new BigDecimal(number.toString());
        }
        if (value instanceof Boolean flag) {
            return flag ? BigDecimal.ONE : BigDecimal.ZERO;
        }
        return value instanceof Timestamp moment
                ? moment.toLocalDateTime().toString()
                : value instanceof Date date
                        ? date.toLocalDate().toString()
                        : value instanceof Time time
                                ? time.toLocalTime().toString()
                                : value instanceof OffsetDateTime moment
                                        ? moment.toInstant().toString()
                                        : value instanceof byte[] bytes
                                                ? HexFormat.of().formatHex(bytes)
                                                : value.toString();
    }
}
