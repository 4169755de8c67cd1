package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.side.RepairedRow;
import dev.migrate.table.Fields;
import dev.migrate.table.OwnForm;
import dev.migrate.table.Row;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row as bytes, from which it can be written again exactly.
 *
 * <p>A version, the number of columns, and for each its name, a letter for the type of its value, the length of the value in bytes and the
 * value. Read by every later version of the library.
 */
final class RowImage {
    private static final int VERSION = 1;
    private static final char NULL = '0';

    private RowImage() {}

    static RepairedRow.@Nullable Image of(@Nullable Row row) {
        return row == null ? null : new RepairedRow.Image(encode(row.fields()));
    }

    static byte[] encode(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(fields.names().size());
            for (int place = 0; place < fields.names().size(); place++) {
                write(out, 'T', fields.names().get(place).getBytes(StandardCharsets.UTF_8));
                write(out, fields.at(place));
            }
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
        if (value == null) {
            out.writeByte(NULL);
        } else if (value instanceof byte[] bytes) {
            write(out, 'X', bytes);
        } else if (value instanceof BigDecimal decimal) {
            write(out, 'N', decimal.toString().getBytes(StandardCharsets.UTF_8)); // keeps the scale
        } else {
            write(out, letter(value), value.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void write(DataOutputStream out, char letter, byte[] value) throws IOException {
        out.writeByte(letter);
        out.writeInt(value.length);
        out.write(value);
    }

    private static char letter(Object value) {
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return 'L';
        }
        if (value instanceof String) {
            return 'T';
        }
        if (value instanceof Boolean) {
            return 'B';
        }
        if (value instanceof Double) {
            return 'D';
        }
        if (value instanceof Float) {
            return 'F';
        }
        if (value instanceof BigInteger) {
            return 'N';
        }
        if (value instanceof UUID) {
            return 'U';
        }
        if (value instanceof OwnForm) {
            return 'O';
        }
        return time(value);
    }

    private static char time(Object value) {
        if (value instanceof Instant) {
            return 'I';
        }
        if (value instanceof LocalDateTime) {
            return 'S';
        }
        if (value instanceof LocalDate) {
            return 'Y';
        }
        if (value instanceof LocalTime) {
            return 'H';
        }
        throw new MigrationException("a row with a value of " + value.getClass().getName()
                + " cannot be kept, so its repair could not be undone, and is refused; leave the column out of the table's"
                + " mapping or map it to another type");
    }

    static Fields decode(byte[] image) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(image))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new MigrationException("the image of a repaired row has version " + version
                        + ", but this library knows version " + VERSION
                        + "; undo the repair with the version of the library that made it, or a later one");
            }
            int columns = in.readInt();
            List<String> names = new ArrayList<>(columns);
            @Nullable Object[] values = new @Nullable Object[columns];
            for (int place = 0; place < columns; place++) {
                names.add(String.valueOf(read(in)));
                values[place] = read(in);
            }
            return new Fields(new Fields.Names(names), values);
        } catch (IOException cut) {
            throw new MigrationException("the image of a repaired row is not whole; it cannot be undone", cut);
        }
    }

    private static @Nullable Object read(DataInputStream in) throws IOException {
        char letter = (char) in.readByte();
        if (letter == NULL) {
            return null;
        }
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        return switch (letter) {
            case 'X' -> bytes;
            case 'L' -> Long.valueOf(text);
            case 'T' -> text;
            case 'B' -> Boolean.valueOf(text);
            case 'D' -> Double.valueOf(text);
            case 'F' -> Float.valueOf(text);
            case 'N' -> new BigDecimal(text);
            case 'U' -> UUID.fromString(text);
            case 'O' -> new OwnForm(text);
            case 'I' -> Instant.parse(text);
            case 'S' -> LocalDateTime.parse(text);
            case 'Y' -> LocalDate.parse(text);
            case 'H' -> LocalTime.parse(text);
            default -> throw new IOException("unknown letter");
        };
    }

    /** Whether a row is as an image, column by column; one without a row is no image. */
    static boolean isOf(RepairedRow.@Nullable Image image, @Nullable Row row) {
        if (image == null || row == null) {
            return image == null && row == null;
        }
        Fields then = decode(image.bytes());
        if (!then.names().equals(row.fields().names())) {
            return false; // the table has been changed
        }
        for (int place = 0; place < then.names().size(); place++) {
            if (!Values.same(then.at(place), null, row.fields().at(place), null)) {
                return false;
            }
        }
        return true;
    }
}
