package dev.migrate.verify.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The states that were found, in the order in which they were found: each once, in a fixed number of bytes, with the state that it was
 * reached from. A million states of fifty bytes take about eighty megabytes.
 *
 * <p>States are found by an open hash table, whose entries have the hash in their upper half and the state's number, plus one, in the
 * lower. Two states with the same hash are told apart by their bytes: nothing is left out by chance.
 */
final class StateStore {
    private static final int PER_PAGE = 1 << 14;
    private static final long NUMBER = 0xFFFF_FFFFL;
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private final int length;
    private byte[][] pages = new byte[16][];
    private int[] parents = new int[PER_PAGE];
    private long[] table = new long[2 * PER_PAGE];
    private int size;

    /**
     * A store without states.
     *
     * @param length how many bytes each state has
     */
    StateStore(int length) {
        this.length = length;
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
        long hash = hash(bytes) & ~NUMBER;
        int slot = firstSlot(table, hash);
        while (table[slot] != 0) {
            long entry = table[slot];
            if ((entry & ~NUMBER) == hash && holds((int) (entry & NUMBER) - 1, bytes)) {
                return;
            }
            slot = slot + 1 & table.length - 1;
        }
        append(bytes, parent);
        table[slot] = hash | size;
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

    private void grow() {
        long[] larger = new long[table.length * 2];
        for (long entry : table) {
            if (entry != 0) {
                int slot = firstSlot(larger, entry);
                while (larger[slot] != 0) {
                    slot = slot + 1 & larger.length - 1;
                }
                larger[slot] = entry;
            }
        }
        table = larger;
    }

    private static int firstSlot(long[] table, long hash) {
        return (int) (hash >>> Integer.SIZE) & table.length - 1;
    }

    private long hash(byte[] bytes) {
        long hash = length;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            hash = mixed(hash ^ (long) EIGHT_BYTES.get(bytes, at));
        }
        long rest = 0;
        for (; at < length; at++) {
            rest = rest << Byte.SIZE | bytes[at] & 0xff;
        }
        return mixed(hash ^ rest);
    }

    private static long mixed(long hash) {
        long product = hash * 0x9E3779B97F4A7C15L;
        return product ^ product >>> Integer.SIZE;
    }
}
