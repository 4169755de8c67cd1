package dev.migrate.table;

import dev.migrate.Side;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * What the rows of a range of keys come to on either of two sides, computed where the rows are.
 *
 * <p>Where the signatures of a range are the same on both sides, so are the rows, but for a chance that can be neglected; where they are
 * not, nothing is known yet. A signature covers the key and every mapped column of each row. An implementation is only for tables for
 * which that holds: same types, same representation, same functions on both servers. Thread-safe. Whatever fails is thrown. Whoever has
 * asked for it closes it: it may hold a connection to either side until then.
 */
public interface RangeSignatures extends AutoCloseable {
    /**
     * What the rows of a range come to.
     *
     * @param rows how many there are
     * @param first the sum of a hash of 64 bits or more of each row, not reduced to fewer than 64 bits; zero where there is no row
     * @param second the same of an independent hash
     */
    record Signature(long rows, BigInteger first, BigInteger second) {}

    /**
     * The first rows of a range, with their signature.
     *
     * @param range from the beginning of the range that was asked for to the key of the last of these rows, or to its end where there are no more
     */
    record Chunk(KeyRange range, Signature signature) {}

    /**
     * The signatures of some ranges of one side, in their order, each of the rows as they are at one moment.
     *
     * @param ranges at least one; of legacy's keys, which order like the target's
     */
    List<Signature> of(Side side, List<KeyRange> ranges) throws Exception;

    /** The key of the {@code rows}-th row of a range of legacy's, in key order; empty where it has fewer. */
    Optional<TableKey> boundary(KeyRange range, int rows) throws Exception;

    /**
     * The first {@code rows} rows of a range of legacy's, in key order, or all where it has fewer, and what they come to in legacy. Where one statement
     * tells both, the rows are read once and not twice.
     *
     * @param range has an end
     */
    default Chunk first(KeyRange range, int rows) throws Exception {
        KeyRange chunk = boundary(range, rows)
                .map(upTo -> new KeyRange(range.after(), upTo))
                .orElse(range);
        return new Chunk(chunk, of(Side.LEGACY, List.of(chunk)).get(0));
    }

    /** Cuts a range of legacy's into ranges of so many rows each, of which the last has as many or fewer, or more that are new. */
    List<KeyRange> cut(KeyRange range, int rows) throws Exception;

    @Override
    void close();
}
