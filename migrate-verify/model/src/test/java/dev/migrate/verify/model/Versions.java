package dev.migrate.verify.model;

import java.util.stream.IntStream;

/** Versions as numbers that compare as the versions do: an epoch and a sequence, each from 0 to 15. */
final class Versions {
    static final int NONE = 0;
    private static final int SEQUENCES = 16;
    private static final String[] NAMES = IntStream.range(0, 16 * SEQUENCES)
            .mapToObj(version -> version / SEQUENCES + "." + version % SEQUENCES)
            .toArray(String[]::new);

    private Versions() {}

    static int of(int epoch, int sequence) {
        if (epoch >= 16 || sequence >= SEQUENCES) {
            throw new IllegalStateException("epoch " + epoch + " or sequence " + sequence
                    + " is beyond what a version of a model can hold; make the model smaller");
        }
        return epoch * SEQUENCES + sequence;
    }

    static int epoch(int version) {
        return version / SEQUENCES;
    }

    static int sequence(int version) {
        return version % SEQUENCES;
    }

    static String name(int version) {
        return NAMES[version];
    }
}
