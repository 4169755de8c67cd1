package dev.migrate.reconcile;

import dev.migrate.internal.Buckets;
import dev.migrate.table.KeyRange;
import dev.migrate.table.Row;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.BitSet;

/**
 * What the rows of a table come to, in parts: for each part the number of rows and the sums of two hashes of them, modulo 2^64 each.
 *
 * <p>A row's part is decided by a hash of its key's canonical text, so that neither the order of keys in a database nor its collation matters.
 * Sums and counts, rather than exclusive ors, because of rows that are there twice. Immutable once read.
 */
final class PartDigests {
    private static final Buckets BUCKETS = Buckets.salted("rollback point");
    private static final int BUCKETS_IN_ALL = 1_000_000;
    private static final int BYTES = 3 * Long.BYTES;
    private final long[] rows;
    private final long[] first;
    private final long[] second;

    private PartDigests(int parts) {
        this.rows = new long[parts];
        this.first = new long[parts];
        this.second = new long[parts];
    }

    /** Reads all rows in one statement, as they are at the moment at which it begins; they are streamed. */
    static PartDigests read(TableSide table, int parts) throws Exception {
        PartDigests digests = new PartDigests(parts);
        RowDigest digest = new RowDigest(table.shape());
        table.scan(KeyRange.ALL, row -> digests.add(row, digest));
        return digests;
    }

    private void add(Row row, RowDigest digest) {
        int part = partOf(row.key());
        long[] hashes = digest.of(row);
        rows[part]++;
        first[part] += hashes[0];
        second[part] += hashes[1];
    }

    int parts() {
        return rows.length;
    }

    int partOf(TableKey key) {
        return partOf(key.canonical());
    }

    /** The part of a canonical key, from 0. */
    int partOf(String canonical) {
        return (int) ((long) BUCKETS.of(canonical) * rows.length / BUCKETS_IN_ALL);
    }

    long rows(int part) {
        return rows[part];
    }

    long rows() {
        long sum = 0;
        for (long some : rows) {
            sum += some;
        }
        return sum;
    }

    /** The parts that are not the same in another that has as many. */
    BitSet differing(PartDigests other) {
        BitSet differing = new BitSet();
        for (int part = 0; part < rows.length; part++) {
            differing.set(
                    part,
                    rows[part] != other.rows[part]
                            || first[part] != other.first[part]
                            || second[part] != other.second[part]);
        }
        return differing;
    }

    String format() {
        ByteBuffer bytes = ByteBuffer.allocate(rows.length * BYTES);
        for (int part = 0; part < rows.length; part++) {
            bytes.putLong(rows[part]).putLong(first[part]).putLong(second[part]);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    static PartDigests parse(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
        PartDigests digests = new PartDigests(bytes.remaining() / BYTES);
        for (int part = 0; part < digests.rows.length; part++) {
            digests.rows[part] = bytes.getLong();
            digests.first[part] = bytes.getLong();
            digests.second[part] = bytes.getLong();
        }
        return digests;
    }
}
