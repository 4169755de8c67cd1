package dev.migrate.jdbc.rules;

import dev.migrate.MigrationException;
import dev.migrate.jdbc.rules.RuleReport.Difference;
import dev.migrate.jdbc.rules.RuleReport.Kind;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One look at a rule: legacy's result, which is held, beside the target's, which is streamed.
 *
 * @param rows how many keys were compared
 * @param differences what differs, by key
 * @param legacy legacy's values of the keys that differ, those aside that it does not have
 */
record RuleLook(
        long rows, Map<List<String>, Difference> differences, Map<List<String>, List<@Nullable Object>> legacy) {

    /** Runs one of the two queries. */
    @FunctionalInterface
    interface Asking {
        /** As {@link RuleResult#read} does. */
        List<String> ask(String sql, @Nullable List<String> columns, RuleResult.Sink sink) throws SQLException;
    }

    static RuleLook at(BusinessRule rule, Asking legacy, Asking target, int mostRows) throws SQLException {
        Map<List<String>, List<@Nullable Object>> held = new LinkedHashMap<>();
        List<String> columns = legacy.ask(rule.legacy(), null, (key, values) -> {
            if (held.put(key, values) != null) {
                throw twice(rule, "legacy's");
            }
            if (held.size() > mostRows) {
                throw new MigrationException("legacy's query of business rule '" + rule.name() + "' gives more than "
                        + mostRows + " rows, which are held in memory; group by less, or raise mostRows(..)");
            }
        });
        Map<List<String>, Difference> differences = new LinkedHashMap<>();
        Map<List<String>, List<@Nullable Object>> seen = new LinkedHashMap<>();
        Set<List<String>> matched = new HashSet<>();
        long[] rows = {held.size()};
        target.ask(rule.target(), columns, (key, values) -> {
            List<@Nullable Object> expected = held.remove(key);
            if (expected == null ? matched.contains(key) : !matched.add(key)) {
                throw twice(rule, "the target's");
            }
            if (expected == null) {
                rows[0]++;
                if (differences.put(key, new Difference(key, Kind.EXTRA_IN_TARGET, List.of())) != null) {
                    throw twice(rule, "the target's");
                }
            } else {
                differing(rule, columns, expected, values).ifPresent(differing -> {
                    differences.put(key, new Difference(key, Kind.DIFFERENT, differing));
                    seen.put(key, expected);
                });
            }
            if (differences.size() > mostRows) {
                throw new MigrationException(
                        "more than " + mostRows + " keys of business rule '" + rule.name()
                                + "' differ, which are held in memory; see whether the two queries ask the same, or raise mostRows(..)");
            }
        });
        held.forEach((key, values) -> {
            differences.put(key, new Difference(key, Kind.MISSING_IN_TARGET, List.of()));
            seen.put(key, values);
        });
        return new RuleLook(rows[0], differences, seen);
    }

    private static MigrationException twice(BusinessRule rule, String whose) {
        return new MigrationException(
                "key " + rule.key() + " of business rule '" + rule.name() + "' must be unique, but " + whose
                        + " query gives a key twice; group by it, or name more columns with key(..)");
    }

    private static Optional<List<String>> differing(
            BusinessRule rule, List<String> columns, List<@Nullable Object> one, List<@Nullable Object> other) {
        List<String> differing = new ArrayList<>(0);
        for (int at = 0; at < columns.size(); at++) {
            if (!isSame(one.get(at), other.get(at), rule.toleranceOf(columns.get(at)))) {
                differing.add(columns.get(at));
            }
        }
        return differing.isEmpty() ? Optional.empty() : Optional.of(differing);
    }

    private static boolean isSame(@Nullable Object one, @Nullable Object other, BigDecimal apart) {
        if (one instanceof BigDecimal number && other instanceof BigDecimal another) {
            return number.subtract(another).abs().compareTo(apart) <= 0;
        }
        return one == null ? other == null : one.equals(other);
    }

    /** Asks legacy once more, and gives the keys of which it says what it said before: those whose result is at rest. */
    Set<List<String>> atRest(BusinessRule rule, Asking again) throws SQLException {
        Set<List<String>> resting = new HashSet<>(differences.keySet());
        resting.removeAll(legacy.keySet()); // extra in the target: at rest where legacy has none now either
        again.ask(rule.legacy(), null, (key, values) -> {
            List<@Nullable Object> before = legacy.get(key);
            if (before == null) {
                resting.remove(key);
            } else if (isSame(before, values)) {
                resting.add(key);
            }
        });
        return resting;
    }

    private static boolean isSame(List<@Nullable Object> one, List<@Nullable Object> other) {
        for (int at = 0; at < one.size(); at++) {
            if (!isSame(one.get(at), other.get(at), BigDecimal.ZERO)) {
                return false;
            }
        }
        return true;
    }
}
