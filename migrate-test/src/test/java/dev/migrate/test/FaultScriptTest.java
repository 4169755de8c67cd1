package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.VersionedRecords;
import dev.migrate.side.BookedRecords;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FaultScriptTest {
    private final Map<String, String> held = new ConcurrentHashMap<>();
    private final Records<String, String> records = Records.ofVoid(
            key -> Optional.ofNullable(held.get(key)), value -> held.put("key", value), key -> held.remove(key));

    @Test
    void inOrder_eachCallMeetsItsFault_andThenNone() throws Exception {
        FaultScript script = FaultScript.inOrder(Fault.none(), Fault.failure(IOException::new));
        assertThat(script.call(() -> 1)).isEqualTo(1);
        assertThatThrownBy(() -> script.call(() -> 2)).isInstanceOf(IOException.class);
        assertThat(script.call(() -> 3)).isEqualTo(3);
        assertThat(script.call(() -> 4)).isEqualTo(4);
        assertThat(script.calls()).isEqualTo(4);
    }

    @Test
    void aroundRecords_allThreeOperationsMeetTheScript() throws Exception {
        FaultScript script = FaultScript.inOrder(
                Fault.lostAcknowledgement(IOException::new), Fault.none(), Fault.failure(IOException::new));
        Records<String, String> faulty = script.around(records);
        assertThatThrownBy(() -> faulty.write("key", "a")).isInstanceOf(IOException.class);
        assertThat(faulty.read("key")).contains("a");
        assertThatThrownBy(() -> faulty.delete("key")).isInstanceOf(IOException.class);
        assertThat(held).containsEntry("key", "a");
        faulty.delete("key");
        assertThat(held).isEmpty();
    }

    @Test
    void onlyIn_leavesOtherOperationsAloneAndUncounted() throws Exception {
        FaultScript script = FaultScript.always(Fault.failure(IOException::new));
        Records<String, String> faulty = script.onlyIn("write").around(records);
        faulty.delete("key");
        assertThat(faulty.read("key")).isEmpty();
        assertThat(script.calls()).isZero();
        assertThatThrownBy(() -> faulty.write("key", "a")).isInstanceOf(IOException.class);
        assertThat(script.calls()).isEqualTo(1);
    }

    @Test
    void aroundRecords_keepsTheirKind() throws Exception {
        FaultScript script = FaultScript.inOrder(Fault.failure(IOException::new), Fault.failure(IOException::new));
        Records<Long, String> versioned = new VersionedMap();
        Records<Long, String> faulty = script.around(versioned);
        assertThat(faulty).isInstanceOf(VersionedRecords.class);
        VersionedRecords<Long, String> again = (VersionedRecords<Long, String>) faulty;
        assertThatThrownBy(() -> again.write(1L, "a", new Version(1, 1))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> again.delete(1L, new Version(1, 1))).isInstanceOf(IOException.class);
        assertThat(again.write(1L, "a", new Version(1, 1))).isTrue();
        assertThat(again.delete(1L, new Version(1, 1))).isFalse();

        Records<String, String> booked = new Booked(records);
        assertThat(script.around(booked)).isInstanceOf(BookedRecords.class);
        BookedRecords<String, String> kept = script.around(new Booked(records));
        assertThatThrownBy(() -> kept.books("m", "r", Side.LEGACY)).hasMessage("books of m");
        assertThat(kept.unwrap(String.class)).isEqualTo("unwrapped");
    }

    private record Booked(Records<String, String> inner) implements BookedRecords<String, String> {
        @Override
        public SideBooks books(String migration, String kind, Side side) {
            throw new MigrationException("books of " + migration);
        }

        @Override
        public <T> T unwrap(Class<T> type) {
            return type.cast("unwrapped");
        }

        @Override
        public Optional<String> read(String key) throws Exception {
            return inner.read(key);
        }

        @Override
        public String write(String key, String value) throws Exception {
            return inner.write(key, value);
        }

        @Override
        public void delete(String key) throws Exception {
            inner.delete(key);
        }
    }

    @Test
    void withChance_isTheSameForTheSameSeed_andAboutAsOftenAsSaid() {
        BitSet first = failures(FaultScript.withChance(25, 7, Fault.failure(IOException::new)));
        assertThat(failures(FaultScript.withChance(25, 7, Fault.failure(IOException::new))))
                .isEqualTo(first);
        assertThat(failures(FaultScript.withChance(25, 8, Fault.failure(IOException::new))))
                .isNotEqualTo(first);
        assertThat(first.cardinality()).isBetween(2_300, 2_700);
        assertThat(failures(FaultScript.withChance(0, 7, Fault.failure(IOException::new)))
                        .cardinality())
                .isZero();
        assertThat(failures(FaultScript.withChance(100, 7, Fault.failure(IOException::new)))
                        .cardinality())
                .isEqualTo(10_000);
        assertThatThrownBy(() -> FaultScript.withChance(100.1, 7, Fault.none()))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("between 0 and 100, but was 100.1");
    }

    private static BitSet failures(FaultScript script) {
        BitSet failed = new BitSet();
        for (int i = 0; i < 10_000; i++) {
            try {
                script.call(() -> 1);
            } catch (Exception failure) {
                failed.set(i);
            }
        }
        return failed;
    }

    @Test
    void aroundAnInterface_itsMethodsMeetTheScript_butNotThoseOfObject() throws Exception {
        FaultScript script = FaultScript.inOrder(Fault.none(), Fault.error(StackOverflowError::new));
        IOException own = new IOException("its own");
        @SuppressWarnings("unchecked")
        Callable<String> faulty = script.around(Callable.class, () -> {
            throw own;
        });
        assertThat(java.util.List.of(faulty)).contains(faulty).doesNotContain(() -> "other");
        assertThat(faulty).hasSameHashCodeAs(faulty);
        assertThat(faulty.toString()).startsWith("FaultScript around");
        assertThat(script.calls()).isZero();
        assertThatThrownBy(faulty::call).isSameAs(own);
        assertThatThrownBy(faulty::call).isInstanceOf(StackOverflowError.class);
        assertThatThrownBy(() -> script.around(Supplier.class, () -> {
                            throw new StackOverflowError("its own");
                        })
                        .get())
                .isInstanceOf(StackOverflowError.class)
                .hasMessage("its own");
    }

    @Test
    void aroundAClass_isRefused() {
        assertThatThrownBy(() -> FaultScript.inOrder().around(String.class, "text"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("java.lang.String")
                .hasMessageContaining("call(..)");
    }
}
