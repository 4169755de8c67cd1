package dev.migrate;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * Where a migration stands: a stage and the share of keys that are already on the next one, such as {@code SHADOW + 25 %}.
 *
 * <p>Every key falls into one of 1,000,000 buckets by a hash of its own; its effective stage is the next one exactly when its
 * bucket is below the share. A growing share therefore never sends a key back, and at any time a key stands on one of two
 * neighbouring stages. Positions are ordered along the ladder. {@code SHADOW + 100 %} is {@code LIVE}: there is one form of each.
 *
 * @param stage the stage of the keys that have not moved on
 * @param partsPerMillion the share of keys on the next stage, 0 to 999,999; 0 for stages that move as a whole; in
 *     {@link Stage#SHADOW}, where the share moves authority, a multiple of {@link #BUCKETS_PER_SEGMENT}
 */
public record Position(Stage stage, int partsPerMillion) implements Comparable<Position> {
    /** The number of buckets that keys are hashed into. */
    public static final int BUCKETS = 1_000_000;

    /** The number of segments, the unit in which authority moves. */
    public static final int SEGMENTS = 1_000;

    /** The number of buckets in a segment. */
    public static final int BUCKETS_PER_SEGMENT = BUCKETS / SEGMENTS;

    /** Where every migration begins. */
    public static final Position START = new Position(Stage.LEGACY_ONLY, 0);

    /** Checks the rules that the type's description gives. */
    public Position {
        if (partsPerMillion < 0 || partsPerMillion >= BUCKETS) {
            throw new MigrationException("the share of " + stage
                    + " must be between 0 and 999999 parts per million, but was " + partsPerMillion
                    + "; the whole is the next stage: use Position.of(stage, share), which normalises it");
        }
        if (partsPerMillion != 0 && !stage.hasShares()) {
            throw new MigrationException("the share of " + stage + " must be 0, but was " + partsPerMillion
                    + " parts per million; " + stage + " moves as a whole: step to the stage itself");
        }
        if (stage.sharesMoveAuthority() && partsPerMillion % BUCKETS_PER_SEGMENT != 0) {
            throw new MigrationException(
                    "the share of " + stage + " must be a multiple of 0.1 percent, but was " + partsPerMillion
                            + " parts per million; authority moves by segments of 0.1 percent: round the share");
        }
    }

    /** The position of a whole stage. */
    public static Position of(Stage stage) {
        return new Position(stage, 0);
    }

    /**
     * A stage and a share, in the one form that each position has.
     *
     * @param partsPerMillion 0 to 1,000,000; 1,000,000 gives the next stage
     */
    public static Position of(Stage stage, int partsPerMillion) {
        if (partsPerMillion == BUCKETS && stage.hasShares()) {
            return of(stage.next().orElseThrow());
        }
        return new Position(stage, partsPerMillion);
    }

    static Position ofPercent(Stage stage, double percent) {
        return of(stage, partsPerMillion(percent));
    }

    /**
     * A percentage in parts per million.
     *
     * @param percent 0 to 100, with at most four decimals
     */
    public static int partsPerMillion(double percent) {
        if (!(percent >= 0 && percent <= 100)) {
            throw new MigrationException("percent must be between 0 and 100, but was " + percent);
        }
        BigDecimal parts = new BigDecimal(Double.toString(percent)).movePointRight(4);
        if (parts.setScale(0, RoundingMode.DOWN).compareTo(parts) != 0) {
            throw new MigrationException("percent must have at most four decimals, but was " + percent
                    + "; the finest share is 0.0001 percent");
        }
        return parts.intValueExact();
    }

    /** The stage of the keys in a bucket, 0 to 999,999. */
    public Stage stageOf(int bucket) {
        return bucket < partsPerMillion ? stage.next().orElseThrow() : stage;
    }

    /** The segment, 0 to 999, of a bucket. */
    public static int segmentOf(int bucket) {
        return bucket / BUCKETS_PER_SEGMENT;
    }

    /** Whether no key is on the next stage. */
    public boolean isWhole() {
        return partsPerMillion == 0;
    }

    /** The side that is authoritative for the keys of a segment, 0 to 999. */
    public Side authoritativeFor(int segment) {
        return stageOf(segment * BUCKETS_PER_SEGMENT).authoritative();
    }

    /**
     * Why one step may not lead from here to another position; empty where it may.
     *
     * <p>A step changes the share within a stage, or leads to the next whole stage, or from a whole stage to the one before: so
     * no key moves further than one stage.
     */
    public Optional<String> refusalOfStepTo(Position to) {
        if (to.equals(this)) {
            return Optional.of("it already stands at " + this);
        }
        if (stage == Stage.TARGET_ONLY) {
            return Optional.of("there is no way back from TARGET_ONLY: legacy has not been written since");
        }
        if (to.stage == stage) {
            return Optional.empty();
        }
        if (!stage.mayStepTo().contains(to.stage)) {
            return Optional.of("a step leads to a neighbouring stage: go by "
                    + (compareTo(to) < 0 ? stage.next() : stage.previous()).orElseThrow() + " first");
        }
        if (compareTo(to) < 0) {
            return to.isWhole()
                    ? Optional.empty()
                    : Optional.of("a step to another stage leads to the whole of it: go by " + to.stage + " first");
        }
        return isWhole()
                ? Optional.empty()
                : Optional.of("keys on the next stage come back before the rest: go by " + stage + " first");
    }

    /** The place along the ladder, as one number: 1,000,000 for each stage, plus the share. */
    @SuppressWarnings("EnumOrdinal") // the order of the stages is the ladder
    public int walk() {
        return stage.ordinal() * BUCKETS + partsPerMillion;
    }

    @Override
    public int compareTo(Position other) {
        return Integer.compare(walk(), other.walk());
    }

    /** The text form, such as {@code SHADOW} or {@code SHADOW + 25 %}; {@link #parse} reads it. */
    @Override
    public String toString() {
        return isWhole()
                ? stage.name()
                : stage.name() + " + "
                        + BigDecimal.valueOf(partsPerMillion, 4)
                                .stripTrailingZeros()
                                .toPlainString() + " %";
    }

    /** Reads the text form that {@link #toString} gives; spaces do not matter. */
    public static Position parse(String text) {
        String compact = text.replace(" ", "");
        int plus = compact.indexOf('+');
        try {
            if (plus < 0) {
                return of(Stage.valueOf(compact));
            }
            if (!compact.endsWith("%")) {
                throw new IllegalArgumentException("no percent sign");
            }
            BigDecimal percent = new BigDecimal(compact.substring(plus + 1, compact.length() - 1));
            return of(
                    Stage.valueOf(compact.substring(0, plus)),
                    percent.movePointRight(4).intValueExact());
        } catch (IllegalArgumentException | ArithmeticException malformed) {
            throw new MigrationException(
                    "a position must read like SHADOW or SHADOW + 25 %, but was '" + text + "'", malformed);
        }
    }
}
