package dev.migrate.verify.model;

import org.jspecify.annotations.Nullable;

/** A model: where it begins, which steps lead on from a state, and what must hold. */
interface Model<S extends State> {
    /** A new copy of the first state. */
    S initial();

    /** All steps that lead on from a state, which itself must not be changed. */
    void steps(S at, Steps<S> steps);

    /** The promise that a state breaks; null where it breaks none. */
    @Nullable Violation violation(S at);

    /** The promise that is broken where no step leads on. */
    @Nullable Violation violationAtRest(S at);
}
