package dev.migrate.test.history;

import dev.migrate.MigrationException;
import dev.migrate.test.history.KeyOperation.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order of the operations of one key.
 *
 * <p>Goes through calls and answers in the order of time, and keeps every state that the register can be in: its value, and which of the operations under way have
 * had their moment (Wing and Gong, Testing and Verifying Concurrent Objects, 1993; with an operation given its moment no earlier than some answer needs
 * it, as in Lowe, Testing for Linearizability, 2017). Equal states are kept once. Three things keep them few, and lose none:
 *
 * <ul>
 *   <li>A read has its moment as soon as the register holds what it found: it changes nothing.
 *   <li>An unknown write whose value nobody else writes and nobody read is left out: whoever came after it saw a later write. One whose value was read had
 *       its moment before the first answer that shows it.
 *   <li>Of other unknown writes of equal values only the number matters that has been used; of two states that differ in nothing else, the one that has
 *       used fewer can do whatever the other can.
 * </ul>
 */
final class RegisterSearch<K, V> {
    private static final int MOST_UNDER_WAY = 60;
    private static final int NO_GROUP = -1;

    /** An operation as the search needs it; values are numbers, 0 is what the register held at first. */
    private static final class Op<K, V> {
        final KeyOperation<K, V> operation;
        final boolean isRead;
        final int value;
        long until;
        int slot;

        Op(KeyOperation<K, V> operation, int value) {
            this.operation = operation;
            this.isRead = operation.kind() == Kind.READ;
            this.value = value;
            this.until = operation.answeredAt();
        }
    }

    /**
     * A state that the register can be in.
     *
     * @param value what it holds
     * @param done the slots of the operations under way that have had their moment
     * @param used of each group of unknown writes, how many have had theirs
     */
    private record State(int value, long done, List<Integer> used) {}

    private record Event<K, V>(long time, boolean isAnswer, Op<K, V> op) {}

    private final Map<@Nullable Object, Integer> numbers = new HashMap<>();
    private final List<@Nullable Object> values = new ArrayList<>();
    private final List<Event<K, V>> events = new ArrayList<>();
    private final Map<Integer, Integer> groups = new HashMap<>();
    private final List<Integer> groupValues = new ArrayList<>();
    private final @Nullable Op<K, V>[] underWay = slots();
    private int[] available = {};
    private Set<State> states = new LinkedHashSet<>();
    private @Nullable KeyOperation<K, V> impossible;

    RegisterSearch(List<KeyOperation<K, V>> operations, @Nullable V initial) {
        number(initial);
        List<Op<K, V>> ops = operations.stream()
                .filter(operation -> operation.kind() == Kind.WRITE || !operation.isUnknown())
                .map(operation -> new Op<>(operation, number(operation.value())))
                .toList();
        arrange(ops);
        events.sort(Comparator.<Event<K, V>>comparingLong(Event::time).thenComparing(Event::isAnswer));
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private static <K, V> @Nullable Op<K, V>[] slots() {
        return new Op[MOST_UNDER_WAY];
    }

    private int number(@Nullable Object value) {
        return numbers.computeIfAbsent(value, unused -> {
            values.add(value);
            return values.size() - 1;
        });
    }

    private void arrange(List<Op<K, V>> ops) {
        int[] writers = new int[values.size()];
        long[] firstSeen = new long[values.size()];
        Arrays.fill(firstSeen, KeyOperation.NEVER);
        writers[0] = 1;
        for (Op<K, V> op : ops) {
            if (op.isRead) {
                firstSeen[op.value] = Math.min(firstSeen[op.value], op.until);
            } else {
                writers[op.value]++;
            }
        }
        for (Op<K, V> op : ops) {
            boolean isUnknown = op.operation.isUnknown();
            boolean wasSeen = firstSeen[op.value] != KeyOperation.NEVER;
            if (isUnknown && writers[op.value] == 1 && wasSeen) {
                op.until = firstSeen[op.value];
                impossible = op.until < op.operation.calledAt() ? op.operation : impossible;
            }
            if (op.until != KeyOperation.NEVER) {
                events.add(new Event<>(op.operation.calledAt(), false, op));
                events.add(new Event<>(op.until, true, op));
            } else if (wasSeen) {
                events.add(new Event<>(op.operation.calledAt(), false, op));
                groups.computeIfAbsent(op.value, value -> {
                    groupValues.add(value);
                    return groupValues.size() - 1;
                });
            }
        }
        available = new int[groupValues.size()];
    }

    /** The operation by whose answer no state is left; null where the history is linearizable. */
    @Nullable KeyOperation<K, V> firstUnexplained() {
        if (impossible != null) {
            return impossible;
        }
        Integer[] none = new Integer[available.length];
        Arrays.fill(none, 0);
        states.add(new State(0, 0, List.of(none)));
        for (Event<K, V> event : events) {
            if (!event.isAnswer()) {
                call(event.op());
            } else {
                Set<State> after = answer(event.op());
                if (after.isEmpty()) {
                    return event.op().operation;
                }
                states = after;
            }
        }
        return null;
    }

    /** What the register can hold now. */
    List<String> possible() {
        return states.stream()
                .map(State::value)
                .distinct()
                .map(values::get)
                .map(value -> value == null ? "nothing" : value.toString())
                .toList();
    }

    private void call(Op<K, V> op) {
        if (op.until == KeyOperation.NEVER) {
            available[groups.getOrDefault(op.value, NO_GROUP)]++;
            return;
        }
        op.slot = freeSlot(op);
        underWay[op.slot] = op;
        if (op.isRead) {
            Set<State> seen = new LinkedHashSet<>();
            states.forEach(state -> seen.add(withReads(state)));
            states = seen;
        }
    }

    private int freeSlot(Op<K, V> op) {
        for (int slot = 0; slot < MOST_UNDER_WAY; slot++) {
            if (underWay[slot] == null) {
                return slot;
            }
        }
        throw new MigrationException(
                "at most " + MOST_UNDER_WAY + " operations of one key may be under way at a time, but key "
                        + op.operation.key() + " has more; spread the load over more keys");
    }

    private Set<State> answer(Op<K, V> op) {
        long bit = 1L << op.slot;
        Set<State> reached = new LinkedHashSet<>();
        Set<State> seen = new LinkedHashSet<>(states);
        Deque<State> open = new ArrayDeque<>(states);
        while (!open.isEmpty()) {
            State state = open.poll();
            if ((state.done() & bit) != 0) {
                reached.add(new State(state.value(), state.done() & ~bit, state.used()));
            } else {
                for (State next : next(state)) {
                    if (seen.add(next)) {
                        open.add(next);
                    }
                }
            }
        }
        underWay[op.slot] = null;
        return leastUsed(reached);
    }

    /** The states after one more write. */
    private List<State> next(State state) {
        List<State> next = new ArrayList<>();
        for (int slot = 0; slot < MOST_UNDER_WAY; slot++) {
            Op<K, V> op = underWay[slot];
            if (op != null && !op.isRead && (state.done() & 1L << slot) == 0) {
                next.add(withReads(new State(op.value, state.done() | 1L << slot, state.used())));
            }
        }
        for (int group = 0; group < available.length; group++) {
            int value = groupValues.get(group);
            if (state.used().get(group) < available[group] && state.value() != value) {
                List<Integer> used = new ArrayList<>(state.used());
                used.set(group, used.get(group) + 1);
                next.add(withReads(new State(value, state.done(), List.copyOf(used))));
            }
        }
        return next;
    }

    private State withReads(State state) {
        long done = state.done();
        for (int slot = 0; slot < MOST_UNDER_WAY; slot++) {
            Op<K, V> op = underWay[slot];
            if (op != null && op.isRead && op.value == state.value()) {
                done |= 1L << slot;
            }
        }
        return done == state.done() ? state : new State(state.value(), done, state.used());
    }

    /** Leaves out what another state can do with fewer unknown writes. */
    private Set<State> leastUsed(Set<State> reached) {
        if (available.length == 0) {
            return reached;
        }
        Map<List<Long>, List<State>> alike = new HashMap<>();
        for (State state : reached) {
            alike.computeIfAbsent(List.of((long) state.value(), state.done()), unused -> new ArrayList<>())
                    .add(state);
        }
        Set<State> least = new LinkedHashSet<>();
        for (List<State> group : alike.values()) {
            for (State state : group) {
                if (group.stream().noneMatch(other -> !other.equals(state) && usesFewer(other, state))) {
                    least.add(state);
                }
            }
        }
        return least;
    }

    private static boolean usesFewer(State one, State other) {
        for (int group = 0; group < one.used().size(); group++) {
            if (one.used().get(group) > other.used().get(group)) {
                return false;
            }
        }
        return true;
    }
}
