package dev.migrate.verify.model;

import dev.migrate.side.Role;
import java.util.stream.Stream;

/** One key on two sides: its row and what the books of each side say, and whoever copies it. Arrays are indexed by side. */
abstract class KeyState extends State {
    static final int LEGACY = 0;
    static final int TARGET = 1;
    static final Role[] ROLES = Role.values();
    private static final String[] SIDES = {"legacy", "target"};

    /** The committed values. */
    final int[] row = {Values.INITIAL, Values.ABSENT};

    final Role[] role = {Role.AUTHORITY, Role.SHADOW};

    /** The epoch of the role. */
    final int[] epoch = {1, 1};

    /** The version under which the side owes the key to the other, in its journal. */
    final int[] owed = {Versions.NONE, Versions.NONE};

    /** Whether what is owed is to be copied, or has been given up. */
    final Standing[] standing = {Standing.DUE, Standing.DUE};

    /** The version that the side has accepted, in its ledger. */
    final int[] held = {Versions.NONE, Versions.NONE};

    final int[] sequence = {0, 0};
    final Copier[] copiers;

    /** How many more copies may fail. */
    int failures;

    final Chunk chunk;

    /**
     * A key that legacy has.
     *
     * @param copiers how many there are
     */
    KeyState(Chunk chunk, int copiers) {
        this.chunk = chunk;
        this.copiers = Stream.generate(Copier::new).limit(copiers).toArray(Copier[]::new);
    }

    @Override
    void fields(Tape tape) {
        tape.numbers(row);
        tape.constants(role, ROLES);
        tape.numbers(epoch);
        tape.numbers(owed);
        tape.constants(standing, Standing.ALL);
        tape.numbers(held);
        tape.numbers(sequence);
        tape.alike(copiers);
        failures = tape.number(failures);
        chunk.fields(tape);
    }

    static int other(int side) {
        return 1 - side;
    }

    static String name(int side) {
        return SIDES[side];
    }

    /** Draws the next version of a side. */
    int draw(int side, Rules rules) {
        if (owed[side] == Versions.NONE && !rules.hold(Rule.SEQUENCE_OUTLIVES_ROW)) {
            sequence[side] = 0;
        }
        sequence[side]++;
        return Versions.of(epoch[side], sequence[side]);
    }

    /** Owes the key anew. */
    void owe(int side, int version) {
        owed[side] = version;
        standing[side] = Standing.DUE;
    }

    boolean owes(int side) {
        return owed[side] != Versions.NONE;
    }

    /** Whether a transaction runs that holds the lock of legacy's journal row, and has not committed its version yet. */
    boolean isJournalRowLocked() {
        return false;
    }

    /** Whether a transaction runs that holds the lock of a side's role. */
    boolean isRoleLocked(int side) {
        for (Copier copier : copiers) {
            if (copier.at == Copier.At.WRITTEN && other(copier.from) == side) {
                return true;
            }
        }
        return false;
    }

    boolean isEqual() {
        return row[LEGACY] == row[TARGET];
    }

    /** What both sides hold and owe, for a violation. */
    String differing() {
        return "legacy holds " + Values.name(row[LEGACY]) + ", target " + Values.name(row[TARGET]);
    }

    /** What is to become of a debt. */
    enum Standing {
        DUE,
        PARKED,
        DISMISSED;

        static final Standing[] ALL = values();
    }
}
