package dev.migrate.verify.model;

import java.util.Arrays;

/**
 * Writes a state into bytes, or reads one from them: the same list of fields serves for both.
 *
 * <p>Parts that are alike, such as nodes that differ in nothing but their number, are written in a fixed order, whichever of them
 * is in which condition. States that differ only in the numbers of such parts are then one state.
 */
final class Tape {
    private static final int LONGEST = 256;
    private byte[] bytes = new byte[LONGEST];
    private int at;
    private boolean isWriting;
    private boolean isSorting;

    /** Writes a state from the beginning; returns how many bytes it takes. */
    int write(State state, boolean sorted) {
        at = 0;
        isWriting = true;
        isSorting = sorted;
        state.fields(this);
        return at;
    }

    /** The bytes that were written last. */
    byte[] bytes() {
        return bytes;
    }

    /** Reads a state from bytes of its own or of another. */
    void read(State state, byte[] from, int offset) {
        byte[] own = bytes;
        bytes = from;
        at = offset;
        isWriting = false;
        state.fields(this);
        bytes = own;
    }

    /** A number from 0 to 255. */
    int number(int value) {
        if (!isWriting) {
            return bytes[at++] & 0xff;
        }
        if (value < 0 || value > 0xff) {
            throw new IllegalStateException("a number of a state must be between 0 and 255, but was " + value);
        }
        bytes[at++] = (byte) value;
        return value;
    }

    boolean flag(boolean value) {
        return number(value ? 1 : 0) == 1;
    }

    /** One of an enumeration's constants. */
    <E extends Enum<E>> E one(E value, E[] constants) {
        return constants[number(value.ordinal())];
    }

    void numbers(int[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = number(values[i]);
        }
    }

    <E extends Enum<E>> void constants(E[] values, E[] constants) {
        for (int i = 0; i < values.length; i++) {
            values[i] = one(values[i], constants);
        }
    }

    /** Parts that no other part refers to by their number: they are interchangeable. */
    void alike(State[] parts) {
        int begin = at;
        for (State part : parts) {
            part.fields(this);
        }
        if (isWriting && isSorting) {
            sort(begin, (at - begin) / parts.length);
        }
    }

    private void sort(int begin, int length) {
        for (int next = begin + length; next < at; next += length) {
            for (int block = next; block > begin && isAfter(block - length, block, length); block -= length) {
                swap(block - length, block, length);
            }
        }
    }

    private boolean isAfter(int block, int other, int length) {
        return Arrays.compareUnsigned(bytes, block, block + length, bytes, other, other + length) > 0;
    }

    private void swap(int block, int other, int length) {
        for (int i = 0; i < length; i++) {
            byte moved = bytes[block + i];
            bytes[block + i] = bytes[other + i];
            bytes[other + i] = moved;
        }
    }
}
