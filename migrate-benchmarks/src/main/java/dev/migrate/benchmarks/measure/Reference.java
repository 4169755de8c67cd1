package dev.migrate.benchmarks.measure;

import java.util.Comparator;
import java.util.List;

/** What a benchmark is held against: another one of the same run, or a fixed limit. */
@FunctionalInterface
public interface Reference {
    /**
     * A reference whose value is known.
     *
     * @param name without spaces
     * @param value in the claim's unit, 0 or more
     */
    record Valued(String name, double value) {}

    /** The reference's name and value in a run. */
    Valued in(Figures figures, Quantity quantity);

    /** A benchmark of the same run. */
    static Reference benchmark(String name) {
        return (figures, quantity) -> new Valued(name, figures.best(name, quantity));
    }

    /** A benchmark of the same run, and so much more than it. */
    static Reference benchmarkPlus(String name, double more) {
        return (figures, quantity) ->
                new Valued(name + "+" + quantity.format(more), figures.best(name, quantity) + more);
    }

    /** The lowest of several benchmarks of the same run. */
    static Reference lowestOf(String... names) {
        return (figures, quantity) -> List.of(names).stream()
                .map(name -> new Valued(name, figures.best(name, quantity)))
                .min(Comparator.comparingDouble(Valued::value))
                .orElseThrow();
    }

    /** A fixed limit. */
    static Reference limit(double value) {
        return (figures, quantity) -> new Valued("limit", value);
    }
}
