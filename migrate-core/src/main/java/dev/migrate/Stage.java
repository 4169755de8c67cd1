package dev.migrate;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A rung of the ladder from the legacy to the target system, with everything that follows from standing on it as data.
 *
 * <p>Only neighbouring stages may follow each other, so that two nodes of which one has not yet heard of a step still agree on
 * what is safe. Within {@link #DUAL_WRITE}, {@link #SHADOW} and {@link #LIVE} a share of the keys may already stand on the next
 * stage; see {@link Position}.
 */
public enum Stage {
    /** Only legacy is read and written. */
    LEGACY_ONLY(Side.LEGACY, false, false, false),
    /** Legacy answers; writes are copied to the target. */
    DUAL_WRITE(Side.LEGACY, true, false, true),
    /** Legacy answers; the target is written, and read for comparison. */
    SHADOW(Side.LEGACY, true, true, true),
    /** The target answers; legacy is written, and read for comparison. */
    LIVE(Side.TARGET, true, true, true),
    /** The target answers; legacy is still written, so that there is a way back. */
    RAMP_DOWN(Side.TARGET, true, false, false),
    /** Only the target is read and written. There is no way back by this library. */
    TARGET_ONLY(Side.TARGET, false, false, false);

    private static final List<Stage> LADDER = List.of(values());

    private final Side authoritative;
    private final boolean writesShadow;
    private final boolean comparesReads;
    private final boolean hasShares;

    Stage(Side authoritative, boolean writesShadow, boolean comparesReads, boolean hasShares) {
        this.authoritative = authoritative;
        this.writesShadow = writesShadow;
        this.comparesReads = comparesReads;
        this.hasShares = hasShares;
    }

    /** The side whose answer is the caller's, for reads and for writes. */
    public Side authoritative() {
        return authoritative;
    }

    /** The other side, whether it is used on this stage or not. */
    public Side shadow() {
        return authoritative.other();
    }

    /** Whether the shadow receives a copy of every write. */
    public boolean writesShadow() {
        return writesShadow;
    }

    /** Whether reads are also sent to the shadow and compared. */
    public boolean comparesReads() {
        return comparesReads;
    }

    /** The sides that are written, the authoritative one first. */
    public List<Side> writes() {
        return writesShadow ? List.of(authoritative, shadow()) : List.of(authoritative);
    }

    /** The side that is read for comparison, if any. */
    public Optional<Side> comparedRead() {
        return comparesReads ? Optional.of(shadow()) : Optional.empty();
    }

    /** Whether a share of the keys may already stand on the next stage. */
    public boolean hasShares() {
        return hasShares;
    }

    /** Whether the share of this stage moves authority, and therefore moves by whole segments; see {@link Position}. */
    public boolean sharesMoveAuthority() {
        return hasShares && next().orElseThrow().authoritative != authoritative;
    }

    /** The stage after this one; empty for {@link #TARGET_ONLY}. */
    public Optional<Stage> next() {
        return at(rung() + 1);
    }

    /** The stage before this one; empty for {@link #LEGACY_ONLY}. */
    public Optional<Stage> previous() {
        return at(rung() - 1);
    }

    /** The stages that may follow this one: its neighbours, and none after {@link #TARGET_ONLY}. */
    public Set<Stage> mayStepTo() {
        EnumSet<Stage> neighbours = EnumSet.noneOf(Stage.class);
        if (this != TARGET_ONLY) {
            next().ifPresent(neighbours::add);
            previous().ifPresent(neighbours::add);
        }
        return neighbours;
    }

    /**
     * This stage with a share of the keys on the next one.
     *
     * @param percent 0 to 100; see {@link Position#of(Stage, int)} for the granularity and for the stages that have shares
     */
    public Position plusPercent(double percent) {
        return Position.ofPercent(this, percent);
    }

    /** The place on the ladder, from 0: the order of declaration is the order of the rungs. */
    @SuppressWarnings("EnumOrdinal")
    int rung() {
        return ordinal();
    }

    private static Optional<Stage> at(int rung) {
        return rung < 0 || rung >= LADDER.size() ? Optional.empty() : Optional.of(LADDER.get(rung));
    }
}
