package dev.migrate.jdbc.rules;

import java.util.List;

/**
 * What a business rule came to. Holds no value of a row but the keys, which its text form leaves out. Immutable.
 *
 * @param rule the rule's name
 * @param verdict whether it holds
 * @param rows how many keys were compared, of both sides together
 * @param confirmed the keys that differ, with nothing on its way that could mend it
 * @param open the keys that differ while something was still owed or legacy's result was changing; no finding yet
 */
public record RuleReport(String rule, Verdict verdict, long rows, List<Difference> confirmed, List<Difference> open) {
    /** What stands for NULL in a key: a text that no database has. */
    public static final String NULL = "\0NULL";

    /** Whether a rule holds. */
    public enum Verdict {
        /** Both sides say the same. */
        HOLDS,
        /** They differ, and nothing is on its way. */
        DIFFERS,
        /** They differ, but what is on its way may mend it: ask again. */
        OPEN
    }

    /** How a key differs. */
    public enum Kind {
        /** Legacy's result has the key, the target's has not. */
        MISSING_IN_TARGET,
        /** The target's result has the key, legacy's has not. */
        EXTRA_IN_TARGET,
        /** Both have the key, and some columns are further apart than they may be. */
        DIFFERENT
    }

    /**
     * A key that differs.
     *
     * @param key the texts of its columns, in the order in which the rule names them, {@link #NULL} for NULL; may be personal, and is not in the text form
     * @param columns those that differ, in lower case; empty unless the kind is {@link Kind#DIFFERENT}
     */
    public record Difference(List<String> key, Kind kind, List<String> columns) {
        /** Copies the lists. */
        public Difference {
            key = List.copyOf(key);
            columns = List.copyOf(columns);
        }

        @Override
        public String toString() {
            return kind + (columns.isEmpty() ? "" : " in " + columns);
        }
    }

    /** Copies the lists. */
    public RuleReport {
        confirmed = List.copyOf(confirmed);
        open = List.copyOf(open);
    }

    @Override
    public String toString() {
        return "RuleReport[" + rule + " " + verdict + ": " + rows + " keys, " + confirmed.size() + " differ, "
                + open.size() + " open]";
    }
}
