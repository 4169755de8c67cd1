package dev.migrate.jdbc.schema;

import static dev.migrate.schema.SchemaFinding.Severity.BREAKING;
import static dev.migrate.schema.SchemaFinding.Severity.RISKY;

import dev.migrate.jdbc.schema.Model.Field;
import dev.migrate.jdbc.schema.Model.Generation;
import dev.migrate.jdbc.schema.Model.Unique;
import dev.migrate.schema.SchemaFinding.Severity;
import dev.migrate.schema.SchemaFinding.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares keys and unique constraints: what the taker demands beyond the giver, and the key by which rows are copied. */
final class UniqueComparison {
    private final Direction direction;
    private final Ddl ddl;
    private final List<Draft> drafts = new ArrayList<>();

    private UniqueComparison(Direction direction) {
        this.direction = direction;
        this.ddl = new Ddl(direction.taking(), direction.taker());
    }

    static List<Draft> of(Direction direction) {
        UniqueComparison comparison = new UniqueComparison(direction);
        comparison.key();
        direction.taker().uniques().forEach(comparison::demanded);
        return comparison.drafts;
    }

    private void key() {
        List<String> key = direction.giver().keyColumns();
        if (key.isEmpty()) {
            boolean hasOther = direction.giver().uniques().stream().anyMatch(this::couldBeKey);
            if (!hasOther) {
                drafts.add(draft(
                        BREAKING,
                        null,
                        Subject.KEY,
                        "rows of " + direction.there() + " have no key by which they could be copied",
                        null,
                        null));
            }
            return;
        }
        String given = "primary key (" + String.join(", ", key) + ")";
        Optional<List<String>> copied = direction.to(key);
        if (copied.isEmpty()) {
            drafts.add(draft(
                    BREAKING,
                    null,
                    Subject.KEY,
                    "the key of " + direction.there() + " is not copied to columns of " + direction.here(),
                    given,
                    held(direction.taker().key().orElse(null))));
            return;
        }
        Set<String> columns = Set.copyOf(copied.get());
        boolean isUnique =
                direction.taker().uniques().stream().anyMatch(unique -> !unique.isPartial() && unique.isOver(columns));
        if (!isUnique) {
            List<String> spelled = copied.get().stream()
                    .map(name -> direction.taker().field(name).map(Field::name).orElse(name))
                    .toList();
            drafts.add(Draft.of(
                            BREAKING,
                            direction,
                            direction.taker().name(),
                            String.join(", ", spelled),
                            Subject.KEY,
                            "rows are copied by the key of " + direction.there() + ", which is not unique in "
                                    + direction.here(),
                            given,
                            held(direction.taker().key().orElse(null)))
                    .mendedBy(ddl.addUnique(spelled)));
        }
    }

    private boolean couldBeKey(Unique unique) {
        return !unique.isPartial()
                && unique.columns().stream()
                        .allMatch(name -> direction
                                .giver()
                                .field(name)
                                .filter(field -> !field.isNullable())
                                .isPresent());
    }

    private static @Nullable String held(@Nullable Unique unique) {
        return unique == null
                ? null
                : (unique.isKey() ? "primary key (" : "unique (") + String.join(", ", unique.columns()) + ")";
    }

    private void demanded(Unique unique) {
        Subject subject = unique.isKey() ? Subject.KEY : Subject.UNIQUE;
        if (unique.isPartial()) {
            if (direction.giver().uniques().stream()
                    .noneMatch(other ->
                            other.isPartial() && Model.fold(other.columns()).equals(Model.fold(unique.columns())))) {
                drafts.add(draft(
                                RISKY,
                                unique.name(),
                                subject,
                                "is unique for some rows, or by expressions, which is not compared",
                                null,
                                held(unique))
                        .mendedBy(ddl.drop(unique)));
            }
            return;
        }
        Optional<List<String>> from = direction.from(unique.columns());
        if (from.isEmpty()) {
            if (unique.columns().stream().noneMatch(this::isHarmless)) {
                drafts.add(draft(
                                RISKY,
                                unique.name(),
                                subject,
                                "must be unique by columns that are not copied as they are",
                                null,
                                held(unique))
                        .mendedBy(ddl.drop(unique)));
            }
            return;
        }
        Set<String> columns = Set.copyOf(from.get());
        if (!direction.isUniqueThere(columns)) {
            drafts.add(draft(
                            RISKY,
                            unique.name(),
                            subject,
                            "must be unique, and need not be in " + direction.there(),
                            null,
                            held(unique))
                    .mendedBy(ddl.drop(unique))
                    .asking(duplicates(from.get(), false)));
        } else if (unique.columns().stream().anyMatch(this::ignoresMore)) {
            drafts.add(draft(
                            RISKY,
                            unique.name(),
                            subject,
                            "must be unique without regard to letter case or accents, and in " + direction.there()
                                    + " with regard to them",
                            null,
                            held(unique))
                    .mendedBy(ddl.drop(unique))
                    .asking(duplicates(from.get(), true)));
        }
    }

    /** Whether no two copied rows can be alike in a column that is not copied. */
    private boolean isHarmless(String name) {
        return direction.taker().field(name).stream()
                .anyMatch(field -> direction.from(name).isEmpty()
                        && !direction.isMade(field)
                        && (field.generation() == Generation.BY_DEFAULT
                                || field.generation() == Generation.ALWAYS
                                || (field.isNullable() && field.initial() == null)));
    }

    private boolean ignoresMore(String name) {
        return direction.taker().field(name).filter(Field::ignoresCase).isPresent()
                && direction.from(name).filter(field -> !field.ignoresCase()).isPresent();
    }

    /** Rows that share their values, with their letter case or without, with another row. */
    private Draft.Question duplicates(List<String> folded, boolean isCaseIgnored) {
        Product product = direction.giving();
        String table = direction.giver().qualified();
        List<String> columns = folded.stream()
                .map(direction::spelledByGiver)
                .map(product::quoted)
                .toList();
        List<String> values = new ArrayList<>();
        for (int at = 0; at < columns.size(); at++) {
            Field field = direction.giver().field(folded.get(at)).orElseThrow();
            boolean isLowered = isCaseIgnored && field.domain() instanceof Domain.Text;
            values.add(isLowered ? "lower(" + columns.get(at) + ")" : columns.get(at));
        }
        String grouped = joined(values, ", ");
        List<String> named = new ArrayList<>();
        List<String> equal = new ArrayList<>();
        for (int at = 0; at < values.size(); at++) {
            named.add(values.get(at) + " as c" + at);
            equal.add(values.get(at).replace(columns.get(at), "a." + columns.get(at)) + " = d.c" + at);
        }
        String sql = "select " + direction.keyOf("a.") + " from " + table + " a join (select " + joined(named, ", ")
                + " from " + table + " where "
                + columns.stream().map(column -> column + " is not null").collect(Collectors.joining(" and "))
                + " group by " + grouped + " having count(*) > 1) d on " + joined(equal, " and ")
                + " fetch first 1 rows only";
        return new Draft.Question(direction.side().other(), sql, true, !isCaseIgnored);
    }

    private static String joined(List<String> parts, String between) {
        return String.join(between, parts);
    }

    private Draft draft(
            Severity severity,
            @Nullable String name,
            Subject subject,
            String what,
            @Nullable String given,
            @Nullable String held) {
        return Draft.of(severity, direction, direction.taker().name(), name, subject, what, given, held);
    }
}
