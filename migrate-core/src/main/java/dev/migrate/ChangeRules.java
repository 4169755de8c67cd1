package dev.migrate;

import java.util.List;

/** The rules that every {@link MigrationStore} applies to a change, for those who implement one. */
public final class ChangeRules {
    private ChangeRules() {}

    /** Refuses a change whose operator, reason or value a store could not keep. */
    public static void check(Setting.Kind kind, String name, String value, String who, String why) {
        text("name", name, 200);
        text("who", who, 200);
        text("why", why, 2_000);
        if (value.length() > 60_000) {
            throw new MigrationException("the value of " + kind + " '" + name
                    + "' must have at most 60000 characters, but had " + value.length());
        }
    }

    /** What a store throws where the version is not the expected one. */
    public static StaleChangeException stale(Setting.Kind kind, String name, long expected, long found) {
        return new StaleChangeException(
                kind + " '" + name + "' was changed by somebody else: the change was based on version " + expected
                        + ", but the store has version " + found + "; read it again and decide again");
    }

    /**
     * Refuses to change a position while a live node has not acknowledged the epoch that the change is based on. A change that takes the last
     * one back, or that changes nothing but the epoch, needs nobody's acknowledgement, and is not to be asked about here.
     */
    public static void requireAcknowledged(String migration, long epoch, List<Node> nodes) {
        List<String> behind = behind(epoch, nodes);
        if (!behind.isEmpty()) {
            throw new StepRefusedException(
                    "migration '" + migration + "' may not step yet: " + String.join(", ", behind)
                            + " has not acknowledged epoch " + epoch
                            + "; wait until its units of work of before have ended, or until its lease has run out, and try again");
        }
    }

    /** The live nodes that have not acknowledged an epoch, each with what it has. */
    static List<String> behind(long epoch, List<Node> nodes) {
        return nodes.stream()
                .filter(node -> node.isLive() && node.acknowledged() < epoch)
                .map(node -> "node '" + node.name() + "' (at epoch " + node.acknowledged() + ")")
                .toList();
    }

    private static void text(String option, String text, int most) {
        if (text.isBlank()) {
            throw new MigrationException(option + " must not be blank; the audit trail needs it");
        }
        if (text.length() > most) {
            throw new MigrationException(
                    option + " must have at most " + most + " characters, but had " + text.length() + "; shorten it");
        }
    }
}
