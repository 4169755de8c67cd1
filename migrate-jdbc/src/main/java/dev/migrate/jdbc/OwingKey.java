package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * The canonical key of a row and its segment, as expressions of a database: the same as {@link TableKeys} and the migration's buckets
 * give.
 *
 * <p>What a database could only give approximately is refused, by the column's name.
 *
 * @param partition the place of the column that decides the bucket; -1 where the whole key does
 */
record OwingKey(List<Column> columns, List<Class<?>> types, int partition, OwingSql sql) {
    static OwingKey of(JdbcTable table, OwingSql sql) {
        Partition partition = table.options().partition();
        if (partition.function() != null) {
            throw new MigrationException("partition(..) of table '" + table.name()
                    + "' is a function of the application, which a trigger in the database cannot run; where it gives one of"
                    + " the key's columns, name that with partitionBy(..), and else tell the router what was written past it,"
                    + " with touched(..)");
        }
        List<Column> columns = table.shape().key();
        List<Class<?>> types = table.keyTypes();
        for (int at = 0; at < columns.size(); at++) {
            requireExact(table.name(), columns.get(at), types.get(at));
        }
        return new OwingKey(columns, types, partition.placeIn(table.shape()), sql);
    }

    private static void requireExact(String table, Column column, Class<?> type) {
        if (!isExact(column, type)) {
            throw new MigrationException("column '" + column.name() + "' of the key of table '" + table + "' has type "
                    + column.type() + ", and as " + type.getSimpleName()
                    + " its canonical text cannot be made by the database exactly as by the library; keys of whole numbers,"
                    + " UUIDs and texts can: choose such a column with key(..) and keyAs(..), or tell the router what was"
                    + " written past it, with touched(..)");
        }
    }

    private static boolean isExact(Column column, Class<?> type) {
        Kind kind = column.kind();
        boolean isText = kind == Kind.TEXT || kind == Kind.PADDED_TEXT;
        boolean isWhole = kind == Kind.INTEGER || (kind == Kind.DECIMAL && column.scale() == 0);
        if (type == Long.class || type == Integer.class) {
            return isWhole;
        }
        boolean isUuid = kind == Kind.UUID;
        return isText || isUuid || (isWhole && type == String.class);
    }

    /**
     * The canonical text of a row's key.
     *
     * @param reference gives the expression of a column's value, from its name
     */
    String canonical(UnaryOperator<String> reference) {
        if (columns.size() == 1) {
            return part(reference, 0);
        }
        List<String> texts = new ArrayList<>();
        texts.add(sql.literal("c:" + columns.size()));
        for (int at = 0; at < columns.size(); at++) {
            String part = part(reference, at);
            texts.add(sql.literal(","));
            texts.add(sql.digits(isText(at) ? sql.lengthOf(part) : sql.lengthOfAscii(part)));
            texts.add(sql.literal(":"));
            texts.add(part);
        }
        return sql.joined(texts);
    }

    private boolean isText(int at) {
        return types.get(at) == String.class;
    }

    private String part(UnaryOperator<String> reference, int at) {
        Class<?> type = types.get(at);
        String column = reference.apply(columns.get(at).name());
        if (type == Long.class || type == Integer.class) {
            boolean isInt = type == Integer.class;
            return sql.joined(List.of(sql.literal(isInt ? "i:" : "l:"), sql.digits(sql.number(column, isInt))));
        }
        return type == UUID.class
                ? sql.joined(List.of(
                        sql.literal("u:"), sql.uuid(column, columns.get(at).kind())))
                : sql.joined(List.of(sql.literal("s:"), text(reference, at)));
    }

    private String text(UnaryOperator<String> reference, int at) {
        return sql.text(reference.apply(columns.get(at).name()), columns.get(at).kind());
    }

    /**
     * The segment of a row's key.
     *
     * @param canonical an expression of its canonical text
     */
    String segment(UnaryOperator<String> reference, String canonical) {
        int decides = partition >= 0 ? partition : columns.size() == 1 ? 0 : -1;
        if (decides < 0) {
            return sql.segmentOfText(canonical);
        }
        Class<?> type = types.get(decides);
        if (type == Long.class) {
            return sql.segmentOfNumber(
                    sql.number(reference.apply(columns.get(decides).name()), false));
        }
        // A text is hashed as it is, and any other key as its canonical text.
        return sql.segmentOfText(
                type == String.class
                        ? text(reference, decides)
                        : columns.size() == 1 ? canonical : part(reference, decides));
    }
}
