package dev.migrate.benchmarks.measure;

import java.util.Random;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Random ids of 12 to 36 characters, the same in each fork, taken in turn. */
@State(Scope.Thread)
public class Keys {
    /** How many there are. */
    public static final int COUNT = 1 << 10;

    private static final String CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-";
    private final String[] ids;
    private int at;

    /** For JMH. */
    public Keys() {
        Random random = new Random(17);
        ids = IntStream.range(0, COUNT).mapToObj(unused -> id(random)).toArray(String[]::new);
    }

    private static String id(Random random) {
        StringBuilder id = new StringBuilder();
        int length = 12 + random.nextInt(25);
        while (id.length() < length) {
            id.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        return id.toString();
    }

    /** The next id. */
    public String next() {
        return ids[nextIndex()];
    }

    /** The number of the next id, from 0, for what was made of it by {@link #all} beforehand. */
    public int nextIndex() {
        return at++ & COUNT - 1;
    }

    /** All ids. */
    public static String[] all() {
        return new Keys().ids;
    }
}
