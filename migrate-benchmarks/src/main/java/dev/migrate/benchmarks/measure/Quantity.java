package dev.migrate.benchmarks.measure;

import java.util.Locale;

/** What is measured of an operation. */
public enum Quantity {
    /** Nanoseconds an operation. */
    TIME("ns"),
    /** Bytes that all threads together allocate for an operation. */
    BYTES("B"),
    /** Bytes that the calling thread allocates for an operation. */
    CALLER_BYTES("B"),
    /** Nanoseconds that 99 of 100 operations do not exceed, waiting for a connection included. */
    P99("ns");

    private final String unit;

    Quantity(String unit) {
        this.unit = unit;
    }

    String format(double value) {
        return (value < 100 && unit.equals("ns")
                        ? String.format(Locale.ROOT, "%.1f", value)
                        : String.format(Locale.ROOT, "%.0f", value))
                + unit;
    }
}
