package dev.migrate.verify.model;

import dev.migrate.verify.model.Exploration.Counterexample;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every state of a model, breadth first, so that the first counterexample is a shortest one.
 *
 * <p>States are kept as bytes. The steps of a counterexample are found by walking once more from state to state, this time with the
 * details of each step and with nodes keeping their numbers.
 */
final class StateSpace<S extends State> {
    private final Model<S> model;
    private final boolean isReducing;
    private final int limit;
    private final Tape tape = new Tape();
    private final S current;
    private final StateStore store;
    private final Set<Action> taken = new HashSet<>();
    private long stepsTaken;

    private StateSpace(Model<S> model, int limit, boolean reducing) {
        this.model = model;
        this.limit = limit;
        this.isReducing = reducing;
        this.current = model.initial();
        this.store = new StateStore(tape.write(current, reducing));
    }

    /**
     * Looks at all states.
     *
     * @param limit more states than this are no result but a failure
     */
    static <S extends State> Exploration explore(Model<S> model, int limit) {
        return new StateSpace<>(model, limit, true).explore();
    }

    /** The same without making states one that differ only in which node is which, or in what they normalise. */
    static <S extends State> Exploration exploreUnreduced(Model<S> model, int limit) {
        return new StateSpace<>(model, limit, false).explore();
    }

    private Exploration explore() {
        Exploring steps = new Exploring();
        store.add(tape.bytes(), tape.write(current, isReducing), -1);
        int longest = 0;
        int endOfLevel = 1;
        for (int at = 0; at < store.size(); at++) {
            if (at == endOfLevel) {
                longest++;
                endOfLevel = store.size();
            }
            Optional<Violation> violation = look(at, steps);
            if (violation.isPresent()) {
                Counterexample found = new Counterexample(violation.get(), new Retracing().wayTo(at));
                return new Exploration(store.size(), stepsTaken, longest, taken, Optional.of(found));
            }
            if (store.size() > limit) {
                throw new IllegalStateException("the model " + model + " has more than " + limit
                        + " states: make it smaller, or raise the limit; nothing is known of what was not looked at");
            }
        }
        return new Exploration(store.size(), stepsTaken, longest, taken, Optional.empty());
    }

    private Optional<Violation> look(int at, Exploring steps) {
        tape.read(current, store.pageOf(at), store.offsetOf(at));
        @Nullable Violation violation = model.violation(current);
        if (violation == null) {
            steps.from(at);
            model.steps(current, steps);
            violation = steps.isAtRest ? model.violationAtRest(current) : null;
        }
        return Optional.ofNullable(violation);
    }

    /** Keeps the model to its drafts, one at a time. */
    private abstract class Drafting implements Steps<S> {
        final S draft = model.initial();
        private boolean isOpen;

        @Override
        public final S draft() {
            if (isOpen) {
                throw new IllegalStateException(model + " has begun a step and not taken it");
            }
            isOpen = true;
            fill();
            return draft;
        }

        @Override
        public final void take(S changed, Action action, Object... details) {
            if (!isOpen || changed != draft) {
                throw new IllegalStateException(model + " takes the step " + action + " without its draft");
            }
            isOpen = false;
            end(action, details);
        }

        abstract void fill();

        abstract void end(Action action, Object... details);
    }

    private final class Exploring extends Drafting {
        private int at;
        private boolean isAtRest;

        void from(int state) {
            at = state;
            isAtRest = true;
        }

        @Override
        void fill() {
            tape.read(draft, store.pageOf(at), store.offsetOf(at));
        }

        @Override
        void end(Action action, Object... details) {
            stepsTaken++;
            taken.add(action);
            isAtRest = isAtRest && action.isIdle();
            if (isReducing) {
                draft.normalise();
            }
            store.add(tape.bytes(), tape.write(draft, isReducing), at);
        }
    }

    /** Finds the steps between states that are known. */
    private final class Retracing extends Drafting {
        private final List<String> way = new ArrayList<>();
        private final Tape writing = new Tape();
        private final S normalised = model.initial();
        private S at = model.initial();
        private @Nullable S next;
        private int sought;

        List<String> wayTo(int state) {
            Deque<Integer> states = new ArrayDeque<>();
            for (int each = state; store.parentOf(each) >= 0; each = store.parentOf(each)) {
                states.push(each);
            }
            for (int each : states) {
                sought = each;
                next = null;
                model.steps(at, this);
                if (next == null) {
                    throw new IllegalStateException(model + " leads on by other steps at a second look");
                }
                at = next;
            }
            return way;
        }

        @Override
        void fill() {
            copy(at, draft);
        }

        @Override
        void end(Action action, Object... details) {
            copy(draft, normalised);
            if (isReducing) {
                normalised.normalise();
            }
            writing.write(normalised, isReducing);
            if (next == null && store.holds(sought, writing.bytes())) {
                next = model.initial();
                copy(draft, next);
                way.add(String.format(action.text(), details));
            }
        }

        private void copy(S from, S to) {
            writing.write(from, false);
            writing.read(to, writing.bytes(), 0);
        }
    }
}
