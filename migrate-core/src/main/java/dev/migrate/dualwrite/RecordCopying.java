package dev.migrate.dualwrite;

import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.VersionedRecords;
import dev.migrate.internal.write.Copying;
import dev.migrate.internal.write.TwoSides;
import dev.migrate.side.BookedRecords;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Copies one record: reads it from one side, writes or deletes it on the other.
 *
 * @param inNobodysWay a value that is in no other's way; null where nobody has said how
 */
record RecordCopying<K, V>(
        TwoSides<Records<K, V>> records, @Nullable UnaryOperator<V> inNobodysWay) implements Copying<K> {
    @Override
    public Copy read(K key, Side from) throws Exception {
        Optional<V> value = records.of(from).read(key);
        return new RecordCopy<>(key, value, records.of(from.other()), inNobodysWay);
    }

    /** A side that compares versions itself would take one write of a version, and here may be two. */
    @Override
    public boolean commitsTogether(Side to) {
        return records.of(to) instanceof BookedRecords && !(records.of(to) instanceof VersionedRecords);
    }

    private record RecordCopy<K, V>(
            K key,
            Optional<V> value,
            Records<K, V> to,
            @Nullable UnaryOperator<V> inNobodysWay) implements Copy {
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

        /** From what the side holds, so that all that it refers to is there; a row that is not there yet, from what it is to hold. */
        @Override
        public boolean makeWay() throws Exception {
            if (inNobodysWay == null) {
                return false;
            }
            Optional<V> held = to.read(key);
            Optional<V> one = held.isPresent() ? held : value;
            if (one.isPresent()) {
                to.write(key, inNobodysWay.apply(one.get()));
            }
            return one.isPresent();
        }

        /** The key and its value are nobody's business. */
        @Override
        public String toString() {
            return "RecordCopy";
        }
    }
}
