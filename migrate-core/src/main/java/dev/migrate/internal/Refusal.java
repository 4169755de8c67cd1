package dev.migrate.internal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why an option cannot have a value, in one form for all: the option, the rule, the value, and the remedy; null where it can. */
public final class Refusal {
    private static final String LONGER = "give a longer time";
    private static final String SHORTER = "give a shorter time";

    private Refusal() {}

    /** Of a number outside of a range, both ends of which are in it. */
    public static @Nullable String outside(String option, long value, long least, long most) {
        return value < least || value > most
                ? text(option, "be between " + least + " and " + most, value, number(value < least))
                : null;
    }

    /** Of a number that is too small. */
    public static @Nullable String below(String option, long value, long least) {
        return value < least ? text(option, "be at least " + least, value, number(true)) : null;
    }

    /** Of a length of time outside of a range, both ends of which are in it. */
    public static @Nullable String outside(String option, Duration value, Duration least, Duration most) {
        boolean isShort = value.compareTo(least) < 0;
        return isShort || value.compareTo(most) > 0
                ? text(option, "be between " + least + " and " + most, value, isShort ? LONGER : SHORTER)
                : null;
    }

    /** Of a length of time that is too short. */
    public static @Nullable String below(String option, Duration value, Duration least) {
        return value.compareTo(least) < 0 ? text(option, "be at least " + least, value, LONGER) : null;
    }

    /** Of a length of time that is none. */
    public static @Nullable String notPositive(String option, Duration value) {
        return notPositive(option, value, LONGER);
    }

    /** Of a length of time that is none, where something better is to be done than to give a longer one. */
    public static @Nullable String notPositive(String option, Duration value, String remedy) {
        return value.isNegative() || value.isZero() ? text(option, "be positive", value, remedy) : null;
    }

    /** Of a length of time below zero. */
    public static @Nullable String negative(String option, Duration value, String remedy) {
        return value.isNegative() ? text(option, "not be negative", value, remedy) : null;
    }

    private static String number(boolean isSmall) {
        return isSmall ? "give a larger number" : "give a smaller number";
    }

    private static String text(String option, String rule, Object value, String remedy) {
        return option + " must " + rule + ", but was " + value + "; " + remedy;
    }
}
