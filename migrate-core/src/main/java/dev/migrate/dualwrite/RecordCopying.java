package dev.migrate.dualwrite;

import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.VersionedRecords;
import dev.migrate.internal.write.Copying;
import dev.migrate.internal.write.TwoSides;
import java.util.Optional;

/** Copies one record: reads it from one side, writes or deletes it on the other. */
record RecordCopying<K, V>(TwoSides<Records<K, V>> records) implements Copying<K> {
    @Override
    public Copy read(K key, Side from) throws Exception {
        Optional<V> value = records.of(from).read(key);
        Records<K, V> to = records.of(from.other());
        return new Copy() {
            @Override
            public boolean isDelete() {
                return value.isEmpty();
            }

            @Override
            public void write(Version version) throws Exception {
                if (to instanceof VersionedRecords<K, V> versioned) {
                    writeVersioned(versioned, version);
                } else if (value.isPresent()) {
                    to.write(key, value.get());
                } else {
                    to.delete(key);
                }
            }

            // What the side refuses as older is what it need not have.
            private void writeVersioned(VersionedRecords<K, V> versioned, Version version) throws Exception {
                if (value.isPresent()) {
                    versioned.write(key, value.get(), version);
                } else {
                    versioned.delete(key, version);
                }
            }
        };
    }
}
