package dev.migrate.rollout;

import dev.migrate.MigrationException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How far a rollout has come, as the store keeps it: a line for each part, the free text last.
 *
 * @param phase what is going on
 * @param at the position that the rollout has brought the dial to, or found it at
 * @param since when it was reached
 * @param to where the dial is being turned; {@code at} where it is not
 * @param claimedBy the node that turns it; empty where none does
 * @param claimedAt since when
 * @param beginning where the dial stood when the rollout began
 * @param what what was done last, for people
 */
record Progress(
        Phase phase,
        String at,
        Instant since,
        String to,
        String claimedBy,
        Instant claimedAt,
        String beginning,
        String what) {
    enum Phase {
        WATCHING,
        TURNING,
        TURNING_BACK,
        TURNED_BACK,
        DONE
    }

    static Progress standing(Phase phase, String at, Instant since, String beginning, String what) {
        return new Progress(phase, at, since, at, "", since, beginning, what);
    }

    Progress turning(Phase turning, String to, String node, Instant now, String why) {
        return new Progress(turning, at, since, to, node, now, beginning, why);
    }

    Progress released(String why) {
        return new Progress(Phase.WATCHING, at, since, at, "", since, beginning, why);
    }

    Progress in(Phase next, String why) {
        return new Progress(next, at, since, at, "", claimedAt, beginning, why);
    }

    String format() {
        return "phase=" + phase + "\nat=" + at + "\nsince=" + since + "\nto=" + to + "\nclaimedBy=" + claimedBy
                + "\nclaimedAt=" + claimedAt + "\nbeginning=" + beginning + "\nwhat=" + what;
    }

    /** Reads the text form; lines of a later version are passed over. */
    static Progress parse(String text) {
        int last = text.indexOf("\nwhat=");
        if (last < 0) {
            throw malformed(text, null);
        }
        Map<String, String> parts = new HashMap<>();
        text.substring(0, last).lines().forEach(line -> {
            int equals = line.indexOf('=');
            parts.put(line.substring(0, Math.max(0, equals)), line.substring(equals + 1));
        });
        try {
            return new Progress(
                    Phase.valueOf(part(parts, "phase")),
                    part(parts, "at"),
                    Instant.parse(part(parts, "since")),
                    part(parts, "to"),
                    part(parts, "claimedBy"),
                    Instant.parse(part(parts, "claimedAt")),
                    part(parts, "beginning"),
                    text.substring(last + "\nwhat=".length()));
        } catch (IllegalArgumentException | java.time.DateTimeException wrong) {
            throw malformed(text, wrong);
        }
    }

    private static String part(Map<String, String> parts, String name) {
        String value = parts.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return value;
    }

    private static MigrationException malformed(String text, @org.jspecify.annotations.Nullable Exception cause) {
        return new MigrationException(
                "the progress of a rollout cannot be read; was it written by a later version? '" + text + "'", cause);
    }
}
