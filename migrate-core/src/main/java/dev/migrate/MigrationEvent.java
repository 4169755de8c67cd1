package dev.migrate;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a migration, for listeners: metrics, alerts, a console.
 *
 * <p>No event holds a value of a row; keys, where they are given, are canonical texts, and are left out of {@code toString}.
 */
public sealed interface MigrationEvent {
    /** The migration, or the flag, that the event is about. */
    String migration();

    /** The position was changed, by this node or by another. */
    record PositionChanged(String migration, Position from, Position to, long epoch) implements MigrationEvent {}

    /** All live nodes have acknowledged an epoch, {@code took} after this node had made it. */
    record StepAcknowledged(String migration, long epoch, int nodes, Duration took) implements MigrationEvent {}

    /** Authority over some segments was handed over; writes to them were held for {@code pause}. */
    record HandoverCompleted(String migration, Side from, int segments, Duration pause) implements MigrationEvent {}

    /** A handover was abandoned, and authority stays where it was. */
    record HandoverAbandoned(String migration, Side from, int segments, String reason) implements MigrationEvent {}

    /** A copy to the shadow failed; the key stays owed. */
    record ShadowWriteFailed(String migration, String records, Side shadow, String key, Throwable cause)
            implements MigrationEvent {
        @Override
        public String toString() {
            return "ShadowWriteFailed[migration=" + migration + ", records=" + records + ", shadow=" + shadow
                    + ", cause=" + cause.getClass().getName() + "]";
        }
    }

    /** A key whose copy had failed has arrived at the shadow. */
    record ShadowWriteRepaired(String migration, String records, Side shadow, String key, Duration owedFor)
            implements MigrationEvent {
        @Override
        public String toString() {
            return "ShadowWriteRepaired[migration=" + migration + ", records=" + records + ", shadow=" + shadow
                    + ", owedFor=" + owedFor + "]";
        }
    }

    /** A key failed so often that it is left until somebody decides. */
    record KeyParked(String migration, String records, Side shadow, String key, int attempts)
            implements MigrationEvent {
        @Override
        public String toString() {
            return "KeyParked[migration=" + migration + ", records=" + records + ", shadow=" + shadow + ", attempts="
                    + attempts + "]";
        }
    }

    /**
     * A write, or a call, has ended without saying whether it took effect, and may yet take effect: {@code cause} has reached the caller.
     */
    record OutcomeUnknown(String migration, String subject, Side side, Throwable cause) implements MigrationEvent {
        @Override
        public String toString() {
            return "OutcomeUnknown[migration=" + migration + ", subject=" + subject + ", side=" + side + ", cause="
                    + cause.getClass().getName() + "]";
        }
    }

    /** Somebody decided that a parked key need not be copied any more. */
    record KeyDismissed(String migration, String records, Side shadow, String key, String who, String why)
            implements MigrationEvent {
        @Override
        public String toString() {
            return "KeyDismissed[migration=" + migration + ", records=" + records + ", shadow=" + shadow + ", who="
                    + who + ", why=" + why + "]";
        }
    }

    /**
     * What a shadow is owed, as the worker has measured it: told about once a second while anything is owed, and once when nothing is.
     *
     * @param keys the owed keys, parked ones included
     * @param parked the parked ones
     * @param dismissed keys that were dismissed and have not arrived
     * @param age that of the oldest owed key; zero where there is none
     */
    record DebtMeasured(
            String migration, String records, Side shadow, long keys, long parked, long dismissed, Duration age)
            implements MigrationEvent {}

    /** What is owed has reached a limit of the router's, or is below it again. */
    record PressureChanged(String migration, String records, Set<Pressure> from, Set<Pressure> to)
            implements MigrationEvent {
        /** Copies the sets. */
        public PressureChanged {
            from = Set.copyOf(from);
            to = Set.copyOf(to);
        }
    }

    /** What gives way to debt, one after the other as it grows. */
    enum Pressure {
        /** A backfill waits before each chunk. */
        SLOWS_BACKFILL,
        /** No attempt is made right after a commit. */
        LEAVES_TO_WORKER,
        /** The debt guard holds a rollout. */
        HOLDS_ROLLOUT,
        /** The debt guard turns a rollout back. */
        TRIPS_GUARD,
        /** Writes are held or refused, where the router was told to. */
        STOPS_WRITES
    }

    /** A read of both sides was compared. */
    record ReadCompared(String migration, String subject, Side authoritative, String key, Comparison result)
            implements MigrationEvent {
        @Override
        public String toString() {
            return "ReadCompared[migration=" + migration + ", subject=" + subject + ", authoritative=" + authoritative
                    + ", result=" + result + "]";
        }
    }

    /** How a comparison ended. */
    enum Comparison {
        /** Both sides gave equal answers. */
        EQUAL,
        /** The answers differ. */
        DIFFERENT,
        /** The answers differ, and the shadow is still owed the key: not a finding. */
        IN_FLIGHT,
        /** The shadow failed. */
        SHADOW_FAILED,
        /** The shadow did not answer in time. */
        SHADOW_TIMED_OUT,
        /** The comparator failed. */
        COMPARATOR_FAILED
    }

    /** A call was answered by the other side than the one it was meant for. */
    record FellBack(
            String migration,
            String subject,
            Side from,
            @Nullable Throwable cause) implements MigrationEvent {
        @Override
        public String toString() {
            return "FellBack[migration=" + migration + ", subject=" + subject + ", from=" + from + ", cause="
                    + (cause == null ? "breaker open" : cause.getClass().getName()) + "]";
        }
    }

    /** A breaker in front of a side opened or closed. */
    record BreakerChanged(String migration, String subject, Side side, boolean isOpen) implements MigrationEvent {}

    /** Work for the shadow was dropped because its queue is full; {@code inAll} of them since the start. */
    record ShadowWorkDropped(String migration, long inAll) implements MigrationEvent {}

    /** A flag was turned. */
    record FlagTurned(String migration, String from, String to, String who, String why) implements MigrationEvent {}

    /**
     * A backfill went on, or waits.
     *
     * @param heldBy why it waits before its next chunk, or ends there: an order, a throttle or debt; null while it copies
     */
    record BackfillProgress(
            String migration,
            String table,
            long rows,
            long expectedRows,
            double rowsPerSecond,
            boolean isDone,
            @Nullable String heldBy)
            implements MigrationEvent {}

    /** A reconciliation went on; {@code clearedBySignature} of the {@code rows} were not read one by one. */
    record ReconciliationProgress(
            String migration,
            String table,
            long rows,
            long clearedBySignature,
            long expectedRows,
            long differences,
            boolean isDone)
            implements MigrationEvent {}

    /**
     * A pass over the rows that have changed has ended.
     *
     * @param rows how often a row was compared
     * @param differences how many differed, when nothing was on its way or beyond those that were looked at again
     * @param open how many rows the next pass looks at in any case
     * @param isMarkMoved whether the next pass begins where this one has
     */
    record ChangesReconciled(String migration, String table, long rows, long differences, int open, boolean isMarkMoved)
            implements MigrationEvent {}

    /** A pass of a schedule has ended, on this node; {@code what} is for people. */
    record PassEnded(String migration, String pass, PassResult result, String what, Duration took)
            implements MigrationEvent {}

    /** What a pass came to. */
    enum PassResult {
        /** Nothing was found. */
        CLEAN,
        /** Something was found. */
        NOT_CLEAN,
        /** It could not be made to its end. */
        FAILED
    }

    /** A rollout did something; {@code what} is for people. */
    record RolloutAdvanced(String migration, Verdict verdict, String position, String what, Instant at)
            implements MigrationEvent {}

    /** What a rollout decided. */
    enum Verdict {
        /** The dial was turned on. */
        GO_ON,
        /** The dial stays where it is. */
        HOLD,
        /** The dial was turned back. */
        ROLL_BACK,
        /** The last step has been taken. */
        DONE
    }
}
