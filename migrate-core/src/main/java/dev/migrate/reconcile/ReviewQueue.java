package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The differences of one kind of records that people are to decide of, kept in the store and shared by all nodes.
 *
 * <p>A plan with {@link RepairPolicy#MANUAL} adds to it when it is applied. A person claims a review, looks at both rows, and decides which side
 * is right; {@link Reconciliation#planDecided} says what that would do. A review whose two sides a later pass finds equal is closed by itself.
 *
 * <pre>{@code
 * ReviewQueue queue = reconciliation.reviews();
 * for (Review review : queue.list(Review.State.OPEN, 50)) {
 *     queue.claim(review.key(), "ada", Duration.ofMinutes(10));
 *     queue.decide(review.key(), Side.LEGACY, "ada", "the customer confirmed it by letter");
 * }
 * reconciliation.planDecided().apply("reviews of Friday");
 * }</pre>
 *
 * <p>Times are the store's. Thread-safe. The published {@code ReconciliationKeeperContract} checks an implementation; {@link ReviewRules} is what every
 * implementation goes by.
 */
public interface ReviewQueue {
    /**
     * Opens a review of a difference, or sees one again that is there: a decision stays where what differs is still the same, and a closed review
     * is opened again.
     *
     * @param who who runs the pass
     * @return the review
     */
    Review add(Review.Found found, String who);

    /** The review of a canonical key, in any state. */
    Optional<Review> find(String key);

    /** The reviews in a state, oldest first, at most {@code limit}. */
    List<Review> list(Review.State state, int limit);

    /** How many reviews are in a state. */
    long count(Review.State state);

    /**
     * Claims a review that is open, or decided and yet to be carried out, so that nobody else decides meanwhile; whoever has claimed it
     * may do so again.
     *
     * @param who 1 to 200 characters; not blank
     * @param lease for how long; positive
     * @return empty where somebody else's claim still runs, or there is nothing to decide
     */
    Optional<Review> claim(String key, String who, Duration lease);

    /** Gives a claim back; false where it is not this person's, or has run out. */
    boolean release(String key, String who);

    /**
     * Decides.
     *
     * @param right the side whose row is right
     * @param who whose claim of the review still runs
     * @param note why: 1 to 2,000 characters, without values of rows
     * @throws MigrationException where the review is not claimed by this person
     */
    Review decide(String key, Side right, String who, String note);

    /**
     * Accepts that the target lacks a row and is to lack it: {@link Review.State#ACCEPTED}.
     *
     * @param who whose claim of the review still runs
     * @param note why: 1 to 2,000 characters, without values of rows
     * @throws MigrationException where the review is not claimed by this person, or is of another kind than {@link
     *     Difference.Kind#MISSING_IN_TARGET}
     */
    Review accept(String key, String who, String note);

    /** Closes a review, where it is not closed; false where it is, is not known, or is not of the version any more. */
    boolean close(String key, long version, String who, String note);

    /** What was done with a review, newest first, at most {@code limit}. */
    List<Review.Entry> audit(String key, int limit);
}
