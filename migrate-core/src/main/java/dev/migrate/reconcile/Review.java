package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.internal.option.Bounds;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A difference that a person decides of, as it stands in a {@link ReviewQueue}. Holds no value of a row but the key; its text form leaves out the
 * key as well. Immutable.
 *
 * @param found what differs
 * @param state how far it has come
 * @param since when it was opened, or opened again
 * @param lastSeen when a pass has seen the difference last
 * @param claim who is about to decide; null where nobody is
 * @param decision what was decided; null where nothing was, or where what differs is another thing by now
 * @param version raised by one with every change that the audit trail has; from 1
 */
public record Review(
        Found found,
        State state,
        Instant since,
        Instant lastSeen,
        @Nullable Claim claim,
        @Nullable Decision decision,
        long version) {
    private static final int LONGEST_WHO = 200;
    private static final int LONGEST_NOTE = 2_000;

    /** How far a review has come. */
    public enum State {
        /** Nobody has decided. */
        OPEN,
        /** Decided, and not yet carried out. */
        DECIDED,
        /** The two sides were found equal, or the decision was carried out. */
        CLOSED,
        /**
         * Somebody has accepted that the target lacks the row. Nothing is repaired, and passes say so and are clean all the same; another
         * difference of the row, or another reason of this one, opens the review again.
         */
        ACCEPTED
    }

    /**
     * What differs.
     *
     * @param difference how, by the pass that has confirmed it
     * @param cursor the key in the form of {@link dev.migrate.table.TableSide#formatCursor} of legacy's table
     */
    public record Found(Difference difference, String cursor) {
        /** The canonical key. */
        public String key() {
            return difference.key();
        }
    }

    /**
     * Who is about to decide.
     *
     * @param who 1 to 200 characters; not blank
     * @param until when somebody else may
     */
    public record Claim(String who, Instant until) {
        /** Checks the length. */
        public Claim {
            check("who", who, LONGEST_WHO);
        }
    }

    /**
     * What a person has decided.
     *
     * <p>One of the two sides is right. What is right on neither is written by the application itself, through its router; the next pass then finds
     * both sides equal and closes the review.
     *
     * @param right the side whose row is right
     * @param who 1 to 200 characters; not blank
     * @param note why: 1 to 2,000 characters; not blank; no value of a row, because it is kept and shown
     * @param at when
     */
    public record Decision(Side right, String who, String note, Instant at) {
        /** Checks the lengths. */
        public Decision {
            check("who", who, LONGEST_WHO);
            check("note", note, LONGEST_NOTE);
        }
    }

    /**
     * What was done with a review.
     *
     * @param version that of the review after it
     * @param at when
     * @param who who did it; for passes and repairs, who ran them
     * @param deed what was done
     * @param note why
     */
    public record Entry(long version, Instant at, String who, Deed deed, String note) {}

    /** What is done with a review. */
    public enum Deed {
        /** A pass has confirmed a difference that was not in the queue. */
        OPENED,
        /** What differs is another thing than before; a decision of the former does not count. */
        CHANGED,
        /** Somebody is about to decide. */
        CLAIMED,
        /** Who was about to decide has given it back. */
        RELEASED,
        /** Somebody has decided. */
        DECIDED,
        /** Found equal, carried out, or accepted as it is. */
        CLOSED
    }

    /** The canonical key. */
    public String key() {
        return found.key();
    }

    /** Who may decide at a moment; empty where nobody has claimed it, or the claim has run out. */
    public Optional<String> claimedBy(Instant now) {
        return Optional.ofNullable(claim)
                .filter(running -> now.isBefore(running.until()))
                .map(Claim::who);
    }

    static void check(String option, String text, int most) {
        if (text.isBlank()) {
            throw new MigrationException(option
                    + " of a review must not be blank; whoever looks at it later needs it: name a person, or a reason");
        }
        if (text.length() > most) {
            throw new MigrationException(option + " of a review must have at most " + most + " characters, but had "
                    + text.length() + "; shorten it");
        }
    }

    static void requireLease(Duration lease) {
        Bounds.positive("lease", lease);
    }

    @Override
    public String toString() {
        return "Review[" + state + ", " + found.difference().kind()
                + (found.difference().fields().isEmpty()
                        ? ""
                        : " in " + found.difference().fields())
                + (decision == null ? "" : ", decided for " + decision.right()) + ", version " + version + "]";
    }
}
