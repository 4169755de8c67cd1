package dev.migrate.examples.users.check;

/**
 * Something that a database does not hold as it must.
 *
 * @param user whose
 * @param facet which part of the account
 * @param database where, or both of them
 */
public record Finding(long user, String facet, String database, Kind kind, String detail) {

    /** What is wrong. */
    public enum Kind {
        /** An acknowledged write is not there: the row is missing, or holds an older version. */
        LOST,
        /** What was deleted, and the deletion acknowledged, is there again. */
        RETURNED,
        /** The row holds what nobody ever wrote. */
        FOREIGN,
        /** The two databases hold different rows. */
        DIVERGED
    }

    @Override
    public String toString() {
        return kind + ": " + facet + " of user " + user + " in " + database + ": " + detail;
    }
}
