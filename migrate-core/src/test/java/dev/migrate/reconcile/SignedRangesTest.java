package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.Side;
import dev.migrate.store.InMemoryMigrationStore;
import dev.migrate.table.Mapping;
import dev.migrate.table.RangeSignatures;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SignedRangesTest {
    private static final int ROWS = 60_000;
    private final Migration migration = Migration.named("notes")
            .store(new InMemoryMigrationStore(InstantSource.system()))
            .build();
    private final MapTable legacy = MapTable.of(ROWS);
    private final MapTable target = MapTable.of(ROWS);

    @AfterEach
    void close() {
        migration.close();
    }

    private FullPass pass(boolean signed, Mapping mapping) throws Exception {
        Comparing comparing = new Comparing(migration, legacy, target, mapping.bind(legacy.shape(), target.shape()));
        FullPass pass = new FullPass(comparing, 5_000, 1_000, (compared, cleared) -> {});
        pass.run(signed);
        return pass;
    }

    private FullPass pass(RangeSignatures signatures) throws Exception {
        legacy.signatures = signatures;
        return pass(true, Mapping.byName());
    }

    private static List<Long> suspects(FullPass pass) {
        return pass.suspects().stream()
                .map(key -> (Long) key.values().get(0))
                .sorted()
                .toList();
    }

    @Test
    void equalTables_areClearedWithoutReadingARow() throws Exception {
        FullPass pass = pass(MapSignatures.of(legacy, target));
        assertThat(pass.suspects()).isEmpty();
        assertThat(pass.compared()).isEqualTo(ROWS);
        assertThat(pass.cleared()).isEqualTo(ROWS);
        assertThat(legacy.rowsRead + target.rowsRead).isZero();
    }

    @Test
    void oneDifferenceAmongManyChunks_isFound_andFewRowsAreRead() throws Exception {
        target.rows.put(31_415L, "other");
        FullPass pass = pass(MapSignatures.of(legacy, target));
        assertThat(suspects(pass)).containsExactly(31_415L);
        assertThat(pass.compared()).isEqualTo(ROWS);
        assertThat(legacy.rowsRead).isEqualTo(target.rowsRead).isBetween(1L, 1_000L);
        assertThat(pass.cleared()).isEqualTo(ROWS - legacy.rowsRead);
    }

    @Test
    void firstAndLastRowOfChunks_missingExtraAndDifferent_areAllFound_andNoOther() throws Exception {
        int chunk = SignedRanges.CHUNK_ROWS;
        target.rows.remove(1L);
        target.rows.remove((long) chunk);
        target.rows.put(chunk + 1L, "other");
        legacy.rows.remove(40_000L);
        target.rows.put(0L, "before the first");
        target.rows.put(ROWS + 7L, "behind the last");
        target.rows.put((long) ROWS, "other");
        FullPass pass = pass(MapSignatures.of(legacy, target));
        assertThat(suspects(pass)).containsExactly(0L, 1L, (long) chunk, chunk + 1L, 40_000L, (long) ROWS, ROWS + 7L);
        assertThat(pass.compared()).isEqualTo(ROWS - 1 + 3);
    }

    @Test
    void exchangedValues_areFound() throws Exception {
        target.rows.put(100L, "note 200");
        target.rows.put(200L, "note 100");
        assertThat(suspects(pass(MapSignatures.of(legacy, target)))).containsExactly(100L, 200L);
    }

    @Test
    void countsThatDiffer_areADifference_whateverTheSums() throws Exception {
        target.rows.remove(77L);
        MapSignatures nothingButCounts =
                new MapSignatures(legacy, target, (side, id, text) -> ByteBuffer.allocate(16), BigInteger::add);
        assertThat(suspects(pass(nothingButCounts))).containsExactly(77L);
    }

    /** R6: two changes that are the same cancel each other, unless hashes are added. */
    @Test
    void r6_xorOfHashes_missesAPairThatChangedAlike_whichTheSumFinds() throws Exception {
        for (long id = 100; id <= 101; id++) {
            legacy.rows.put(id, "twice");
            target.rows.put(id, "both changed");
        }
        MapSignatures.RowHash withoutKey = (side, id, text) -> MapSignatures.digest(text);
        MapSignatures xor = new MapSignatures(legacy, target, withoutKey, BigInteger::xor);
        assertThat(suspects(pass(xor))).as("broken variant").isEmpty();
        MapSignatures sum = new MapSignatures(legacy, target, withoutKey, BigInteger::add);
        assertThat(suspects(pass(sum))).containsExactly(100L, 101L);
    }

    /** Columns that are hashed alone and added up: the sum over a range does not know in which row a value was. */
    @Test
    void sumOfTheColumnsHashes_missesExchangedValues() throws Exception {
        target.rows.put(100L, "note 200");
        target.rows.put(200L, "note 100");
        MapSignatures.RowHash linear = (side, id, text) -> {
            ByteBuffer one = MapSignatures.digest("id " + id);
            ByteBuffer other = MapSignatures.digest("text " + text);
            return ByteBuffer.allocate(16)
                    .putLong(0, (one.getLong(0) >> 2) + (other.getLong(0) >> 2))
                    .putLong(8, (one.getLong(8) >> 2) + (other.getLong(8) >> 2));
        };
        assertThat(suspects(pass(new MapSignatures(legacy, target, linear, BigInteger::add))))
                .as("broken variant")
                .isEmpty();
    }

    @Test
    void signaturesThatDifferWithoutADifference_reportNothing() throws Exception {
        MapSignatures alwaysDifferent = new MapSignatures(
                legacy, target, (side, id, text) -> MapSignatures.digest(side + "|" + id), BigInteger::add);
        FullPass pass = pass(alwaysDifferent);
        assertThat(pass.suspects()).isEmpty();
        assertThat(pass.cleared()).isZero();
        assertThat(pass.compared()).isEqualTo(ROWS);
        assertThat(target.rowsRead).isEqualTo(ROWS);
    }

    @Test
    void signatureSeesEveryChangeOfASmallTable() throws Exception {
        Set<RangeSignatures.Signature> seen = new HashSet<>();
        MapTable table = MapTable.of(40);
        MapSignatures signatures = MapSignatures.of(table, table);
        int variants = 0;
        for (long id = 1; id <= 40; id++) {
            for (long other = id; other <= 40; other++) {
                MapTable changed = MapTable.of(40);
                changed.rows.put(id, "note " + other);
                changed.rows.put(other, id == other ? "changed" : "note " + id);
                table.rows.putAll(changed.rows);
                seen.addAll(signatures.of(Side.LEGACY, List.of(dev.migrate.table.KeyRange.ALL)));
                variants++;
            }
        }
        assertThat(seen).hasSize(variants);
    }

    @Test
    void whereNotAskedFor_orKeysOrderDifferently_orAColumnIsDerived_rowsAreRead() throws Exception {
        legacy.signatures = MapSignatures.of(legacy, target);
        assertThat(pass(false, Mapping.byName()).cleared()).isZero();
        Mapping derived = Mapping.byName()
                .derive("text")
                .from("text")
                .there(row -> row.text("text"))
                .oneWay();
        assertThat(pass(true, derived).cleared()).isZero();
        target.ordersAlike = false;
        assertThat(pass(true, Mapping.byName()).cleared()).isZero();
        assertThat(legacy.signaturesAsked).isZero();
    }

    @Test
    void withoutSignatures_rowsAreRead() throws Exception {
        target.rows.put(9L, "other");
        FullPass pass = pass(true, Mapping.byName());
        assertThat(suspects(pass)).containsExactly(9L);
        assertThat(pass.cleared()).isZero();
        assertThat(legacy.signaturesAsked).isOne();
    }

    @Test
    void failureOfEitherSide_isThrownAsItIs() {
        SQLException failure = new SQLException("gone", "08006");
        for (Side failing : Side.values()) {
            AtomicInteger answered = new AtomicInteger();
            MapSignatures failingOnce = MapSignatures.of(legacy, target).before((side, ranges) -> {
                if (side == failing && answered.incrementAndGet() == 3) {
                    throw failure;
                }
            });
            assertThatThrownBy(() -> pass(failingOnce)).isSameAs(failure);
            assertThat(failingOnce.closed()).hasValue(1);
        }
    }

    /** Legacy first, as with pages of rows; what is written between is owed, and comes after. */
    @Test
    void everyRange_isLookedAtInLegacyFirst() throws Exception {
        List<String> order = java.util.Collections.synchronizedList(new ArrayList<>());
        pass(MapSignatures.of(legacy, target)
                .before((side, ranges) -> ranges.forEach(range -> order.add(side + " " + range.upTo()))));
        assertThat(order.stream().filter(asked -> asked.startsWith("TARGET")))
                .hasSize(ROWS / SignedRanges.CHUNK_ROWS + 1)
                .allSatisfy(asked -> assertThat(order.indexOf(asked))
                        .isGreaterThan(order.indexOf(asked.replace("TARGET", "LEGACY"))));
    }

    @Test
    void targetIsAskedForTheNextChunk_whileLegacyCutsOneThatDiffers() throws Exception {
        target.rows.put(1L, "other");
        CountDownLatch chunks = new CountDownLatch(2);
        MapSignatures signatures = MapSignatures.of(legacy, target).before((side, ranges) -> {
            if (side == Side.TARGET && ranges.size() == 1) {
                chunks.countDown();
            } else if (ranges.size() > 1) {
                assertThat(chunks.await(30, TimeUnit.SECONDS)).isTrue();
            }
        });
        assertThat(suspects(pass(signatures))).containsExactly(1L);
    }

    @Test
    void emptyTables_areEqual() throws Exception {
        legacy.rows.clear();
        target.rows.clear();
        assertThat(pass(MapSignatures.of(legacy, target)).compared()).isZero();
        target.rows.put(3L, "extra");
        assertThat(suspects(pass(MapSignatures.of(legacy, target)))).containsExactly(3L);
    }
}
