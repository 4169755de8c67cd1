package dev.migrate;

import java.util.List;
import java.util.Optional;

/**
 * Something that has a part in the steps of a migration, such as a dual-write router, which hands authority over.
 *
 * <p>Called by one step at a time. Attached with {@link Migration#attach}.
 */
public interface StepParticipant {
    /** What it is called on every node, for {@link Migration#needPart}; empty where each process decides for itself what takes part. */
    default Optional<String> part() {
        return Optional.empty();
    }

    /** What stands against a step, each with its remedy; empty where nothing does. */
    List<String> blockers(Position from, Position to);

    /**
     * Prepares a step that hands authority over: when this returns, the segments' writes are held and everything owed has
     * arrived.
     *
     * @throws StepRefusedException where that could not be done within the step's time; {@link #abandon} follows
     */
    void prepare(Step step) throws Exception;

    /** Completes a step: the store has the position now. */
    void complete(Step step) throws Exception;

    /** Takes back what {@link #prepare} did: the step did not happen, and the store has {@code step.epoch()} for where it stood. */
    void abandon(Step step) throws Exception;
}
