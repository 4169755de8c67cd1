package dev.migrate.jdbc.schema;

import static dev.migrate.schema.SchemaFinding.Severity.FINE;
import static dev.migrate.schema.SchemaFinding.Severity.RISKY;

import dev.migrate.jdbc.schema.Model.Reference;
import dev.migrate.jdbc.schema.Model.Relation;
import dev.migrate.schema.SchemaFinding.Severity;
import dev.migrate.schema.SchemaFinding.Subject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares foreign keys: what the taker demands beyond the giver, and what a deleted row takes along. */
final class ReferenceComparison {
    private static final String NOTHING = "no action";
    private final Direction direction;
    private final Ddl ddl;
    private final List<Draft> drafts = new ArrayList<>();

    private ReferenceComparison(Direction direction) {
        this.direction = direction;
        this.ddl = new Ddl(direction.taking(), direction.taker());
    }

    static List<Draft> of(Direction direction) {
        ReferenceComparison comparison = new ReferenceComparison(direction);
        direction.taker().references().forEach(comparison::demanded);
        return comparison.drafts;
    }

    private void demanded(Reference reference) {
        Relation parent = direction.giverOf().apply(Model.fold(reference.table()));
        Optional<List<String>> from = direction.from(reference.columns());
        if (from.isEmpty()) {
            boolean isNeverFilled = reference.columns().stream()
                    .flatMap(name -> direction.taker().field(name).stream())
                    .noneMatch(field -> direction.isMade(field)
                            || direction.from(field.name()).isPresent()
                            || field.initial() != null);
            if (!isNeverFilled) {
                drafts.add(draft(
                        RISKY, reference, "refers to another table by columns that are not copied as they are", null));
            }
            return;
        }
        Optional<Reference> same = direction.giver().references().stream()
                .filter(other -> parent != null
                        && Model.fold(other.table()).equals(Model.fold(parent.name()))
                        && new HashSet<>(Model.fold(other.columns())).equals(new HashSet<>(from.get())))
                .findFirst();
        if (same.isEmpty()) {
            drafts.add(draft(
                            RISKY,
                            reference,
                            "must refer to a row of '" + reference.table() + "', and need not in " + direction.there(),
                            null)
                    .mendedBy(ddl.drop(reference, direction.taking().quoted(reference.table())))
                    .asking(orphans(reference, from.get(), parent)));
        } else if (!same.get().onDelete().equals(reference.onDelete())) {
            boolean isRefused = reference.onDelete().equals(NOTHING);
            drafts.add(draft(
                    isRefused ? RISKY : FINE,
                    reference,
                    isRefused
                            ? "refuses to delete a row that others refer to, where " + direction.there()
                                    + " changes those by itself"
                            : "changes rows that refer to a deleted one in another way than " + direction.there(),
                    said(same.get())));
        }
    }

    private Draft draft(Severity severity, Reference reference, String what, @Nullable String given) {
        return Draft.of(
                severity,
                direction,
                direction.taker().name(),
                reference.name() == null ? String.join(", ", reference.columns()) : reference.name(),
                Subject.FOREIGN_KEY,
                what,
                given,
                said(reference));
    }

    private static String said(Reference reference) {
        return "foreign key (" + String.join(", ", reference.columns()) + ") references " + reference.table() + " ("
                + String.join(", ", reference.referenced()) + ")"
                + (reference.onDelete().equals(NOTHING) ? "" : " on delete " + reference.onDelete());
    }

    private Draft.Question orphans(Reference reference, List<String> folded, @Nullable Relation parent) {
        Product product = direction.giving();
        List<String> isGiven = new ArrayList<>();
        List<String> isSame = new ArrayList<>();
        for (int at = 0; at < folded.size(); at++) {
            String column = "c." + product.quoted(direction.spelledByGiver(folded.get(at)));
            isGiven.add(column + " is not null");
            String referenced = reference.referenced().get(at);
            String spelled = parent == null
                    ? referenced
                    : parent.field(referenced).map(Model.Field::name).orElse(referenced);
            isSame.add("p." + product.quoted(spelled) + " = " + column);
        }
        String sql = "select " + direction.keyOf("c.") + " from "
                + direction.giver().qualified() + " c where " + String.join(" and ", isGiven)
                + (parent == null
                        ? ""
                        : " and not exists (select 1 from " + parent.qualified() + " p where "
                                + String.join(" and ", isSame) + ")")
                + " fetch first 1 rows only";
        return new Draft.Question(direction.side().other(), sql, true, true);
    }
}
