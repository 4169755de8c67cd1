package dev.migrate.verify.cluster.backfill;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The library as it is, or a broken variant that shows what the check is there to find. */
enum Variant {
    /** The library as it is to be used. */
    WHOLE,

    /** A chunk is noted as copied, and then its rows are written: what is killed in between is lost. */
    NOTED_FIRST,

    /** Rows are overwritten piece by piece, and the chunk is noted when all are there: what is killed in between is applied twice. */
    NOTED_LAST,

    /** All rows are one chunk: they do not fit into the heap. */
    ONE_CHUNK;

    boolean splitsTransactions() {
        return this == NOTED_FIRST || this == NOTED_LAST;
    }

    static Variant of(String name) {
        return Arrays.stream(values())
                .filter(one -> one.inWords().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--variant must be one of "
                        + Arrays.stream(values()).map(Variant::inWords).collect(Collectors.joining(", ")) + ", but was "
                        + name));
    }

    String inWords() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
