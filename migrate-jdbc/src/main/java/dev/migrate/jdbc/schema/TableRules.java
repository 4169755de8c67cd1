package dev.migrate.jdbc.schema;

import dev.migrate.Side;
import dev.migrate.jdbc.schema.Domain.Json;
import dev.migrate.jdbc.schema.Domain.Moment;
import dev.migrate.jdbc.schema.Domain.Other;
import dev.migrate.jdbc.schema.Model.Check;
import dev.migrate.jdbc.schema.Model.Field;
import dev.migrate.jdbc.schema.Model.Generation;
import dev.migrate.jdbc.schema.Model.Relation;
import dev.migrate.jdbc.schema.Model.Unique;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Correspondence;
import dev.migrate.table.Objection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a table of a database demands of rows, and what it makes of their values, as far as that can be told without asking it: what a
 * preflight asks of the tables of {@code migrate-jdbc}. An application has no need of it.
 *
 * <p>It is what the catalogue, and the session that was asked, said when it was read. Thread-safe.
 */
public final class TableRules {
    private final Product product;
    private final Relation table;
    private final RulesReading.Beyond beyond;
    private final Map<String, ColumnFit> fits = new HashMap<>(); // by names as the database spells them

    private TableRules(Product product, Relation table, RulesReading.Beyond beyond) {
        this.product = product;
        this.table = table;
        this.beyond = beyond;
    }

    /**
     * Columns that are unique together.
     *
     * @param name the constraint or index
     * @param columns as the database spells them
     * @param prefixes how many characters of each column count; 0 for all
     * @param isKey whether it is the primary key
     * @param areNullsEqual whether two rows with NULL are alike
     */
    public record Together(
            String name, List<String> columns, List<Integer> prefixes, boolean isKey, boolean areNullsEqual) {}

    /**
     * A condition on rows.
     *
     * @param name the constraint, or the columns that it is about
     * @param columns as the database spells them
     * @param sql as the database writes it
     */
    public record Condition(String name, List<String> columns, String sql) {}

    /**
     * Reads the rules of a table.
     *
     * @param connection to its database; left as it is found
     * @param schema the name of its schema, on MariaDB of its database; null for that of the connection
     * @param name its name, as the database spells it
     * @param columns the columns that will be asked for
     * @throws SQLException where the catalogue cannot be read
     */
    public static TableRules read(
            Connection connection, @Nullable String schema, String name, Collection<Column> columns)
            throws SQLException {
        Product product = Product.of(connection.getMetaData());
        Relation table = CatalogueReading.read(connection, schema, name);
        boolean hasClock =
                table.fields().stream().anyMatch(field -> field.domain() instanceof Moment moment && moment.isShort());
        RulesReading.Beyond beyond = RulesReading.read(connection, product, schema, name, hasClock);
        TableRules rules = new TableRules(product, table, beyond);
        for (Column column : columns) {
            table.field(column.name())
                    .ifPresent(field -> rules.fits.put(
                            column.name(),
                            new ColumnFit(product, field, judged(product, field, column), beyond.session())));
        }
        return rules;
    }

    /** A domain of PostgreSQL has checks of its own, which only the database knows. */
    private static Kind judged(Product product, Field field, Column column) {
        boolean isOfDomain = product == Product.POSTGRESQL
                && !(field.domain() instanceof Other)
                && TypeName.read(product, column.type()) instanceof Other;
        return isOfDomain ? Kind.OTHER : column.kind();
    }

    /**
     * What is wrong with a value of a column; empty where nothing is, or where only the database can tell ({@link #isJudged}).
     *
     * @param value in the type that the column's kind says; null for NULL
     */
    public Optional<Objection> judge(Column column, @Nullable Object value) {
        ColumnFit fit = fits.get(column.name());
        return fit == null ? Optional.empty() : fit.judge(value);
    }

    /** Whether values of a column are understood here. */
    public boolean isJudged(Column column) {
        ColumnFit fit = fits.get(column.name());
        return fit != null && fit.isJudged();
    }

    /** What of the columns' values, and of what must be unique, cannot be told; for people. */
    public List<String> unseen() {
        List<String> unseen = new ArrayList<>();
        fits.values().forEach(fit -> fit.unseen().ifPresent(unseen::add));
        table.uniques().stream()
                .filter(Unique::isPartial)
                .forEach(unique ->
                        unseen.add("unique index '" + unique.name() + "' is of some rows, or of expressions"));
        return unseen;
    }

    /** What must be unique, but for what {@link #unseen} names; the key first. */
    public List<Together> uniques() {
        return table.uniques().stream()
                .filter(unique -> !unique.isPartial())
                .map(this::together)
                .toList();
    }

    private Together together(Unique unique) {
        String name = unique.name() == null ? String.join(", ", unique.columns()) : unique.name();
        Map<String, Integer> prefixes = beyond.prefixes().getOrDefault(Model.fold(name), Map.of());
        return new Together(
                name,
                unique.columns(),
                unique.columns().stream()
                        .map(column -> prefixes.getOrDefault(Model.fold(column), 0))
                        .toList(),
                unique.isKey(),
                beyond.nullsEqual().contains(Model.fold(name)));
    }

    /** Whether two values of a column are equal to the database only where they are the same. */
    public boolean comparesExactly(String column) {
        ColumnFit fit = fits.get(column);
        return fit != null && fit.isExact() && !(beyond.hasCollation() && isText(column));
    }

    private boolean isText(String column) {
        return table.field(column)
                .filter(field -> field.domain() instanceof Domain.Text)
                .isPresent();
    }

    /** Whether no two rows are alike in some columns, by all of them or some. */
    public boolean isUniqueBy(Collection<String> columns) {
        Set<String> folded = new HashSet<>(Model.fold(List.copyOf(columns)));
        return uniques().stream()
                .filter(unique -> unique.prefixes().stream().allMatch(length -> length == 0))
                .anyMatch(unique -> folded.containsAll(Model.fold(unique.columns())));
    }

    /** Whether a column can be NULL. */
    public boolean isNullable(String column) {
        return table.field(column).map(Field::isNullable).orElse(true);
    }

    /** A column's type and collation in the database's SQL, without checks; that of its text where it is MariaDB's JSON. */
    public String plainType(String column) {
        return table.field(column)
                .map(field -> product == Product.MARIADB && field.domain() instanceof Json
                        ? "longtext character set utf8mb4 collate utf8mb4_bin"
                        : field.type())
                .orElseThrow();
    }

    /** Whether a row that says nothing of a column is alike to no other by it: NULL, or what the database generates. */
    public boolean isApartWhereNotWritten(String column) {
        return table.field(column)
                .filter(field -> field.generation() == Generation.BY_DEFAULT
                        || field.generation() == Generation.ALWAYS
                        || (field.isNullable() && field.initial() == null))
                .isPresent();
    }

    /**
     * The conditions that rows of another table need not fulfil by its own rules: those that are understood.
     *
     * @param from the table that rows come from; null where its rules are not known
     */
    public List<Condition> conditionsBeyond(@Nullable TableRules from, Correspondence columns) {
        Set<String> demanded = demanded(from, columns);
        return Stream.concat(
                        checks().filter(check -> check.understood().isPresent() && demanded.contains(check.sql()))
                                .map(this::condition),
                        json(from, columns))
                .toList();
    }

    private Condition condition(Check check) {
        List<String> names = check.understood().stream()
                .flatMap(Expression::columns)
                .distinct()
                .map(name -> table.field(name).map(Field::name).orElse(name))
                .toList();
        return new Condition(check.name() == null ? String.join(", ", names) : check.name(), names, check.sql());
    }

    /** MariaDB's JSON is a text with a check, which the model takes for a type. */
    private Stream<Condition> json(@Nullable TableRules from, Correspondence columns) {
        return table.fields().stream()
                .filter(field -> product == Product.MARIADB && field.domain() instanceof Json)
                .filter(field -> {
                    String source = columns.legacyOf(Model.fold(field.name()));
                    return from == null
                            || source == null
                            || from.table
                                    .field(source)
                                    .filter(given -> given.domain() instanceof Json)
                                    .isEmpty();
                })
                .map(field -> new Condition(
                        "JSON of " + field.name(),
                        List.of(field.name()),
                        "json_valid(" + product.quoted(field.name()) + ")"));
    }

    /** The names of further conditions, which are not understood. */
    public List<String> unknownConditionsBeyond(@Nullable TableRules from, Correspondence columns) {
        Set<String> demanded = demanded(from, columns);
        return checks().filter(check -> check.understood().isEmpty() && demanded.contains(check.sql()))
                .map(check -> String.valueOf(check.name() == null ? check.column() : check.name()))
                .toList();
    }

    /** The labels of an enumeration are a check in the model, and none in SQL. */
    private Stream<Check> checks() {
        return table.checks().stream().filter(check -> check.name() != null || check.column() != null);
    }

    private Set<String> demanded(@Nullable TableRules from, Correspondence columns) {
        if (from == null) {
            return table.checks().stream().map(Check::sql).collect(Collectors.toSet());
        }
        Direction direction =
                new Direction(Side.TARGET, from.table, table, from.product, product, columns, parent -> null);
        return CheckComparison.of(direction).stream()
                .map(draft -> String.valueOf(draft.finding().target()))
                .collect(Collectors.toSet());
    }
}
