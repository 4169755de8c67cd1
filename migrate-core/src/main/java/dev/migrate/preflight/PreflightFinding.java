package dev.migrate.preflight;

import dev.migrate.table.Objection.Rule;
import java.util.List;

/**
 * Rows of legacy that the target would refuse, or would hold otherwise, for one reason.
 *
 * @param rule the rule that they break
 * @param columns the target's columns that it is about, as the target spells them; none where that cannot be told
 * @param what what is wrong, for people; no value of a row
 * @param rows how many rows are affected; 1 or more
 * @param isExact whether there are so many, and not more
 * @param keys the canonical keys of some of them, the first in legacy's order; of rows that are one to the target, those next to each
 *     other that are
 */
public record PreflightFinding(
        Rule rule, List<String> columns, String what, long rows, boolean isExact, List<String> keys) {
    /** Copies the lists. */
    public PreflightFinding {
        columns = List.copyOf(columns);
        keys = List.copyOf(keys);
    }

    /** What to do about it, for people. */
    public String remedy() {
        return rule.remedy();
    }

    /** For people: the number of rows, and their keys. */
    String affected() {
        String number = (isExact ? "" : "at least ") + rows + (rows == 1 ? " row" : " rows");
        return number + ": " + String.join(", ", keys) + (rows > keys.size() ? ", .." : "");
    }
}
