package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.reconcile.Review.Claim;
import dev.migrate.reconcile.Review.Decision;
import dev.migrate.reconcile.Review.Deed;
import dev.migrate.reconcile.Review.Entry;
import dev.migrate.reconcile.Review.Found;
import dev.migrate.reconcile.Review.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may be done with a review, and what becomes of it; for those who keep a {@link ReviewQueue}. */
public final class ReviewRules {
    private ReviewRules() {}

    /**
     * A review as it is to be kept, in place of the one before it.
     *
     * @param review as it is now
     * @param entry what goes into the audit trail; null where nothing does, and the version stays
     */
    public record Change(Review review, @Nullable Entry entry) {}

    /** A pass has confirmed a difference; {@code before} is null where there is no review of the key. */
    public static Change add(@Nullable Review before, Found found, String who, Instant now) {
        if (before == null || before.state() == State.CLOSED) {
            long version = before == null ? 1 : before.version() + 1;
            Review opened = new Review(found, State.OPEN, now, now, null, null, version);
            return entry(opened, Deed.OPENED, who, "a pass has confirmed a difference", now);
        }
        if (isTheSame(before, found)) {
            return new Change(
                    new Review(
                            withReasonOf(before, found),
                            before.state(),
                            before.since(),
                            now,
                            before.claim(),
                            before.decision(),
                            before.version()),
                    null);
        }
        Review changed = new Review(found, State.OPEN, before.since(), now, before.claim(), null, before.version() + 1);
        return entry(changed, Deed.CHANGED, who, "what differs is another thing than before", now);
    }

    /** A pass that says no reason knows of none; what a backfill has said stays. */
    private static Found withReasonOf(Review before, Found found) {
        String reason = before.found().difference().reason();
        return found.difference().reason() == null && reason != null
                ? new Found(found.difference().because(reason), found.cursor())
                : found;
    }

    /** What was accepted for one reason is not accepted for another; but whichever side has become authoritative since, the row is lacking. */
    private static boolean isTheSame(Review before, Found found) {
        Difference known = before.found().difference();
        String reason = found.difference().reason();
        return before.state() == State.ACCEPTED
                ? known.kind() == found.difference().kind() && (reason == null || reason.equals(known.reason()))
                : known.isSameAs(found.difference());
    }

    /** Somebody claims it; empty where somebody else's claim still runs, or it is closed. */
    public static Optional<Change> claim(Review before, String who, Duration lease, Instant now) {
        Review.requireLease(lease);
        Claim claim = new Claim(who, now.plus(lease));
        boolean isAnothers = before.claimedBy(now).filter(by -> !by.equals(who)).isPresent();
        if (isAnothers || isSettled(before)) {
            return Optional.empty();
        }
        Review claimed = next(before, before.state(), claim, before.decision());
        return Optional.of(entry(claimed, Deed.CLAIMED, who, "for " + lease, now));
    }

    /** Somebody gives it back; empty where it is not theirs. */
    public static Optional<Change> release(Review before, String who, Instant now) {
        return before.claimedBy(now)
                .filter(who::equals)
                .map(by -> entry(
                        next(before, before.state(), null, before.decision()), Deed.RELEASED, who, "given back", now));
    }

    /** Somebody decides; refused where it is not theirs to decide. */
    public static Change decide(Review before, Side right, String who, String note, Instant now) {
        Decision decision = new Decision(right, who, note, now);
        requireTheirs(before, who, now);
        return entry(next(before, State.DECIDED, null, decision), Deed.DECIDED, who, note, now);
    }

    /** Somebody accepts that the target lacks a row; refused where it is not theirs to decide, or another difference. */
    public static Change accept(Review before, String who, String note, Instant now) {
        requireTheirs(before, who, now);
        if (before.found().difference().kind() != Difference.Kind.MISSING_IN_TARGET) {
            throw new MigrationException(
                    "a review of kind " + before.found().difference().kind()
                            + " cannot be accepted, because what differs in such a row may be another value tomorrow; decide(..) which side is right");
        }
        return entry(next(before, State.ACCEPTED, null, null), Deed.CLOSED, who, note, now);
    }

    private static boolean isSettled(Review review) {
        return review.state() == State.CLOSED || review.state() == State.ACCEPTED;
    }

    private static void requireTheirs(Review before, String who, Instant now) {
        String claimed = before.claimedBy(now).orElse("");
        if (!claimed.equals(who) || isSettled(before)) {
            throw new MigrationException(
                    "'" + who + "' cannot decide a review that is " + before.state() + " and claimed by "
                            + (claimed.isEmpty() ? "nobody" : "'" + claimed + "'")
                            + "; claim(..) it first, and decide before the lease ends");
        }
    }

    /** It is settled; empty where it is closed, or was changed since the version. */
    public static Optional<Change> close(Review before, long version, String who, String note, Instant now) {
        return before.state() == State.CLOSED || before.version() != version
                ? Optional.empty()
                : Optional.of(entry(next(before, State.CLOSED, null, before.decision()), Deed.CLOSED, who, note, now));
    }

    /** What is said to somebody who decides where there is no review. */
    public static MigrationException unknown() {
        return new MigrationException("there is no review of this key; list(..) says which there are");
    }

    private static Review next(Review before, State state, @Nullable Claim claim, @Nullable Decision decision) {
        return new Review(
                before.found(), state, before.since(), before.lastSeen(), claim, decision, before.version() + 1);
    }

    private static Change entry(Review review, Deed deed, String who, String note, Instant now) {
        Review.check("who", who, 200);
        Review.check("note", note, 2_000);
        return new Change(review, new Entry(review.version(), now, who, deed, note));
    }
}
