package dev.migrate.backfill;

import dev.migrate.MigrationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tables after those that they refer to. A table that refers to itself is in nobody's way but its own, and is left to the order of its
 * keys.
 */
final class ForeignKeyOrder {
    private record Reference(Backfill child, Backfill parent, List<String> constraints) {
        @Override
        public String toString() {
            return "'" + child.target.name() + "' refers to '" + parent.target.name() + "' by "
                    + String.join(" and ", constraints);
        }
    }

    private final Map<Backfill, List<Reference>> references = new LinkedHashMap<>();
    private final Set<Backfill> ordered = new LinkedHashSet<>();

    private ForeignKeyOrder() {}

    static List<Backfill> of(List<Backfill> backfills) throws Exception {
        ForeignKeyOrder order = new ForeignKeyOrder();
        for (Backfill child : backfills) {
            order.references.put(child, referencesOf(child, backfills));
        }
        for (Backfill each : backfills) {
            order.visit(each, new ArrayList<>());
        }
        return List.copyOf(order.ordered);
    }

    private static List<Reference> referencesOf(Backfill child, List<Backfill> all) throws Exception {
        List<Reference> found = new ArrayList<>();
        for (Backfill parent : all) {
            List<String> constraints = parent == child ? List.of() : child.target.foreignKeysTo(parent.target);
            if (!constraints.isEmpty()) {
                found.add(new Reference(child, parent, constraints));
            }
        }
        return found;
    }

    /** Depth first: parents before their children. */
    private void visit(Backfill table, List<Reference> way) {
        if (ordered.contains(table)) {
            return;
        }
        refuseCircle(table, way);
        for (Reference reference : Optional.ofNullable(references.get(table)).orElse(List.of())) {
            List<Reference> further = new ArrayList<>(way);
            further.add(reference);
            visit(reference.parent(), further);
        }
        ordered.add(table);
    }

    private static void refuseCircle(Backfill table, List<Reference> way) {
        for (int at = 0; at < way.size(); at++) {
            if (way.get(at).child() == table) {
                List<String> circle = way.subList(at, way.size()).stream()
                        .map(Reference::toString)
                        .toList();
                throw new MigrationException(
                        "the tables of this set cannot be ordered, because " + String.join(", ", circle)
                                + "; drop one of these foreign keys in the target until the set is done, and add it again then, which has the"
                                + " database check it");
            }
        }
    }
}
