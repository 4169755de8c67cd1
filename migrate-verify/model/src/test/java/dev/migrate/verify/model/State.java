package dev.migrate.verify.model;

/** A state of a model, or a part of one: a handful of small numbers and constants. */
abstract class State {
    /** Passes every field through a tape, always in the same order: {@code field = tape.number(field)}. */
    abstract void fields(Tape tape);

    /**
     * Makes states one that lead on by the same steps, such as those that differ in numbers of which only the order matters. Whoever
     * overrides this says why they do.
     */
    void normalise() {}
}
