package dev.migrate.jdbc;

import dev.migrate.internal.Buckets;

/**
 * The state of Komihash 5.0 under a migration's seed, after its first round, which does not depend on the key: what the functions in a
 * database begin with.
 *
 * @param first the state's first word; its 64 bits are unsigned
 * @param fifth its fifth
 */
record HashState(long first, long fifth) {
    private static final long FIRST = 0x243F6A8885A308D3L;
    private static final long FIFTH = 0x452821E638D01377L;
    private static final long EVEN_BITS = 0x5555555555555555L;

    static HashState of(String migration) {
        long seed = Buckets.seedOf(Buckets.saltOfMigration(migration));
        long first = FIRST ^ (seed & EVEN_BITS);
        long fifth = FIFTH ^ (seed & ~EVEN_BITS);
        long high = Math.multiplyHigh(first, fifth) + ((first >> 63) & fifth) + ((fifth >> 63) & first);
        long sum = fifth + high;
        return new HashState((first * fifth) ^ sum, sum);
    }
}
