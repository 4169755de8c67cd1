package dev.migrate.benchmarks.measure;

import java.util.Locale;

/**
 * What is claimed of a benchmark: that it costs at most so many times what a reference costs, or that it is at least so many times faster.
 *
 * @param name what is claimed, such as {@code flags.isOn/raw-hash}
 * @param ours the benchmark
 * @param isFactorOfSpeed whether the ratio is the reference's value by ours, and at least the target; else ours by the reference's, and at
 *     most the target
 * @param target the ratio that is aimed at
 */
public record Claim(
        String name, String ours, Quantity quantity, Reference reference, boolean isFactorOfSpeed, double target) {
    /** Half a byte an operation is noise of the profiler, not an allocation. */
    private static final double NO_BYTES = 0.5;

    /** That it costs at most so many times the reference. */
    public static Claim atMost(String name, String ours, Quantity quantity, double times, Reference reference) {
        return new Claim(name, ours, quantity, reference, false, times);
    }

    /** That it is at least so many times faster than the reference. */
    public static Claim fasterBy(String name, String ours, double times, Reference reference) {
        return new Claim(name, ours, Quantity.TIME, reference, true, times);
    }

    /** Two lines: what is claimed, and how it turned out. */
    public String judge(Figures figures) {
        double value = clean(figures.best(ours, quantity));
        Reference.Valued against = reference.in(figures, quantity);
        double than = clean(against.value());
        double ratio = isFactorOfSpeed ? ratio(than, value) : ratio(value, than);
        boolean holds = isFactorOfSpeed ? ratio >= target : ratio <= target;
        return String.format(
                Locale.ROOT,
                "%s (%s %s %.2f)%nclaim: ours=%s reference=%s value=%s ratio=%s target=%.2f %s",
                name,
                isFactorOfSpeed ? "times faster," : "ratio",
                isFactorOfSpeed ? "at least" : "at most",
                target,
                quantity.format(value),
                against.name(),
                quantity.format(than),
                Double.isInfinite(ratio) ? "inf" : String.format(Locale.ROOT, "%.2f", ratio),
                target,
                holds ? "OK" : "SHORT");
    }

    private double clean(double value) {
        return (quantity == Quantity.BYTES || quantity == Quantity.CALLER_BYTES) && value < NO_BYTES ? 0 : value;
    }

    private static double ratio(double of, double by) {
        return of == 0 ? 0 : by == 0 ? Double.POSITIVE_INFINITY : of / by;
    }
}
