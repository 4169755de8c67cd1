package dev.migrate;

/**
 * Something with a position that a rollout turns step by step: a migration, or a flag.
 *
 * <p>Thread-safe.
 *
 * @param <P> what the dial points at, ordered from the beginning to the end of a rollout
 */
public interface Dial<P extends Comparable<? super P>> {
    /** The name of the migration or flag. */
    String name();

    /** Where the dial stands now, as this node knows it. */
    P current();

    /**
     * Turns the dial by one step, audited.
     *
     * @param why a reason that a reader of the audit trail will understand; not blank
     * @throws MigrationException where the step is not allowed; the dial then stands where it stood
     */
    void turnTo(P to, String why);

    /**
     * Turns the dial back, by as many steps as it takes; for a rollback.
     *
     * @param why a reason that a reader of the audit trail will understand; not blank
     */
    void turnBackTo(P to, String why);

    /** The text form in which a rollout remembers a position. */
    String format(P position);

    /** Reads the text form that {@link #format} gives. */
    P parse(String text);

    /** What is measured of the calls that this dial divides between the two sides. */
    Traffic traffic();
}
