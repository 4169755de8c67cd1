package dev.migrate.strangler;

import dev.migrate.Side;
import dev.migrate.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Which side a request goes to, and why.
 *
 * @param side the side
 * @param route the pattern of the first route that matches, as it was declared; {@code otherwise} where none does
 * @param reason what decided
 * @param decidedBy the name of the switch or migration that decided; null where the route itself did
 * @param stage the stage of the request's key, or of the whole migration; null where no migration decided
 * @param bucket the key's bucket in that migration, 0 to 999,999; null where no share decided
 */
public record RouteDecision(
        Side side,
        String route,
        Reason reason,
        @Nullable String decidedBy,
        @Nullable Stage stage,
        @Nullable Integer bucket) {
    /** What can decide. */
    public enum Reason {
        /** The route goes to one side. */
        FIXED,
        /** A switch, such as a flag, is on or off for the request's key. */
        SWITCH,
        /** The stage of a migration. */
        STAGE,
        /** No route matches. */
        OTHERWISE
    }

    /** The decision in a sentence for people, without the key. */
    public String sentence() {
        return switch (reason) {
            case FIXED -> side + " because route '" + route + "' says so";
            case SWITCH ->
                side + " because route '" + route + "' asks '" + decidedBy + "', which is "
                        + (side == Side.TARGET ? "on" : "off") + " for the key";
            case STAGE ->
                side + " because route '" + route + "' follows migration '" + decidedBy + "', which is at " + stage
                        + (bucket == null ? "" : " for the key, in bucket " + bucket);
            case OTHERWISE -> side + " because no route matches";
        };
    }
}
