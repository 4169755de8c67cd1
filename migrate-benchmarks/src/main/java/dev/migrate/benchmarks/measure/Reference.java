package dev.migrate.benchmarks.measure;

import java.util.Comparator;
import java.util.List;

/**
 * What a benchmark is held against: other ones of the same run, or a fixed limit.
 *
 * @param benchmarks of which the lowest counts; none for a fixed limit
 * @param more what is added to it, in the claim's unit, or the limit
 */
public record Reference(List<String> benchmarks, double more) {
    /** Copies the list. */
    public Reference {
        benchmarks = List.copyOf(benchmarks);
    }

    /** A benchmark of the same run. */
    public static Reference benchmark(String name) {
        return new Reference(List.of(name), 0);
    }

    /** A benchmark of the same run, and so much more than it. */
    public static Reference benchmarkPlus(String name, double more) {
        return new Reference(List.of(name), more);
    }

    /** The lowest of several benchmarks of the same run. */
    public static Reference lowestOf(String... names) {
        return new Reference(List.of(names), 0);
    }

    /** A fixed limit. */
    public static Reference limit(double value) {
        return new Reference(List.of(), value);
    }

    /**
     * A reference whose value is known.
     *
     * @param name without spaces
     */
    record Valued(String name, double value) {}

    Valued in(Figures figures, Quantity quantity) {
        return benchmarks.stream()
                .map(name -> new Valued(name, figures.best(name, quantity)))
                .min(Comparator.comparingDouble(Valued::value))
                .map(lowest -> more == 0
                        ? lowest
                        : new Valued(lowest.name() + "+" + quantity.format(more), lowest.value() + more))
                .orElse(new Valued("limit", more));
    }
}
