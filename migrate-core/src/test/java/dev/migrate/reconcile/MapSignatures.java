package dev.migrate.reconcile;

import dev.migrate.Side;
import dev.migrate.table.KeyRange;
import dev.migrate.table.RangeSignatures;
import dev.migrate.table.TableKey;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Signatures of two tables in memory, and of what they should not be.
 *
 * @param hash of a row, in two halves of 64 bits
 * @param joined what two hashes come to
 * @param before done before each answer
 * @param closed how often it was closed
 */
record MapSignatures(
        MapTable legacy,
        MapTable target,
        RowHash hash,
        BinaryOperator<BigInteger> joined,
        BeforeAnswer before,
        AtomicInteger closed)
        implements RangeSignatures {

    MapSignatures(MapTable legacy, MapTable target, RowHash hash, BinaryOperator<BigInteger> joined) {
        this(legacy, target, hash, joined, (side, ranges) -> {}, new AtomicInteger());
    }

    /** What is done before an answer. */
    interface BeforeAnswer {
        void run(Side side, List<KeyRange> ranges) throws Exception;
    }

    /** The hash of a row. */
    interface RowHash {
        ByteBuffer of(Side side, long id, String text);
    }

    /** As they should be. */
    static MapSignatures of(MapTable legacy, MapTable target) {
        return new MapSignatures(legacy, target, (side, id, text) -> digest(id + "|" + text), BigInteger::add);
    }

    static ByteBuffer digest(String row) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(row.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException absent) {
            throw new AssertionError(absent);
        }
    }

    @Override
    public List<Signature> of(Side side, List<KeyRange> ranges) throws Exception {
        before.run(side, ranges);
        List<Signature> signatures = new ArrayList<>();
        for (KeyRange range : ranges) {
            Map<Long, String> rows = (side == Side.LEGACY ? legacy : target).in(range);
            BigInteger first = BigInteger.ZERO;
            BigInteger second = BigInteger.ZERO;
            for (Map.Entry<Long, String> row : rows.entrySet()) {
                ByteBuffer hashes = hash.of(side, row.getKey(), row.getValue());
                first = joined.apply(first, BigInteger.valueOf(hashes.getLong(0)));
                second = joined.apply(second, BigInteger.valueOf(hashes.getLong(8)));
            }
            signatures.add(new Signature(rows.size(), first, second));
        }
        return signatures;
    }

    @Override
    public Optional<TableKey> boundary(KeyRange range, int rows) {
        return legacy.boundary(range, rows);
    }

    @Override
    public List<KeyRange> cut(KeyRange range, int rows) {
        List<KeyRange> ranges = new ArrayList<>();
        @Nullable TableKey after = range.after();
        for (Optional<TableKey> upTo = boundary(range, rows);
                upTo.isPresent() && !upTo.get().equals(range.upTo());
                upTo = boundary(new KeyRange(after, range.upTo()), rows)) {
            ranges.add(new KeyRange(after, upTo.get()));
            after = upTo.get();
        }
        ranges.add(new KeyRange(after, range.upTo()));
        return ranges;
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }

    /** The same, which does something else before each answer. */
    MapSignatures before(BeforeAnswer before) {
        return new MapSignatures(legacy, target, hash, joined, before, closed);
    }
}
