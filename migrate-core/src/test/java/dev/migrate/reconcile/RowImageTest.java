package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.side.RepairedRow;
import dev.migrate.table.Fields;
import dev.migrate.table.OwnForm;
import dev.migrate.table.Row;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowImageTest {
    private static final @Nullable Object[] VALUES = {
        Long.MIN_VALUE,
        new BigDecimal("1.500"),
        new BigDecimal("1E+30"),
        -0.0,
        Double.NaN,
        1.0e-45f,
        "it's \u00e9\u0000 \ud83d\ude00",
        "",
        null,
        new byte[] {0, -1},
        false,
        LocalDate.of(-44, 3, 15),
        LocalTime.of(23, 59, 59, 999_999_999),
        LocalDateTime.of(2026, 1, 1, 0, 0),
        Instant.parse("2026-01-01T00:00:00.000001Z"),
        Instant.MAX,
        new UUID(-1, 1),
        new OwnForm("0000-00-00")
    };

    private static Fields fields(@Nullable Object... values) {
        List<String> names = java.util.stream.IntStream.range(0, values.length)
                .mapToObj(place -> "c" + place)
                .toList();
        return new Fields(new Fields.Names(names), values);
    }

    private static Row row(@Nullable Object... values) {
        return new Row(MapTable.key(1), fields(values));
    }

    @Test
    void everyValue_isReadAsItWasWritten() {
        Fields read = RowImage.decode(RowImage.encode(fields(VALUES)));
        for (int place = 0; place < VALUES.length; place++) {
            Object expected = VALUES[place];
            if (expected instanceof byte[] bytes) {
                assertThat((byte[]) read.at(place)).isEqualTo(bytes);
            } else {
                assertThat(read.at(place)).isEqualTo(expected);
            }
        }
    }

    @Test
    void image_isOfTheRowAlone_whoseEveryColumnIsTheSame() {
        RepairedRow.Image image = new RepairedRow.Image(RowImage.encode(fields(VALUES)));
        assertThat(RowImage.isOf(image, row(VALUES))).isTrue();
        for (int place = 0; place < VALUES.length; place++) {
            @Nullable Object[] changed = VALUES.clone();
            changed[place] = "another";
            assertThat(RowImage.isOf(image, row(changed))).as("column " + place).isFalse();
        }
        assertThat(RowImage.isOf(image, row(Arrays.copyOf(VALUES, VALUES.length + 1))))
                .as("a column was added")
                .isFalse();
        assertThat(RowImage.isOf(null, null)).isTrue();
        assertThat(RowImage.isOf(null, row(VALUES))).isFalse();
        assertThat(RowImage.isOf(image, null)).isFalse();
    }

    /** What is stored is read by every later version. */
    @Test
    void imageOfVersion1_isRead() {
        String image = "01" + "00000002" + "54" + "00000002" + "6964" + "4c" + "00000001" + "37" + "54" + "00000001"
                + "61" + "30";
        Fields read = RowImage.decode(HexFormat.of().parseHex(image));
        assertThat(read.names()).containsExactly("id", "a");
        assertThat(read.get("id")).isEqualTo(7L);
        assertThat(read.get("a")).isNull();
        assertThat(HexFormat.of().formatHex(RowImage.encode(read))).isEqualTo(image);
    }

    @Test
    void valueThatCannotBeKept_andImageThatCannotBeRead_areRefused() {
        assertThatThrownBy(() -> RowImage.encode(fields(URI.create("secret:1"))))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("java.net.URI")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> RowImage.decode(new byte[] {2}))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("has version 2");
        byte[] image = RowImage.encode(fields(VALUES));
        assertThatThrownBy(() -> RowImage.decode(Arrays.copyOf(image, 20)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("not whole");
    }
}
