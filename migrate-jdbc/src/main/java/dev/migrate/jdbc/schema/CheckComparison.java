package dev.migrate.jdbc.schema;

import static dev.migrate.schema.SchemaFinding.Severity.RISKY;

import dev.migrate.jdbc.schema.Domain.Text;
import dev.migrate.jdbc.schema.Expression.Absent;
import dev.migrate.jdbc.schema.Expression.Call;
import dev.migrate.jdbc.schema.Expression.Figure;
import dev.migrate.jdbc.schema.Expression.Junction;
import dev.migrate.jdbc.schema.Expression.Name;
import dev.migrate.jdbc.schema.Expression.OneOf;
import dev.migrate.jdbc.schema.Expression.Operation;
import dev.migrate.jdbc.schema.Model.Check;
import dev.migrate.jdbc.schema.Model.Field;
import dev.migrate.schema.SchemaFinding.Subject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares conditions on rows: what the taker demands, and the giver's conditions or types do not. */
final class CheckComparison {
    private final Direction direction;
    private final Ddl ddl;
    private final Set<Expression> given;
    private final Set<String> givenAsWritten;
    private final List<Draft> drafts = new ArrayList<>();

    private CheckComparison(Direction direction) {
        this.direction = direction;
        this.ddl = new Ddl(direction.taking(), direction.taker());
        List<Check> checks = direction.giver().checks();
        this.given = checks.stream()
                .flatMap(check -> check.understood().stream())
                .flatMap(CheckComparison::parts)
                .collect(Collectors.toSet());
        this.givenAsWritten = checks.stream().map(check -> plain(check.sql())).collect(Collectors.toSet());
    }

    static List<Draft> of(Direction direction) {
        CheckComparison comparison = new CheckComparison(direction);
        direction.taker().checks().forEach(comparison::demanded);
        return comparison.drafts;
    }

    private void demanded(Check check) {
        Optional<Expression> demanded = check.understood();
        if (demanded.isEmpty()) {
            if (!givenAsWritten.contains(plain(check.sql()))) {
                drafts.add(draft(check, "must hold, and is not understood well enough to compare it"));
            }
            return;
        }
        List<String> columns = demanded.get().columns().distinct().toList();
        List<Field> held = columns.stream()
                .flatMap(name -> direction.taker().field(name).stream())
                .toList();
        boolean isNeverWritten = held.stream()
                .noneMatch(field ->
                        direction.isMade(field) || direction.from(field.name()).isPresent());
        if (isNeverWritten) {
            return;
        }
        Optional<List<String>> from = direction.from(columns);
        if (from.isEmpty()) {
            drafts.add(draft(check, "must hold, and is about columns that are not copied as they are"));
            return;
        }
        Expression there = demanded.get().renamed(name -> from.get().get(columns.indexOf(name)));
        if (!parts(there).allMatch(this::isImplied)) {
            String sql = there.sql(direction.giving(), direction::spelledByGiver);
            drafts.add(draft(check, "must hold, and need not in " + direction.there())
                    .asking(direction.where("not " + sql, true)));
        }
    }

    private Draft draft(Check check, String what) {
        String name = check.name() == null
                ? check.understood()
                        .map(known -> known.columns().distinct().collect(Collectors.joining(", ")))
                        .orElse(null)
                : check.name();
        return Draft.of(RISKY, direction, direction.taker().name(), name, Subject.CHECK, what, null, check.sql())
                .mendedBy(ddl.drop(check));
    }

    /** What must hold each by itself. A condition that is unknown for NULL holds for it, whether or not the check says so. */
    private static Stream<Expression> parts(Expression all) {
        if (!(all instanceof Junction junction)) {
            return Stream.of(all);
        }
        if (junction.operator().equals("and")) {
            return junction.parts().stream().flatMap(CheckComparison::parts);
        }
        List<Expression> others = junction.parts().stream()
                .filter(part -> !(part instanceof Absent))
                .toList();
        boolean isOfNullToo = others.size() == 1
                && (others.get(0) instanceof Operation || others.get(0) instanceof OneOf)
                && others.get(0).columns().allMatch(name -> junction.parts().contains(new Absent(new Name(name))));
        return isOfNullToo ? Stream.of(others.get(0)) : Stream.of(all);
    }

    private boolean isImplied(Expression part) {
        if (given.contains(part)) {
            return true;
        }
        if (part instanceof OneOf demanded) {
            return given.stream().anyMatch(known -> isAmong(known, demanded));
        }
        return isShortEnough(part);
    }

    private static boolean isAmong(Expression known, OneOf demanded) {
        if (known instanceof OneOf one) {
            return one.of().equals(demanded.of()) && demanded.values().containsAll(one.values());
        }
        return known instanceof Operation equal
                && equal.operator().equals("=")
                && equal.left().equals(demanded.of())
                && demanded.values().contains(equal.right());
    }

    /** Whether the giver's type holds no text that is longer than a condition allows. */
    private boolean isShortEnough(Expression part) {
        if (!(part instanceof Operation operation)
                || !operation.operator().startsWith("<")
                || operation.operator().equals("<>")
                || !(operation.left() instanceof Call call)
                || !call.function().equals("char_length")
                || !(operation.right() instanceof Figure most)
                || call.arguments().size() != 1
                || !(call.arguments().get(0) instanceof Name name)) {
            return false;
        }
        BigDecimal longest = operation.operator().equals("<") ? most.value().subtract(BigDecimal.ONE) : most.value();
        return direction
                .giver()
                .field(name.column())
                .filter(field -> field.domain() instanceof Text text
                        && BigDecimal.valueOf(text.characters()).compareTo(longest) <= 0)
                .isPresent();
    }

    /** Without what products print differently: letter case, quotes, brackets and spaces. */
    private static String plain(String sql) {
        return Model.fold(sql).replaceAll("[\\s()\"`]", "");
    }
}
