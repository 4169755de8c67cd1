package dev.migrate.benchmarks.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What the forks of one benchmark measured.
 *
 * @param nanos nanoseconds an operation, one list for each fork with one value for each iteration; no list is empty
 * @param bytes bytes an operation of all threads, one value for each fork; may be empty
 * @param callerBytes bytes an operation of the calling thread, one value for each fork; may be empty
 * @param slowest nanoseconds that 99 of 100 operations do not exceed, one value for each fork; may be empty
 */
public record Measurement(
        List<List<Double>> nanos, List<Double> bytes, List<Double> callerBytes, List<Double> slowest) {
    /** Copies the lists. */
    public Measurement {
        nanos = nanos.stream().map(List::copyOf).toList();
        bytes = List.copyOf(bytes);
        callerBytes = List.copyOf(callerBytes);
        slowest = List.copyOf(slowest);
    }

    /** Without the slowest. */
    public Measurement(List<List<Double>> nanos, List<Double> bytes, List<Double> callerBytes) {
        this(nanos, bytes, callerBytes, List.of());
    }

    /** Both together: the forks of this one, then those of the other. */
    Measurement plus(Measurement other) {
        return new Measurement(
                joined(nanos, other.nanos),
                joined(bytes, other.bytes),
                joined(callerBytes, other.callerBytes),
                joined(slowest, other.slowest));
    }

    /** The median over all iterations of all forks; of bytes, over the forks. Empty where it was not measured. */
    OptionalDouble median(Quantity quantity) {
        return switch (quantity) {
            case TIME -> median(nanos.stream().flatMap(List::stream).toList());
            case BYTES -> median(bytes);
            case CALLER_BYTES -> median(callerBytes);
            case P99 -> median(slowest);
        };
    }

    /** The lowest of the forks' medians of time; of bytes, the median. Empty where it was not measured. */
    OptionalDouble best(Quantity quantity) {
        return quantity == Quantity.TIME ? OptionalDouble.of(lowest()) : median(quantity);
    }

    /** The lowest of the forks' medians of time. */
    double lowest() {
        return Collections.min(forkMedians());
    }

    /** The highest of the forks' medians of time. */
    double highest() {
        return Collections.max(forkMedians());
    }

    private List<Double> forkMedians() {
        return nanos.stream().map(fork -> median(fork).orElseThrow()).toList();
    }

    private static OptionalDouble median(List<Double> values) {
        if (values.isEmpty()) {
            return OptionalDouble.empty();
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return OptionalDouble.of(
                sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2);
    }

    private static <T> List<T> joined(List<T> one, List<T> other) {
        List<T> both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }
}
