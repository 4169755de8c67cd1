package dev.migrate.verify.model;

/** The values of a row: none, the one that it begins with, and one for each write. */
final class Values {
    static final int ABSENT = 0;
    static final int INITIAL = 1;
    static final int X = 2;
    static final int Y = 3;
    static final int Z = 4;
    private static final String[] NAMES = {"no row", "i", "x", "y", "z"};

    private Values() {}

    static String name(int value) {
        return NAMES[value];
    }
}
