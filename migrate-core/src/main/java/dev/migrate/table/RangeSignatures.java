package dev.migrate.table;

import dev.migrate.Side;
import java.math.BigInteger;
import java.util.List;

/**
 * What the rows of a range of keys come to on either of two sides, computed where the rows are.
 *
 * <p>Where the signatures of a range are the same on both sides, so are the rows, but for a chance that can be neglected; where they are
 * not, nothing is known yet. A signature covers the key and every mapped column of each row. An implementation is only for tables for
 * which that holds: same types, same representation, same functions on both servers. Thread-safe.
 */
public interface RangeSignatures {
    /**
     * What the rows of a range come to.
     *
     * @param rows how many there are
     * @param first the sum of a hash of 64 bits or more of each row, not reduced to fewer than 64 bits; zero where there is no row
     * @param second the same of an independent hash
     */
    record Signature(long rows, BigInteger first, BigInteger second) {}

    /**
     * The signatures of some ranges of one side, in their order, each of the rows as they are at one moment.
     *
     * @param ranges at least one; of legacy's keys, which order like the target's
     */
    List<Signature> of(Side side, List<KeyRange> ranges) throws Exception;
}
