package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Fields;
import dev.migrate.table.Row;
import dev.migrate.table.Shape;
import dev.migrate.table.TableKey;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartDigestsTest {
    private static String hash(List<String> names, @Nullable Object... values) {
        List<Column> columns = names.stream()
                .map(name -> new Column(name, Kind.OTHER, "any", -1, false, false))
                .toList();
        Shape shape = new Shape("t", columns, List.of(names.get(0)));
        Row row = new Row(new TableKey(List.of(1L), "l:1"), new Fields(shape.names(), values));
        long[] hashes = new RowDigest(shape).of(row);
        return HexFormat.of().toHexDigits(hashes[0]) + HexFormat.of().toHexDigits(hashes[1]);
    }

    private static String hash(@Nullable Object value) {
        return hash(List.of("c"), value);
    }

    /** Stored points are held to these for ever; made by another implementation of the same words. */
    @Test
    void digests_neverChange() {
        assertThat(hash(List.of("id", "Name"), 7L, "Zoë")).isEqualTo("37a10286eccda7159bbb02699f76688a");
        assertThat(hash(new BigDecimal("12.50"))).isEqualTo("3667dff20cb23c6f4bc10da68794c2c5");
        assertThat(hash((Object) null)).isEqualTo("d469fb18e99d006441e2a38a7c11dee6");
    }

    @Test
    void valuesThatMeanTheSame_haveTheSameDigest() {
        assertThat(hash(new BigDecimal("1.00"))).isEqualTo(hash(new BigDecimal("1")));
        assertThat(hash(-0.0)).isEqualTo(hash(0.0));
        assertThat(hash(-0.0f)).isEqualTo(hash(0.0f));
        assertThat(hash(Double.longBitsToDouble(0x7ff8000000000001L))).isEqualTo(hash(Double.NaN));
        assertThat(hash(List.of("a", "b"), 1L, 2L)).isEqualTo(hash(List.of("B", "A"), 2L, 1L));
    }

    /** R7: types, lengths and NULL are part of what is hashed. */
    @Test
    void r7_valuesThatDoNot_haveAnother() {
        List<@Nullable Object> values = Arrays.asList(
                null,
                "null",
                "",
                "1",
                1L,
                BigDecimal.ONE.movePointLeft(1),
                new BigDecimal("100"),
                1.0,
                1.0f,
                true,
                false,
                new byte[] {'1'},
                new byte[0],
                LocalDate.ofEpochDay(1),
                LocalTime.ofNanoOfDay(1),
                LocalDateTime.parse("1970-01-01T00:00:01"),
                LocalDateTime.parse("1970-01-01T00:00:01.000000001"),
                Instant.ofEpochSecond(1),
                Instant.ofEpochSecond(1, 1),
                new UUID(0, 1),
                new UUID(1, 0));
        Set<String> hashes = new LinkedHashSet<>();
        values.forEach(value -> hashes.add(hash(value)));
        assertThat(hashes).hasSameSizeAs(values);
        assertThat(hash(List.of("a", "b"), "x,", "y")).isNotEqualTo(hash(List.of("a", "b"), "x", ",y"));
    }

    /** R6: a row that is there twice does not cancel itself. */
    @Test
    void r6_partsTellOneRowFromAnother_andTheirNumber() throws Exception {
        PartDigests all = PartDigests.read(MapTable.of(500), 16);
        assertThat(all.rows()).isEqualTo(500);
        assertThat(all.differing(PartDigests.read(MapTable.of(500), 16)).isEmpty())
                .isTrue();
        MapTable changed = MapTable.of(500);
        changed.rows.put(77L, "another");
        changed.rows.remove(78L);
        BitSet expected = new BitSet();
        expected.set(all.partOf(MapTable.key(77)));
        expected.set(all.partOf(MapTable.key(78)));
        assertThat(all.differing(PartDigests.read(changed, 16))).isEqualTo(expected);
        assertThat(all.rows(0)).isBetween(10L, 60L);
    }

    @Test
    void whatIsStored_isReadAsItWas_andFitsIntoASetting() throws Exception {
        PartDigests all = PartDigests.read(MapTable.of(5_000), 1_500);
        PartDigests stored = PartDigests.parse(all.format());
        assertThat(stored.parts()).isEqualTo(1_500);
        assertThat(stored.differing(all).isEmpty()).isTrue();
        assertThat(stored.rows()).isEqualTo(5_000);
        assertThat(all.format()).hasSizeLessThan(59_000);
    }
}
