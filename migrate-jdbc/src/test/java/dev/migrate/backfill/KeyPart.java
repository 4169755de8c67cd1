package dev.migrate.backfill;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * A column of a key, read and written by the driver alone, so that what the library does can be judged by something else.
 *
 * @param type its type, as the database calls it
 * @param kind what its values are in Java
 */
record KeyPart(String type, Kind kind) {
    enum Kind {
        LONG,
        UUID,
        BYTES,
        TEXT,
        /** Padded with spaces by some databases. */
        PADDED
    }

    static KeyPart bigint() {
        return new KeyPart("BIGINT", Kind.LONG);
    }

    static KeyPart uuid() {
        return new KeyPart("UUID", Kind.UUID);
    }

    static KeyPart bytes(String product) {
        return new KeyPart(product.equals("postgresql") ? "BYTEA" : "VARBINARY(40)", Kind.BYTES);
    }

    static KeyPart text(String type) {
        return new KeyPart(type, Kind.TEXT);
    }

    static KeyPart padded(String type) {
        return new KeyPart(type, Kind.PADDED);
    }

    void bind(PreparedStatement statement, int at, Object value) throws SQLException {
        switch (kind) {
            case LONG -> statement.setLong(at, (Long) value);
            case UUID -> statement.setObject(at, value);
            case BYTES -> statement.setBytes(at, (byte[]) value);
            case TEXT, PADDED -> statement.setString(at, (String) value);
        }
    }

    /** The canonical text of the value that the database has. */
    String read(ResultSet row, int at) throws SQLException {
        return switch (kind) {
            case LONG -> canonical(row.getLong(at));
            case UUID -> canonical(UUID.fromString(row.getString(at)));
            case BYTES -> canonical(row.getBytes(at));
            case TEXT -> canonical(row.getString(at));
            case PADDED -> canonical(row.getString(at).replaceFirst(" +$", ""));
        };
    }

    static String canonical(Object value) {
        return value instanceof Long
                ? "l:" + value
                : value instanceof UUID
                        ? "u:" + value
                        : "s:" + (value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value);
    }
}
