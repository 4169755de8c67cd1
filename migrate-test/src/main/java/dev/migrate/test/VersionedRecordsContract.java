package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Version;
import dev.migrate.VersionedRecords;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a router relies on in {@link VersionedRecords}, besides {@link RecordsContract}: no older version ever replaces a later one,
 * nor a deletion, whether it comes as a copy or as the authoritative write itself.
 *
 * @param <K> the key
 * @param <V> the value
 */
public abstract class VersionedRecordsContract<K, V> extends RecordsContract<K, V> {
    private static final int LAST = 157; // a prime, so that every thread comes by every version
    private VersionedRecords<K, V> records;

    /** Creates the contract. */
    protected VersionedRecordsContract() {}

    @Override
    protected abstract VersionedRecords<K, V> emptyRecords() throws Exception;

    @BeforeEach
    final void openVersionedRecords() {
        records = (VersionedRecords<K, V>) records();
    }

    private boolean write(int value, Version version) throws Exception {
        return records.write(key(0), value(key(0), value), version);
    }

    private void assertHolds(int value) throws Exception {
        V expected = value(key(0), value);
        assertThat(records.read(key(0)))
                .as("what is read of %s", key(0))
                .hasValueSatisfying(read -> assertThat(isSame(read, expected))
                        .as("%s is the same as %s", read, expected)
                        .isTrue());
    }

    private static Version version(long epoch, long sequence) {
        return new Version(epoch, sequence);
    }

    @Test
    final void laterVersion_isTaken() throws Exception {
        assertThat(write(1, version(1, 1))).isTrue();
        assertHolds(1);
        assertThat(write(2, version(1, 2))).isTrue();
        assertHolds(2);
        assertThat(write(3, version(2, 1)))
                .as("a later epoch with an earlier sequence")
                .isTrue();
        assertHolds(3);
    }

    @Test
    final void olderVersion_isRefused() throws Exception {
        write(1, version(2, 5));
        for (Version older : List.of(version(2, 4), version(1, 6), version(1, Long.MAX_VALUE))) {
            assertThat(write(2, older)).as("write of %s over 2.5", older).isFalse();
            assertThat(records.delete(key(0), older))
                    .as("delete of %s over 2.5", older)
                    .isFalse();
            assertHolds(1);
        }
    }

    @Test
    final void sameVersion_isRefused() throws Exception {
        write(1, version(2, 5));
        assertThat(write(2, version(2, 5))).isFalse();
        assertThat(records.delete(key(0), version(2, 5))).isFalse();
        assertHolds(1);
    }

    @Test
    final void tombstone_refusesOlderAndSameVersions_andTakesLaterOnes() throws Exception {
        write(1, version(1, 1));
        assertThat(records.delete(key(0), version(1, 3))).isTrue();
        assertThat(records.read(key(0))).isEmpty();
        for (Version older : List.of(version(1, 2), version(1, 3))) {
            assertThat(write(2, older))
                    .as("write of %s over the tombstone 1.3", older)
                    .isFalse();
            assertThat(records.delete(key(0), older))
                    .as("delete of %s over the tombstone 1.3", older)
                    .isFalse();
            assertThat(records.read(key(0))).isEmpty();
        }
        assertThat(write(3, version(1, 4))).isTrue();
        assertHolds(3);
    }

    @Test
    final void delete_ofWhatWasNeverThere_leavesATombstone() throws Exception {
        assertThat(records.delete(key(0), version(1, 2))).isTrue();
        assertThat(write(1, version(1, 1)))
                .as("a copy that the delete has overtaken")
                .isFalse();
        assertThat(records.read(key(0))).isEmpty();
    }

    /** While nothing is copied, writes have no version; what was on its way before must not replace them. */
    @Test
    final void writeWithoutAVersion_isTaken_andWhatIsOlderThanWhatWasHeldStaysRefused() throws Exception {
        write(1, version(2, 5));
        records.write(key(0), value(key(0), 2));
        assertHolds(2);
        for (Version older : List.of(version(2, 4), version(2, 5))) {
            assertThat(write(3, older)).as("write of %s", older).isFalse();
            assertThat(records.delete(key(0), older)).as("delete of %s", older).isFalse();
        }
        assertHolds(2);
        assertThat(write(3, version(2, 6))).isTrue();
        assertHolds(3);
    }

    @Test
    final void deleteWithoutAVersion_isTaken_andWhatIsOlderThanWhatWasHeldStaysRefused() throws Exception {
        write(1, version(2, 5));
        records.delete(key(0));
        assertThat(records.read(key(0))).isEmpty();
        assertThat(write(2, version(2, 4))).isFalse();
        assertThat(records.read(key(0))).isEmpty();
        assertThat(write(3, version(3, 1))).isTrue();
        assertHolds(3);
    }

    /** A write that is overtaken on its way is refused, and made once more under a version of its own. */
    @Test
    final void refusedWrite_succeedsUnderALaterVersion() throws Exception {
        write(1, version(1, 2));
        assertThat(write(2, version(1, 1))).isFalse();
        assertThat(write(2, version(1, 3))).isTrue();
        assertHolds(2);
    }

    @Test
    final void versions_ofKeysAreApart() throws Exception {
        write(1, version(9, 9));
        assertThat(records.write(key(1), value(key(1), 1), version(1, 1))).isTrue();
        assertThat(records.delete(key(1), version(1, 2))).isTrue();
        assertHolds(1);
    }

    @Test
    final void eightThreads_inAnyOrder_leaveTheLatestVersion() throws Exception {
        inThreads(thread -> {
            for (int i = 0; i < LAST; i++) {
                int sequence = (i * (2 * thread + 1) + thread) % LAST; // another order for each thread
                if (sequence % 10 == 5) {
                    records.delete(key(0), version(1, sequence));
                } else {
                    write(sequence, version(1, sequence));
                }
            }
        });
        assertHolds(LAST - 1);
    }
}
