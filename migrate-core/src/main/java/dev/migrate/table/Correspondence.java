package dev.migrate.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Mapping} says of the columns of two tables, also where they do not suit it. Names are in lower case.
 *
 * @param pairs the legacy columns that are copied as they are, each with its target column
 * @param derived the target columns that are made from others, each with the legacy columns that it is made from
 * @param madeBack the legacy columns that are made from derived columns on the way back
 * @param leftOut the columns, of either side, that are neither copied nor compared
 * @param missing what the mapping names and its table does not have, for people
 */
public record Correspondence(
        Map<String, String> pairs,
        Map<String, List<String>> derived,
        Set<String> madeBack,
        Set<String> leftOut,
        List<String> missing) {
    /** Copies what it is given. */
    public Correspondence {
        pairs = Map.copyOf(pairs);
        derived = Map.copyOf(derived);
        madeBack = Set.copyOf(madeBack);
        leftOut = Set.copyOf(leftOut);
        missing = List.copyOf(missing);
    }

    /** The column of legacy that a target column is copied from as it is; null where there is none. */
    public @Nullable String legacyOf(String targetColumn) {
        return pairs.entrySet().stream()
                .filter(pair -> pair.getValue().equals(Shape.fold(targetColumn)))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** The column of the target that a legacy column is copied to as it is; null where there is none. */
    public @Nullable String targetOf(String legacyColumn) {
        return pairs.get(Shape.fold(legacyColumn));
    }

    /** Whether a legacy column is read to make a target column. */
    public boolean isRead(String legacyColumn) {
        return derived.values().stream().anyMatch(from -> from.contains(Shape.fold(legacyColumn)));
    }

    static Correspondence of(Mapping mapping, Collection<String> legacy, Collection<String> target) {
        Set<String> legacyLeft = folded(legacy);
        Set<String> targetLeft = folded(target);
        List<String> missing = new ArrayList<>();
        Map<String, String> pairs = new LinkedHashMap<>();
        for (Mapping.Rename rename : mapping.renames()) {
            String from = Shape.fold(rename.legacy());
            String to = Shape.fold(rename.target());
            boolean isInLegacy = take(legacyLeft, from, "legacy", missing);
            boolean isInTarget = take(targetLeft, to, "target", missing);
            if (isInLegacy && isInTarget) {
                pairs.put(from, to);
            }
        }
        Map<String, List<String>> derived = new LinkedHashMap<>();
        Set<String> madeBack = new HashSet<>();
        for (Mapping.Derived rule : mapping.derived()) {
            List<String> from = rule.legacy().stream().map(Shape::fold).toList();
            from.stream()
                    .filter(name -> !folded(legacy).contains(name))
                    .forEach(name -> missing.add("legacy column '" + name + "'"));
            if (take(targetLeft, Shape.fold(rule.target()), "target", missing)) {
                derived.put(Shape.fold(rule.target()), from);
            }
            if (rule.back() != null) {
                madeBack.addAll(from);
                legacyLeft.removeAll(from);
            }
        }
        Set<String> leftOut = folded(mapping.leftOut());
        for (String name : targetLeft) {
            if (legacyLeft.contains(name) && !leftOut.contains(name)) {
                pairs.put(name, name);
            }
        }
        return new Correspondence(pairs, derived, madeBack, leftOut, missing);
    }

    private static boolean take(Set<String> left, String name, String side, List<String> missing) {
        boolean isThere = left.remove(name);
        if (!isThere) {
            missing.add(side + " column '" + name + "'");
        }
        return isThere;
    }

    private static Set<String> folded(Collection<String> names) {
        Set<String> folded = new LinkedHashSet<>();
        names.forEach(name -> folded.add(Shape.fold(name)));
        return folded;
    }
}
