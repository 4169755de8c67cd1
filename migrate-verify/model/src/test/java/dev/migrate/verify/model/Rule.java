package dev.migrate.verify.model;

import static dev.migrate.verify.model.Promise.CONVERGENCE;
import static dev.migrate.verify.model.Promise.NOTHING_IS_STUCK;
import static dev.migrate.verify.model.Promise.NO_HIDDEN_DEBT;
import static dev.migrate.verify.model.Promise.NO_STALE_READ;
import static dev.migrate.verify.model.Promise.ONE_AUTHORITY;
import static dev.migrate.verify.model.Promise.ROLES_FIT_POSITION;

import java.util.List;

/** A rule of the protocol; left out, it breaks a promise in each of the concerns that it names. */
enum Rule {
    VERSION_CONDITION(
            "A copy is written only where its version is after the one that the shadow's ledger has.",
            of(Concern.JOURNAL, NO_HIDDEN_DEBT),
            of(Concern.HANDOVER, NO_STALE_READ)),
    LEDGER_FIRST(
            "A copy moves the ledger's row before it touches the data row, so that its lock keeps two copiers apart.",
            of(Concern.JOURNAL, NO_HIDDEN_DEBT),
            of(Concern.HANDOVER, NO_STALE_READ)),
    TOMBSTONE(
            "A copied delete leaves its version in the ledger.",
            of(Concern.JOURNAL, NO_HIDDEN_DEBT),
            of(Concern.HANDOVER, NO_STALE_READ)),
    SEQUENCE_OUTLIVES_ROW(
            "A sequence does not begin anew when the journal's row is gone.",
            of(Concern.JOURNAL, NO_HIDDEN_DEBT),
            of(Concern.HANDOVER, NO_STALE_READ)),
    DRAWN_UNDER_LOCK("A version is drawn while the journal's row is locked.", of(Concern.JOURNAL, NO_HIDDEN_DEBT)),
    VERSION_BEFORE_VALUE(
            "Whoever copies takes the version before the value.",
            of(Concern.JOURNAL, NO_HIDDEN_DEBT),
            of(Concern.HANDOVER, NO_STALE_READ)),
    CLEARS_ITS_OWN_VERSION(
            "A debt is struck out only where its version is still the one that was copied.",
            of(Concern.JOURNAL, NO_HIDDEN_DEBT),
            of(Concern.HANDOVER, NO_STALE_READ)),

    CLEARS_WHAT_ARRIVED(
            "A debt is struck out only after a copy that was accepted, or found the same version or a later one there.",
            of(Concern.DEBT, NO_STALE_READ)),
    ATTEMPT_READS_AGAIN(
            "The attempt after a commit uses nothing from memory: the write may have been undone by a savepoint.",
            of(Concern.JOURNAL, NO_HIDDEN_DEBT)),

    OWES_AGAIN(
            "After a chunk is copied, its keys that are in the journal or in the ledger are owed again.",
            of(Concern.BACKFILL, NO_HIDDEN_DEBT),
            of(Concern.HANDOVER, NO_STALE_READ)),
    OWES_UNDER_NEW_VERSION(
            "What is owed again is owed under a new version.",
            of(Concern.BACKFILL, NO_HIDDEN_DEBT),
            of(Concern.HANDOVER, NO_STALE_READ)),
    OWES_AFTER_A_CRASH(
            "Whoever finds a chunk copied but not done repeats the owing.", of(Concern.BACKFILL, NO_HIDDEN_DEBT)),
    JOURNAL_BEFORE_LEDGER(
            "Whether a key is owed again is looked up in the journal first, and in the ledger after that.",
            of(Concern.BACKFILL, NO_HIDDEN_DEBT)),
    TOUCHED_BY_ROW(
            "Any row in the journal or the ledger counts, not only one beyond a watermark of the sequence.",
            of(Concern.BACKFILL, NO_HIDDEN_DEBT)),
    CHUNK_TOKEN(
            "A worker commits a chunk only while nobody else has claimed it since.",
            of(Concern.BACKFILL, NO_HIDDEN_DEBT)),
    COPIED_WITH_ITS_ROWS(
            "A chunk is noted as copied in the transaction that writes its rows.",
            of(Concern.BACKFILL, NO_HIDDEN_DEBT)),

    SIDE_FENCE("A side itself refuses a write where it is not the authority.", of(Concern.HANDOVER, NO_STALE_READ)),
    DRAIN(
            "Authority moves only once the giver owes nothing for the key.",
            of(Concern.HANDOVER, NO_STALE_READ),
            of(Concern.CONTROL, NO_STALE_READ)),
    BACKFILL_DONE("Authority moves only once the backfill is done.", of(Concern.HANDOVER, NO_STALE_READ)),
    UNREADABLE_FIRST(
            "A side takes writes only once no node reads the other: each has acknowledged, or its lease has run out.",
            of(Concern.HANDOVER, NO_STALE_READ),
            of(Concern.CONTROL, NO_STALE_READ),
            of(Concern.SHARES, NO_STALE_READ),
            of(Concern.LEASES, NO_STALE_READ)),
    PINNED_READS_REFUSED(
            "A read in a unit of work that is pinned to an earlier position is refused once the node knows a later one.",
            of(Concern.HANDOVER, NO_STALE_READ)),
    LEASE_STOPS_READS(
            "A node whose lease has run out reads nothing until it has asked the store.",
            of(Concern.HANDOVER, NO_STALE_READ),
            of(Concern.LEASES, NO_STALE_READ)),
    PARKED_BLOCKS("A parked key holds up a handover.", of(Concern.DEBT, NO_STALE_READ)),
    DISMISSED_BLOCKS(
            "A dismissed key holds up a handover until it has been copied after all.", of(Concern.DEBT, NO_STALE_READ)),

    COPIES_WAIT_FOR_ALL(
            "No key is copied from the journal before every node has acknowledged DUAL_WRITE.",
            of(Concern.ENTERING_WITHOUT_ROLES, NO_HIDDEN_DEBT)),
    BACKFILL_WAITS_FOR_ALL(
            "No chunk is copied before every node has acknowledged DUAL_WRITE.",
            of(Concern.ENTERING_WITHOUT_ROLES, NO_HIDDEN_DEBT)),
    ROLE_BEFORE_COPIES(
            "No key and no chunk is copied, and no proof of equality begun, before legacy's role says that its writes are owed.",
            of(Concern.ENTERING, NO_HIDDEN_DEBT),
            of(Concern.ENTERING_AGAIN, NO_HIDDEN_DEBT)),
    PINS_HOLD_ACKNOWLEDGEMENT(
            "A node acknowledges a step only once no unit of work runs that is pinned to an earlier one.",
            of(Concern.ENTERING_WITHOUT_ROLES, NO_HIDDEN_DEBT)),
    LEGACY_ONLY_CHECKS_ROLE(
            "In LEGACY_ONLY too, a write checks the side's role: a paused node would write without owing.",
            of(Concern.ENTERING, NO_HIDDEN_DEBT)),
    PROVED_AFTER_STEPPING_BACK(
            "After a step back to LEGACY_ONLY, equality is proved before authority moves.",
            of(Concern.ENTERING_AGAIN, NO_HIDDEN_DEBT)),
    PROOF_WAITS_FOR_ALL(
            "That proof is begun only once every node has acknowledged DUAL_WRITE.",
            of(Concern.ENTERING_WITHOUT_ROLES, NO_HIDDEN_DEBT)),
    PROOF_LOOKS_AT_DEBT(
            "That proof is begun only once nothing is owed any more that was owed before the step back.",
            of(Concern.ENTERING_AGAIN, NO_HIDDEN_DEBT)),

    GREATER_EPOCH_ONLY(
            "A role changes only to a greater epoch.",
            of(Concern.CONTROL, ROLES_FIT_POSITION),
            of(Concern.AUTHORITY, ONE_AUTHORITY)),
    ABORT_RAISES_BOTH(
            "Whoever ends a step raises the epoch of both sides' roles, also of one that is right already.",
            of(Concern.CONTROL, ROLES_FIT_POSITION)),
    TAKER_CLOSED_FIRST(
            "A step whose position has changed is turned back by a handover in reverse, which closes the side that took over first.",
            of(Concern.CONTROL, NO_STALE_READ),
            of(Concern.AUTHORITY, ONE_AUTHORITY)),
    TURNED_BACK_AFTER_DRAIN(
            "Such a step is turned back only once the side that took over owes nothing: it may have been opened unnoticed.",
            of(Concern.CONTROL, NO_STALE_READ)),

    SHARES_BY_SEGMENT("A share that moves authority is a whole number of segments.", of(Concern.SHARES, NO_STALE_READ)),

    EPOCH_RAISED_AFTER_RESTORE(
            "After a restore of an authoritative database the epoch is raised before it takes writes.",
            of(Concern.RESTORE, NO_HIDDEN_DEBT)),

    SIDE_REFUSES_OLDER(
            "A side without a ledger refuses a version that is not later than its own.",
            of(Concern.INTENTS, NO_STALE_READ)),
    INTENT_REFUSED_IF_FENCED(
            "The store refuses an intent where the range is fenced.", of(Concern.INTENTS, NO_STALE_READ)),
    SETTLED_BEFORE_READING(
            "Whoever settles an overdue intent removes it before reading the value.", of(Concern.INTENTS, CONVERGENCE)),
    SETTLING_OWES("Settling an intent owes its key, in the same step.", of(Concern.INTENTS, CONVERGENCE)),
    OVERDUE_IS_SETTLED(
            "An intent whose deadline has passed is settled by whoever finds it.",
            of(Concern.INTENTS, NOTHING_IS_STUCK)),
    ACKNOWLEDGES_UNSETTLED(
            "A write is acknowledged only where nobody has settled its intent.", of(Concern.INTENTS, NO_STALE_READ)),
    ACKNOWLEDGING_OWES(
            "Acknowledging a write removes its intent and owes its key, in one step.",
            of(Concern.INTENTS, NO_STALE_READ)),
    UNKNOWN_IS_OWED("A write whose outcome is unknown is owed.", of(Concern.INTENTS, CONVERGENCE)),

    LEASE_FROM_BEFORE_ASKING("A node counts its lease from before it asked.", of(Concern.LEASES, NO_STALE_READ)),
    LEASE_WITH_POSITION(
            "A renewed lease counts only once the node has learned the position that the store had when it renewed it.",
            of(Concern.LEASES, NO_STALE_READ)),
    LEASE_BY_LARGER_CLOCK(
            "A node counts its lease by whichever of the monotonic and the wall clock has gone further.",
            of(Concern.LEASES, NO_STALE_READ));

    private final String sentence;
    private final List<Breach> breaches;

    Rule(String sentence, Breach... breaches) {
        this.sentence = sentence;
        this.breaches = List.of(breaches);
    }

    /**
     * What is broken where the rule is left out.
     *
     * @param concern where it shows
     * @param promise what is broken, by the shortest counterexample
     */
    record Breach(Concern concern, Promise promise) {}

    private static Breach of(Concern concern, Promise promise) {
        return new Breach(concern, promise);
    }

    String sentence() {
        return sentence;
    }

    List<Breach> breaches() {
        return breaches;
    }
}
