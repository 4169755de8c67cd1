package dev.migrate.jdbc.decommission;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the library's own transactions have done to legacy's tables, as far as it can be known at one moment.
 *
 * @param least what the database has counted by now for certain, by table
 * @param most what it may have counted at the most
 * @param uncounted how many transactions there were whose accesses could not be counted
 */
record OwnTotals(Map<String, Touches> least, Map<String, Touches> most, long uncounted) {
    static final OwnTotals NONE = new OwnTotals(Map.of(), Map.of(), 0);

    Touches least(String table) {
        return least.getOrDefault(table, Touches.NONE);
    }

    Touches most(String table) {
        return most.getOrDefault(table, Touches.NONE);
    }

    OwnTotals plus(OwnTotals other) {
        return new OwnTotals(sum(least, other.least), sum(most, other.most), uncounted + other.uncounted);
    }

    static Map<String, Touches> sum(Map<String, Touches> one, Map<String, Touches> other) {
        Map<String, Touches> sum = new LinkedHashMap<>(one);
        other.forEach((table, touches) -> sum.merge(table, touches, Touches::plus));
        return sum;
    }
}
