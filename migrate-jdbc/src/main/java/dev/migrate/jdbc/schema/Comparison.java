package dev.migrate.jdbc.schema;

import static dev.migrate.schema.SchemaFinding.Severity.BREAKING;
import static dev.migrate.schema.SchemaFinding.Severity.RISKY;

import dev.migrate.Side;
import dev.migrate.jdbc.schema.Model.Field;
import dev.migrate.jdbc.schema.Model.Relation;
import dev.migrate.jdbc.schema.Model.Unique;
import dev.migrate.schema.SchemaFinding;
import dev.migrate.schema.SchemaFinding.Rows;
import dev.migrate.schema.SchemaFinding.Severity;
import dev.migrate.schema.SchemaFinding.Subject;
import dev.migrate.table.Correspondence;
import dev.migrate.table.Mapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares two schemas in both directions; it knows neither JDBC nor documents. */
final class Comparison {
    /** A legacy table and a target table that were said to correspond; names are folded. */
    record Declared(String legacy, String target, Mapping mapping) {}

    private final Model legacy;
    private final Model target;
    private final Map<String, Declared> declared = new HashMap<>();
    private final Map<String, String> pairs = new HashMap<>();
    private final Set<String> leftOut;
    private final List<Draft> drafts = new ArrayList<>();

    private Comparison(Model legacy, Model target, List<Declared> declared, Set<String> leftOut) {
        this.legacy = legacy;
        this.target = target;
        this.leftOut = leftOut;
        declared.forEach(one -> this.declared.put(one.legacy(), one));
        Set<String> renamed = declared.stream().map(Declared::target).collect(Collectors.toSet());
        for (String name : legacy.tables().keySet()) {
            Declared one = this.declared.get(name);
            String other = one == null ? name : one.target();
            if (target.tables().containsKey(other) && (one != null || !renamed.contains(name))) {
                pairs.put(name, other);
            }
        }
    }

    /**
     * Compares.
     *
     * @param only the folded names of the legacy tables that are looked at; none for all tables of both sides
     * @param leftOut the folded names of tables that are not looked at
     */
    static List<Draft> of(Model legacy, Model target, List<Declared> declared, Set<String> only, Set<String> leftOut) {
        Comparison comparison = new Comparison(legacy, target, declared, leftOut);
        comparison.tables(only);
        return comparison.drafts;
    }

    private void tables(Set<String> only) {
        for (Relation table : legacy.tables().values()) {
            String name = Model.fold(table.name());
            boolean isLookedAt = !leftOut.contains(name) && (only.isEmpty() || only.contains(name));
            String other = pairs.get(name);
            if (isLookedAt && other != null) {
                pair(table, target.tables().get(other), declared.get(name));
            } else if (isLookedAt) {
                drafts.add(
                        missing(BREAKING, Side.TARGET, table, "is not in the target, so that nothing can be copied"));
            }
        }
        for (Relation table : target.tables().values()) {
            String name = Model.fold(table.name());
            if (only.isEmpty() && !leftOut.contains(name) && !pairs.containsValue(name)) {
                drafts.add(missing(
                        RISKY, Side.LEGACY, table, "is not in legacy: what is written to it is not carried back"));
            }
        }
    }

    private void pair(Relation from, @Nullable Relation to, @Nullable Declared said) {
        if (to == null) {
            return;
        }
        Mapping mapping = said == null ? Mapping.byName() : said.mapping();
        Correspondence columns = mapping.correspondence(from.names(), to.names());
        Direction there =
                new Direction(Side.TARGET, from, to, legacy.product(), target.product(), columns, this::legacyOf);
        Direction back =
                new Direction(Side.LEGACY, to, from, target.product(), legacy.product(), columns, this::targetOf);
        columns.missing().stream()
                .map(what -> Draft.of(
                        BREAKING,
                        there,
                        to.name(),
                        null,
                        Subject.MAPPING,
                        "the mapping names " + what + ", which is not there",
                        null,
                        null))
                .forEach(drafts::add);
        for (Direction direction : List.of(there, back)) {
            drafts.addAll(FieldComparison.of(direction));
            drafts.addAll(UniqueComparison.of(direction));
            drafts.addAll(ReferenceComparison.of(direction));
            drafts.addAll(CheckComparison.of(direction));
            drafts.addAll(IndexComparison.of(direction));
        }
    }

    private @Nullable Relation legacyOf(String targetTable) {
        return pairs.entrySet().stream()
                .filter(pair -> pair.getValue().equals(targetTable))
                .map(pair -> legacy.tables().get(pair.getKey()))
                .findFirst()
                .orElse(null);
    }

    private @Nullable Relation targetOf(String legacyTable) {
        String name = pairs.get(legacyTable);
        return name == null ? null : target.tables().get(name);
    }

    private Draft missing(Severity severity, Side side, Relation table, String what) {
        Product taking = (side == Side.TARGET ? target : legacy).product();
        Model taker = side == Side.TARGET ? target : legacy;
        Product giving = (side == Side.TARGET ? legacy : target).product();
        String said = "table " + table.name();
        Draft draft = new Draft(
                new SchemaFinding(
                        severity,
                        Direction.blocks(side),
                        side,
                        table.name(),
                        null,
                        Subject.TABLE,
                        what,
                        side == Side.TARGET ? said : null,
                        side == Side.TARGET ? null : said,
                        null,
                        null,
                        Rows.NOT_TOLD),
                new Draft.Question(
                        side.other(),
                        "select "
                                + (table.keyColumns().isEmpty() ? "null" : giving.quoted(table.keyColumns()))
                                + " from " + table.qualified() + " fetch first 1 rows only",
                        false,
                        true));
        return draft.mendedBy(created(taking, taker, table));
    }

    /** A table with the columns, the key and the unique constraints of another; null where a type of it is not known to the product. */
    private static Draft.@Nullable Mend created(Product product, Model like, Relation table) {
        String other =
                like.tables().values().stream().map(Relation::name).findFirst().orElse("like");
        List<String> parts = new ArrayList<>();
        for (Field field : table.fields()) {
            String type = TypeSql.of(product, field.domain());
            if (type == null) {
                return null;
            }
            String generated = field.generation() == Model.Generation.BY_DEFAULT
                    ? product.isLikeMariaDb() ? " auto_increment" : " generated by default as identity"
                    : "";
            parts.add(product.quoted(Direction.spelled(field.name(), other)) + " " + type
                    + (field.isNullable() ? "" : " not null") + generated);
        }
        for (Unique unique : table.uniques()) {
            List<String> columns = unique.columns().stream()
                    .map(name -> Direction.spelled(name, other))
                    .toList();
            if (!unique.isPartial()) {
                parts.add((unique.isKey() ? "primary key (" : "unique (") + product.quoted(columns) + ")");
            }
        }
        String name = product.quoted(Direction.spelled(table.name(), other));
        return new Draft.Mend("create table " + name + " (" + String.join(", ", parts) + ")", "drop table " + name);
    }
}
