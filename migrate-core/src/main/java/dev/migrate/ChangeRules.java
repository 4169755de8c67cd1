package dev.migrate;

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
