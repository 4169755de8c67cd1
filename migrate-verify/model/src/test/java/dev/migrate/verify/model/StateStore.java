package dev.migrate.verify.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The states that were found, in the order in which they were found: each once, in a fixed number of bytes, with the state that it was
 * reached from. A million states of forty bytes take about sixty megabytes.
 */
final class StateStore {
    private static final int PER_PAGE = 1 << 14;
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private final int length;
    private byte[][] pages = new byte[16][];
    private int[] parents = new int[PER_PAGE];
    private int[] table = new int[4 * PER_PAGE];
    private int size;

    /**
     * A store without states.
     *
     * @param length how many bytes each state has
     */
    StateStore(int length) {
        this.length = length;
        Arrays.fill(table, -1);
    }

    int size() {
        return size;
    }

    int parentOf(int state) {
        return parents[state];
    }

    byte[] pageOf(int state) {
        return pages[state / PER_PAGE];
    }

    int offsetOf(int state) {
        return state % PER_PAGE * length;
    }

    boolean holds(int state, byte[] bytes) {
        int offset = offsetOf(state);
        return Arrays.equals(pageOf(state), offset, offset + length, bytes, 0, length);
    }

    /** Adds a state that is not there yet. */
    void add(byte[] bytes, int bytesLength, int parent) {
        if (bytesLength != length) {
            throw new IllegalStateException("all states have " + length + " bytes, but this one has " + bytesLength);
        }
        int slot = slotOf(bytes);
        if (table[slot] >= 0) {
            return;
        }
        table[slot] = size;
        append(bytes, parent);
        if (size > table.length / 2) {
            grow();
        }
    }

    private void append(byte[] bytes, int parent) {
        if (size == parents.length) {
            parents = Arrays.copyOf(parents, parents.length * 3 / 2);
        }
        int page = size / PER_PAGE;
        if (page == pages.length) {
            pages = Arrays.copyOf(pages, pages.length * 2);
        }
        if (pages[page] == null) {
            pages[page] = new byte[PER_PAGE * length];
        }
        System.arraycopy(bytes, 0, pages[page], offsetOf(size), length);
        parents[size++] = parent;
    }

    /** The slot of a state that is there, or an empty one. */
    private int slotOf(byte[] sought) {
        int slot = hash(sought, 0) & table.length - 1;
        while (table[slot] >= 0 && !holds(table[slot], sought)) {
            slot = slot + 1 & table.length - 1;
        }
        return slot;
    }

    private void grow() {
        int[] larger = new int[table.length * 2];
        Arrays.fill(larger, -1);
        for (int state = 0; state < size; state++) {
            int slot = hash(pageOf(state), offsetOf(state)) & larger.length - 1;
            while (larger[slot] >= 0) {
                slot = slot + 1 & larger.length - 1;
            }
            larger[slot] = state;
        }
        table = larger;
    }

    private int hash(byte[] bytes, int offset) {
        long hash = length;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            hash = mixed(hash ^ (long) EIGHT_BYTES.get(bytes, offset + at));
        }
        long rest = 0;
        for (; at < length; at++) {
            rest = rest << Byte.SIZE | bytes[offset + at] & 0xff;
        }
        return (int) mixed(hash ^ rest);
    }

    private static long mixed(long hash) {
        long product = hash * 0x9E3779B97F4A7C15L;
        return product ^ product >>> 32;
    }
}
