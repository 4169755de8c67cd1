package dev.migrate.verify.cluster.backfill;

/**
 * How a run is made.
 *
 * @param rows how many rows legacy has
 * @param length how many characters each has, about
 * @param chunkRows how many rows a chunk has
 * @param kills how often nodes are killed: both at once, then one, in turns
 * @param writesPerSecond what each node writes meanwhile
 * @param variant what is broken
 */
record Options(int rows, int length, int chunkRows, int kills, int writesPerSecond, long seed, Variant variant) {
    /** The heap of a node, in megabytes. */
    static final int HEAP = 64;

    static final String HELP =
            "run backfill [--rows 400000] [--length 320] [--chunk 500] [--kills 20] [--rate 50] [--seed N]"
                    + " [--variant whole|noted-first|noted-last|one-chunk]";

    static Options standard() {
        return new Options(400_000, 320, 500, 20, 50, System.nanoTime(), Variant.WHOLE);
    }

    static Options parse(String... arguments) {
        Options options = standard();
        for (int at = 0; at < arguments.length; at += 2) {
            String name = arguments[at];
            if (at + 1 == arguments.length) {
                throw new IllegalArgumentException(name + " is no option, or lacks its value: " + HELP);
            }
            options = name.equals("--variant")
                    ? options.broken(Variant.of(arguments[at + 1]))
                    : options.with(name, Long.parseLong(arguments[at + 1]));
        }
        return options;
    }

    private Options with(String name, long value) {
        if (name.equals("--seed")) {
            return new Options(rows, length, chunkRows, kills, writesPerSecond, value, variant);
        }
        int least = name.equals("--kills") ? 0 : 1;
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", but was " + value);
        }
        int number = Math.toIntExact(value);
        return switch (name) {
            case "--rows" -> new Options(number, length, chunkRows, kills, writesPerSecond, seed, variant);
            case "--length" -> new Options(rows, number, chunkRows, kills, writesPerSecond, seed, variant);
            case "--chunk" -> new Options(rows, length, number, kills, writesPerSecond, seed, variant);
            case "--kills" -> new Options(rows, length, chunkRows, number, writesPerSecond, seed, variant);
            case "--rate" -> new Options(rows, length, chunkRows, kills, number, seed, variant);
            default -> throw new IllegalArgumentException(name + " is no option: " + HELP);
        };
    }

    Options broken(Variant by) {
        return new Options(rows, length, chunkRows, kills, writesPerSecond, seed, by);
    }

    /** With a table of another size. */
    Options of(int numberOfRows, int lengthOfRow, int rowsOfChunk) {
        return new Options(numberOfRows, lengthOfRow, rowsOfChunk, kills, writesPerSecond, seed, variant);
    }

    Options killed(int times) {
        return new Options(rows, length, chunkRows, times, writesPerSecond, seed, variant);
    }

    /** How many chunks the table has, about. */
    int chunks() {
        return Math.max(1, rows / chunkRows);
    }
}
