package dev.migrate.verify.model;

/** Takes the steps that lead on from a state. A step is begun with {@link #draft} and ended with {@link #take}, one at a time. */
interface Steps<S extends State> {
    /** A copy of the state that the steps lead on from, to be changed. */
    S draft();

    /**
     * A step from the state to the draft.
     *
     * @param details what stands for the {@code %s} of the action's text
     */
    void take(S draft, Action action, Object... details);
}
