package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a router relies on in {@link Records}; the test of an application's own records extends it.
 *
 * <p>Above all that a write may be repeated and a delete may meet nothing: a router does both whenever an answer was lost.
 *
 * <pre>{@code
 * class TargetOrdersTest extends RecordsContract<Long, Order> {
 *     @Override protected Records<Long, Order> emptyRecords() { … }
 *     @Override protected Long key(int n) { return 1000L + n; }
 *     @Override protected Order value(Long key, int n) { return new Order(key, "content " + n); }
 * }
 * }</pre>
 *
 * @param <K> the key
 * @param <V> the value
 */
public abstract class RecordsContract<K, V> {
    private static final int THREADS = 8;
    private static final int REPEATS = 20;
    private Records<K, V> records;

    /** Creates the contract. */
    protected RecordsContract() {}

    /** Records that hold none of the keys that {@link #key} gives; called once for each test. */
    protected abstract Records<K, V> emptyRecords() throws Exception;

    /** A key of its own for each number from 0 to 15, the same at each call. */
    protected abstract K key(int n);

    /** A value of the key, different for each number from 0 to 199, the same at each call. */
    protected abstract V value(K key, int n);

    /** Whether two values are the same but for what the side makes anew at each write, such as a time; by default equality. */
    protected boolean isSame(V one, V other) {
        return one.equals(other);
    }

    @BeforeEach
    final void openRecords() throws Exception {
        records = emptyRecords();
    }

    Records<K, V> records() {
        return records;
    }

    private V write(int key, int value) throws Exception {
        return records.write(key(key), value(key(key), value));
    }

    private void assertHolds(int key, V expected) throws Exception {
        Optional<V> read = records.read(key(key));
        assertThat(read).as("what is read of %s", key(key)).isPresent();
        assertThat(isSame(read.get(), expected))
                .as("%s is the same as %s", read.get(), expected)
                .isTrue();
    }

    @Test
    final void read_ofAKeyThatIsNotThere_isEmpty() throws Exception {
        assertThat(records.read(key(0))).isEmpty();
    }

    @Test
    final void read_afterAWrite_givesWhatTheWriteReturned() throws Exception {
        assertHolds(0, write(0, 1));
    }

    @Test
    final void write_toAKeyThatIsThere_replaces() throws Exception {
        V first = write(0, 1);
        V second = write(0, 2);
        assertHolds(0, second);
        assertThat(isSame(first, second))
                .as("%s is the same as %s", first, second)
                .isFalse();
    }

    @Test
    final void write_repeated_leavesWhatOneLeaves() throws Exception {
        V once = write(0, 1);
        V again = write(0, 1);
        assertThat(isSame(once, again)).as("%s is the same as %s", again, once).isTrue();
        assertHolds(0, once);
        records.delete(key(0));
        assertThat(records.read(key(0)))
                .as("after one delete of what was written twice")
                .isEmpty();
    }

    @Test
    final void write_ofWhatWasRead_changesNothing() throws Exception {
        V held = write(0, 1);
        records.write(key(0), records.read(key(0)).orElseThrow());
        assertHolds(0, held);
    }

    @Test
    final void delete_removes_andRepeatedDoesNothing() throws Exception {
        write(0, 1);
        records.delete(key(0));
        assertThat(records.read(key(0))).isEmpty();
        records.delete(key(0));
        assertThat(records.read(key(0))).isEmpty();
    }

    @Test
    final void delete_ofAKeyThatWasNeverThere_doesNothing() throws Exception {
        records.delete(key(0));
        assertThat(records.read(key(0))).isEmpty();
    }

    @Test
    final void write_afterADelete_isThereAgain() throws Exception {
        write(0, 1);
        records.delete(key(0));
        assertHolds(0, write(0, 2));
    }

    @Test
    final void keys_doNotTouchEachOther() throws Exception {
        V zero = write(0, 1);
        V one = write(1, 1);
        assertHolds(0, zero);
        records.delete(key(0));
        assertHolds(1, one);
        assertThat(records.read(key(0))).isEmpty();
    }

    @Test
    final void eightThreads_writeAndReadTheirOwnKeys() throws Exception {
        inThreads(thread -> {
            for (int value = 0; value < REPEATS; value++) {
                assertHolds(thread, write(thread, value));
            }
            records.delete(key(thread));
            assertThat(records.read(key(thread))).isEmpty();
            assertHolds(thread, write(thread, thread));
        });
        for (int thread = 0; thread < THREADS; thread++) {
            assertHolds(thread, value(key(thread), thread));
        }
    }

    @Test
    final void eightThreads_thatWriteOneKey_leaveAValueOfOne() throws Exception {
        inThreads(thread -> {
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                write(0, thread * REPEATS + repeat);
            }
        });
        V left = records.read(key(0)).orElseThrow();
        List<V> last = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            last.add(value(key(0), (thread + 1) * REPEATS - 1));
        }
        assertThat(last).as("the last value of each thread").anyMatch(value -> isSame(left, value));
    }

    interface InThread {
        void run(int thread) throws Exception;
    }

    static void inThreads(InThread work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                all.add(threads.submit(() -> {
                    work.run(thread);
                    return thread;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
