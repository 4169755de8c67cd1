package dev.migrate.internal;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * Consistent hashing of keys into 1,000,000 buckets, under a salt of its own for every migration and flag.
 *
 * <p>The salt is hashed, with its length, into the seed under which the key is hashed (Komihash 5, 64 bit): the boundary between
 * salt and key cannot shift, and flags whose names differ in one letter are independent. The bucket is the upper half of the
 * product of the hash and the number of buckets, as in Lemire's multiply-shift reduction, which has no modulo bias to speak of at
 * 64 bits. A {@code Long} key is hashed as a number and any other as its text, so that neither allocates.
 */
public final class Buckets {
    private static final long BUCKETS = 1_000_000;
    private final Hasher64 hasher;

    private Buckets(Hasher64 hasher) {
        this.hasher = hasher;
    }

    /** Buckets under a salt. */
    public static Buckets salted(String salt) {
        return new Buckets(Hashing.komihash5_0(seedOf(salt)));
    }

    /** The seed under which keys are hashed, for those who hash them elsewhere. */
    public static long seedOf(String salt) {
        return Hashing.komihash5_0()
                .hashStream()
                .putInt(salt.length())
                .putChars(salt)
                .getAsLong();
    }

    /** The salt of the keys of a migration. */
    public static String saltOfMigration(String name) {
        return "migration:" + name;
    }

    /** The bucket of a text, 0 to 999,999. */
    public int of(CharSequence key) {
        return reduce(hasher.hashCharsToLong(key));
    }

    /** The bucket of a number, 0 to 999,999. */
    public int of(long key) {
        return reduce(hasher.hashLongToLong(key));
    }

    private static int reduce(long hash) {
        // The unsigned high half: multiplyHigh is signed, and adds one factor too few where the hash is negative.
        return (int) (Math.multiplyHigh(hash, BUCKETS) + ((hash >> 63) & BUCKETS));
    }
}
