package dev.migrate.verify.cluster;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the nodes' clients do. */
enum Workload {
    /** Reads and writes of single keys; every history is checked. */
    ITEMS(20_000),

    /** Exchanges of unique values, cascades, bulk statements past the router and values that triggers make; both sides must be equal in the end. */
    CONSTRAINTS(120);

    /** How many keys there are unless somebody says otherwise. */
    final int keys;

    Workload(int keys) {
        this.keys = keys;
    }

    static Workload of(String name) {
        return named("--workload", name, values());
    }

    /** The constant of an enum that an option names. */
    static <E extends Enum<E>> E named(String option, String name, E[] all) {
        return Arrays.stream(all)
                .filter(one -> inWords(one).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(option + " must be one of "
                        + Arrays.stream(all).map(Workload::inWords).collect(Collectors.joining(", ")) + ", but was "
                        + name));
    }

    /** In lower case, with dashes. */
    static String inWords(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
