package dev.migrate.benchmarks.measure;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The measurements of a group's benchmarks, by name. Not thread-safe. */
public final class Figures {
    private final Map<String, Measurement> measurements = new LinkedHashMap<>();

    /** Creates figures without measurements. */
    public Figures() {}

    /** Adds what further forks of a benchmark measured. */
    public void add(String benchmark, Measurement measurement) {
        measurements.merge(benchmark, measurement, Measurement::plus);
    }

    /**
     * What the best fork of a benchmark gives, which is the one that was disturbed least; of bytes, the median of the forks.
     *
     * @throws IllegalArgumentException where there is no such figure
     */
    double best(String benchmark, Quantity quantity) {
        Measurement measurement = measurements.get(benchmark);
        OptionalDouble best = measurement == null ? OptionalDouble.empty() : measurement.best(quantity);
        return best.orElseThrow(() -> new IllegalArgumentException("benchmark '" + benchmark + "' gave no " + quantity
                + "; there are " + measurements.keySet() + ": correct the claim's name"));
    }

    /** One line for each benchmark: median, spread and allocation. */
    public String table() {
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT,
                "%-36s %10s %21s %10s %8s %8s %6s%n",
                "benchmark",
                "median",
                "of the forks",
                "p99",
                "B/op",
                "caller",
                "forks"));
        measurements.forEach((name, measured) -> table.append(String.format(
                Locale.ROOT,
                "%-36s %10s %21s %10s %8s %8s %6d%n",
                name,
                text(measured, Quantity.TIME),
                Quantity.TIME.format(measured.lowest()) + ".." + Quantity.TIME.format(measured.highest()),
                text(measured, Quantity.P99),
                text(measured, Quantity.BYTES),
                text(measured, Quantity.CALLER_BYTES),
                measured.nanos().size())));
        return table.toString();
    }

    private static String text(Measurement measured, Quantity quantity) {
        OptionalDouble median = measured.median(quantity);
        return median.isPresent() ? quantity.format(median.getAsDouble()) : "-";
    }
}
