package dev.migrate.verify.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What was found in each concern, with all rules and with one left out; found once. */
final class Explorations {
    /** A limit, so that a model that has grown without bounds fails instead of filling the heap. */
    static final int MOST_STATES = 3_000_000;

    private static final Map<Concern, Map<String, Exploration>> WITH_ALL = new ConcurrentHashMap<>();
    private static final Map<Breach, Exploration> WITHOUT = new ConcurrentHashMap<>();

    private record Breach(Rule rule, Concern concern) {}

    private Explorations() {}

    /** By model. */
    static Map<String, Exploration> withAllRules(Concern concern) {
        return WITH_ALL.computeIfAbsent(concern, unknown -> {
            Map<String, Exploration> found = new LinkedHashMap<>();
            for (Model<?> model : concern.models(Rules.all())) {
                found.put(model.toString(), explore(model, "with all rules"));
            }
            return found;
        });
    }

    /** Of the first model that breaks a promise; empty where none does. */
    static Optional<Exploration> without(Rule rule, Concern concern) {
        return Optional.ofNullable(WITHOUT.computeIfAbsent(new Breach(rule, concern), unknown -> {
            for (Model<?> model : concern.models(Rules.without(rule))) {
                Exploration exploration = explore(model, "without " + rule);
                if (exploration.counterexample().isPresent()) {
                    return exploration;
                }
            }
            return null;
        }));
    }

    private static Exploration explore(Model<?> model, String under) {
        long begun = System.nanoTime();
        Exploration found = StateSpace.explore(model, MOST_STATES);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        System.out.println(model + ", " + under + ": " + found + ", " + millis + " ms");
        found.counterexample().ifPresent(counterexample -> System.out.println("   " + counterexample));
        return found;
    }
}
