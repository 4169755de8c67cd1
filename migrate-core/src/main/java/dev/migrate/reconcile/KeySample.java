package dev.migrate.reconcile;

import dev.migrate.table.KeyRange;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Keys of a table that were drawn at random, without replacement, in the order in which they were drawn.
 *
 * <p>Every key gets a tag, and those with the smallest tags are the sample: the tags put all keys into an order that does not depend on
 * them, and any beginning of a random order is a simple random sample, so one that grows stays one. One scan of the keys, in one
 * statement, gives the sample and the size of the population that it was drawn from, with the memory of the sample alone.
 *
 * <p>A tag is a hash of a seed and the key (SHA-256), not a number drawn as rows go by: the same key has the same tag on either side and
 * in either database's order. So the samples of two tables with the same keys are the same rows, each of which is read once and counts for
 * both; each is as random as if it were alone. (Permanent random numbers: Brewer, Early and Joyce: Selecting Several Samples from a Single
 * Population, 1972; bottom-k samples: Cohen and Kaplan: Summarizing Data Using Bottom-k Sketches, 2007.) The hash is a cryptographic one
 * so that no pattern in the keys, by which some process failed for some of them, has anything to do with the tags.
 *
 * <p>Immutable.
 */
final class KeySample {
    private static final Comparator<Tagged> BY_TAG =
            Comparator.<Tagged>comparingLong(key -> key.tag).thenComparing(key -> key.key.canonical());
    private final long population;
    private final List<TableKey> keys;

    private record Tagged(long tag, TableKey key) {}

    private KeySample(long population, List<TableKey> keys) {
        this.population = population;
        this.keys = keys;
    }

    /**
     * Reads all keys of a table, and keeps some.
     *
     * @param most how many at most; from 1
     */
    static KeySample draw(TableSide table, long seed, int most) throws Exception {
        Drawing drawing = new Drawing(seed, most);
        table.scanKeys(KeyRange.ALL, drawing::take);
        return new KeySample(drawing.seen, drawing.inOrder());
    }

    /** How many keys there were. */
    long population() {
        return population;
    }

    /** The sample; any beginning of it is one, too. */
    List<TableKey> keys() {
        return keys;
    }

    private static final class Drawing {
        private final MessageDigest hash = sha256();
        private final byte[] seed;
        private final int most;
        private final PriorityQueue<Tagged> smallest = new PriorityQueue<>(BY_TAG.reversed());
        private long seen;

        Drawing(long seed, int most) {
            this.seed = ByteBuffer.allocate(Long.BYTES).putLong(seed).array();
            this.most = most;
        }

        void take(TableKey key) {
            seen++;
            Tagged tagged = new Tagged(tag(key), key);
            if (smallest.size() < most) {
                smallest.add(tagged);
            } else if (BY_TAG.compare(tagged, smallest.element()) < 0) {
                smallest.remove();
                smallest.add(tagged);
            }
        }

        private long tag(TableKey key) {
            hash.update(seed);
            return ByteBuffer.wrap(hash.digest(key.canonical().getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        }

        List<TableKey> inOrder() {
            List<Tagged> tagged = new ArrayList<>(smallest);
            tagged.sort(BY_TAG);
            return tagged.stream().map(Tagged::key).toList();
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException missing) {
                throw new IllegalStateException("every Java platform has SHA-256", missing);
            }
        }
    }

    @Override
    public String toString() {
        return "KeySample[" + keys.size() + " of " + population + "]";
    }
}
