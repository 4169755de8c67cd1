package dev.migrate.dualwrite;

import dev.migrate.Records;
import dev.migrate.Version;
import dev.migrate.VersionedRecords;
import dev.migrate.internal.write.KeyedWrites.Operation;
import dev.migrate.internal.write.OvertakenWrite;
import dev.migrate.internal.write.TwoSides;

/** The authoritative write, and the authoritative delete, of one record; under its version, where the side compares them. */
record RecordOperations<K, V>(TwoSides<Records<K, V>> sides) {
    Operation<V> write(K key, V value) {
        return (side, version) -> {
            Records<K, V> records = sides.of(side);
            return records instanceof VersionedRecords<K, V> versioned && !version.equals(Version.NONE)
                    ? writeVersioned(versioned, key, value, version)
                    : records.write(key, value);
        };
    }

    private static <K, V> V writeVersioned(VersionedRecords<K, V> records, K key, V value, Version version)
            throws Exception {
        if (!records.write(key, value, version)) {
            throw new OvertakenWrite();
        }
        return records.read(key).orElse(value);
    }

    Operation<K> delete(K key) {
        return (side, version) -> {
            Records<K, V> records = sides.of(side);
            if (!(records instanceof VersionedRecords<K, V> versioned) || version.equals(Version.NONE)) {
                records.delete(key);
            } else if (!versioned.delete(key, version)) {
                throw new OvertakenWrite();
            }
            return key;
        };
    }
}
