package dev.migrate.jdbc.decommission;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether legacy's tables were touched by anybody but the library since a watch began. Immutable.
 *
 * @param verdict what is shown
 * @param watched for how long the tables have been watched; zero where no watch was begun
 * @param touches how often each table was touched by others, at the most; only those that were, or may have been
 * @param reasons why nothing is shown, or what else a reader should know; for people
 */
public record DecommissionReport(
        Verdict verdict, Duration watched, Map<String, Touches> touches, List<String> reasons) {
    /** What is shown. */
    public enum Verdict {
        /** The database's statistics, less the library's own accesses, tell of none. */
        UNTOUCHED,
        /** They tell of some: {@link #touches}. */
        TOUCHED,
        /** They cannot tell; {@link #reasons} says why. */
        NOT_PROVABLE
    }

    /** Copies what it is given. */
    public DecommissionReport {
        touches = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(touches));
        reasons = List.copyOf(reasons);
    }

    static DecommissionReport notProvable(Duration watched, String reason) {
        return new DecommissionReport(Verdict.NOT_PROVABLE, watched, Map.of(), List.of(reason));
    }

    /** All of it, in one line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(verdict + " in " + watched);
        touches.forEach((table, each) -> text.append("; '")
                .append(table)
                .append("': ")
                .append(each.reads())
                .append(" reads, ")
                .append(each.writes())
                .append(" writes"));
        reasons.forEach(reason -> text.append("; ").append(reason));
        return text.toString();
    }
}
