package dev.migrate.table;

import dev.migrate.MigrationException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The columns of a table and its key. Immutable. */
public final class Shape {
    private final String table;
    private final List<Column> columns;
    private final List<Column> key;
    private final Map<String, Column> byName;
    private final Fields.Names names;

    /**
     * Describes a table.
     *
     * @param table its name, for messages
     * @param columns all its columns
     * @param key the names of the columns of its key, in the key's order; at least one
     */
    public Shape(String table, List<Column> columns, List<String> key) {
        this.table = table;
        this.columns = List.copyOf(columns);
        this.byName = columns.stream().collect(Collectors.toMap(column -> fold(column.name()), Function.identity()));
        this.names = new Fields.Names(columns.stream().map(Column::name).toList());
        this.key = key.stream().map(this::column).toList();
    }

    /** The table's name. */
    public String table() {
        return table;
    }

    /** All columns, in the order in which rows carry them. */
    public List<Column> columns() {
        return columns;
    }

    /** The columns of the key, in the key's order. */
    public List<Column> key() {
        return key;
    }

    /** The names of all columns, for {@link Fields}. */
    public Fields.Names names() {
        return names;
    }

    /** The column of a name, in any case. */
    public Optional<Column> find(String name) {
        return Optional.ofNullable(byName.get(fold(name)));
    }

    /** The column of a name, in any case; refused where there is none. */
    public Column column(String name) {
        return find(name)
                .orElseThrow(() -> new MigrationException("table '" + table + "' has no column '" + name + "'; it has "
                        + columns.stream().map(Column::name).collect(Collectors.joining(", "))));
    }

    /** Whether a column belongs to the key. */
    public boolean isKey(Column column) {
        return key.contains(column);
    }

    static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
