package dev.migrate.verify.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was found in a model's states.
 *
 * @param states how many states were looked at; all there are, where there is no counterexample
 * @param steps how many steps lead from one to another
 * @param longest the most steps that the shortest way to a state has
 * @param taken the kinds of steps that were taken
 */
record Exploration(int states, long steps, int longest, Set<Action> taken, Optional<Counterexample> counterexample) {
    /**
     * A shortest way to a state that breaks a promise.
     *
     * @param steps the steps, in order
     */
    record Counterexample(Violation violation, List<String> steps) {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(steps.size() + " steps to " + violation);
            steps.forEach(step -> text.append("\n      ").append(step));
            return text.toString();
        }
    }

    @Override
    public String toString() {
        return states + " states, " + steps + " steps between them, at most " + longest + " from the first: "
                + counterexample.map(found -> "broken").orElse("holds");
    }
}
