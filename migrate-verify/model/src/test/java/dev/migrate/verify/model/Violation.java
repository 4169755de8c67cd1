package dev.migrate.verify.model;

/** A promise that a state breaks, and how. */
record Violation(Promise promise, String detail) {
    @Override
    public String toString() {
        return promise + ": " + detail;
    }
}
