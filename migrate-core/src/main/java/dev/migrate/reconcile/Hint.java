package dev.migrate.reconcile;

/**
 * A rule that makes the two values of a field equal: what has probably happened to the value on its way. It is said only where it was applied
 * and made them equal; it is no proof of a cause, and holds no value.
 */
public enum Hint {
    /** One is NULL, the other is empty text or no bytes. */
    NULL_FOR_EMPTY,
    /** Texts that are equal without the white space around them. */
    SURROUNDING_SPACES,
    /** Texts that are equal in another case. */
    CASE,
    /** Texts that are equal in the same normalised form of Unicode. */
    UNICODE_FORM,
    /** One is the beginning of the other: of a text, of bytes, or of a number or time without the digits that the other lacks. */
    TRUNCATED,
    /** One is the other, rounded to fewer digits. */
    ROUNDED,
    /** Times that are a whole number of hours apart, at most 26: a time zone was added, or lost. */
    SHIFTED_BY_HOURS
}
