package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.table.Column;
import dev.migrate.table.Fields;
import dev.migrate.table.Row;
import dev.migrate.table.Shape;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The first 128 bits of the SHA-256 of a row's values, each behind a tag of its type and, where it has no fixed length, its length. It is
 * the same for the same values on every database and JDK, whatever order a table has its columns in; it is stored, and never changes.
 *
 * <p>Decimals are taken without zeros at their end, floats with one NaN and one zero. Not thread-safe.
 */
final class RowDigest {
    private final MessageDigest digest = sha256();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final List<String> columns;

    RowDigest(Shape shape) {
        this.columns = shape.columns().stream()
                .map(Column::name)
                .sorted(Comparator.comparing(name -> name.toLowerCase(Locale.ROOT)))
                .toList();
    }

    /** Two numbers of 64 bits each. */
    long[] of(Row row) {
        bytes.reset();
        Fields fields = row.fields();
        try {
            for (String column : columns) {
                write(column.toLowerCase(Locale.ROOT));
                write(fields.get(column));
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        ByteBuffer hash = ByteBuffer.wrap(digest.digest(bytes.toByteArray()));
        return new long[] {hash.getLong(), hash.getLong()};
    }

    private void write(@Nullable Object value) throws IOException {
        if (value == null) {
            out.writeByte(0);
        } else if (value instanceof Long number) {
            tagged(1, number);
        } else if (value instanceof BigDecimal decimal) {
            BigDecimal stripped = decimal.stripTrailingZeros();
            tagged(2, stripped.scale());
            counted(stripped.unscaledValue().toByteArray());
        } else if (value instanceof Double number) {
            tagged(3, Double.doubleToLongBits(number == 0 ? 0.0 : number));
        } else if (value instanceof Float number) {
            tagged(4, Float.floatToIntBits(number == 0 ? 0.0f : number));
        } else if (value instanceof String text) {
            out.writeByte(5);
            counted(text.getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof byte[] some) {
            out.writeByte(6);
            counted(some);
        } else if (value instanceof Boolean flag) {
            tagged(7, flag ? 1 : 0);
        } else if (value instanceof LocalDate date) {
            tagged(8, date.toEpochDay());
        } else if (value instanceof LocalTime time) {
            tagged(9, time.toNanoOfDay());
        } else if (value instanceof LocalDateTime local) {
            moment(10, local.toInstant(ZoneOffset.UTC));
        } else if (value instanceof Instant instant) {
            moment(11, instant);
        } else if (value instanceof UUID uuid) {
            tagged(12, uuid.getMostSignificantBits());
            out.writeLong(uuid.getLeastSignificantBits());
        } else {
            throw new MigrationException("a value of " + value.getClass().getName()
                    + " has no digest; a table carries the types that Column.Kind names");
        }
    }

    private void moment(int tag, Instant instant) throws IOException {
        tagged(tag, instant.getEpochSecond());
        out.writeInt(instant.getNano());
    }

    private void tagged(int tag, long value) throws IOException {
        out.writeByte(tag);
        out.writeLong(value);
    }

    private void counted(byte[] some) throws IOException {
        out.writeInt(some.length);
        out.write(some);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
