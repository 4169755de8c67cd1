package dev.migrate.jdbc;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The types of PostgreSQL whose values can be told apart by a hash within the server, each with how it goes into one.
 *
 * <p>What is hashed is a value's binary or text form, which differs wherever a comparison in Java would see a difference. The server's
 * own hash functions of types do not serve: they agree with its idea of equality, but are made for hash tables. That of {@code int8} and
 * of times folds 64 bits into 32, whatever the seed; that of {@code numeric} leaves out the sign; that of {@code interval} takes a month
 * for thirty days, and that of an enum goes by an object id that another database does not share. Two forms of one value ({@code -0.0},
 * the scale of an unlimited {@code numeric}) are made one, so that its range need not be read.
 */
enum SignedType {
    INT8("int8", Form.WORD, "%s", "0", "1", "-1", "4294967296", "4294967297", "9223372036854775807"),
    INT4("int4", Form.WORD, "%s::int8", "0", "1", "-1", "2147483647"),
    INT2("int2", Form.WORD, "%s::int8", "0", "1", "-1", "32767"),
    BOOL("bool", Form.FLAG, "%s", "true", "false"),
    TEXT("text", Form.TEXT, "%s", "", "a", "a ", "a|b", "null", "é", "😀"),
    VARCHAR("varchar", Form.TEXT, "%s::text", "", "a", "a ", "a|b", "null", "é", "😀"),
    /** Its padding is cut off, which carries no meaning. */
    BPCHAR("bpchar", Form.TEXT, "%s::text", "", "a", "a|b", "null", "é", "😀"),
    JSON("json", Form.TEXT, "%s::text", "{}", "{\"a\": 1}", "{\"a\":1}", "[1.0, 1.00]"),
    JSONB("jsonb", Form.TEXT, "%s::text", "{}", "{\"a\": 1}", "[1.0, 1]"),
    NUMERIC("numeric", Form.BYTES, "pg_catalog.numeric_send(%s)", "0", "1.5", "-1.5", "10", "100000", "0.0001", "NaN"),
    /** {@code 1.0} and {@code 1.00} are one value, and may stand beside each other only where no scale is declared. */
    UNLIMITED_NUMERIC(
            "numeric", Form.BYTES, "pg_catalog.numeric_send(pg_catalog.trim_scale(%s))", "0", "1.50", "-1.5", "1e40"),
    FLOAT8("float8", Form.BYTES, "pg_catalog.float8send(%s + '0'::float8)", "0", "1e23", "-1.5", "NaN", "Infinity"),
    FLOAT4("float4", Form.BYTES, "pg_catalog.float4send(%s + '0'::float4)", "0", "0.1", "-1.5", "NaN", "Infinity"),
    UUID(
            "uuid",
            Form.BYTES,
            "pg_catalog.uuid_send(%s)",
            "00000000-0000-0000-0000-000000000000",
            "7fffffff-ffff-ffff-ffff-ffffffffffff",
            "80000000-0000-0000-0000-000000000000"),
    BYTEA("bytea", Form.BYTES, "%s", "", "\\x00", "\\x0000", "\\xff7c"),
    DATE("date", Form.BYTES, "pg_catalog.date_send(%s)", "2000-01-01", "1582-10-04", "infinity"),
    TIME("time", Form.BYTES, "pg_catalog.time_send(%s)", "00:00", "01:11:34.967296", "23:59:59.999999"),
    TIMESTAMP(
            "timestamp",
            Form.BYTES,
            "pg_catalog.timestamp_send(%s)",
            "2000-01-01 00:00:00.000001",
            "2000-01-01 01:11:34.967297",
            "infinity"),
    TIMESTAMPTZ(
            "timestamptz",
            Form.BYTES,
            "pg_catalog.timestamptz_send(%s)",
            "2000-01-01 00:00:00.000001+00",
            "2000-01-01 01:11:34.967297+00",
            "-infinity"),
    INTERVAL("interval", Form.BYTES, "pg_catalog.interval_send(%s)", "1 mon", "30 days", "720 hours"),
    INET("inet", Form.BYTES, "pg_catalog.inet_send(%s)", "10.0.0.1", "10.0.0.1/8", "::1"),
    CIDR("cidr", Form.BYTES, "pg_catalog.cidr_send(%s)", "10.0.0.0/8", "::/0"),
    MACADDR("macaddr", Form.BYTES, "pg_catalog.macaddr_send(%s)", "08:00:2b:01:02:03", "00:00:00:00:00:00");

    /** How a value goes into the hash of its row. */
    enum Form {
        /** A whole number of up to 64 bits, as it is. */
        WORD("0"),
        /** A text. */
        TEXT("''"),
        /** Bytes. */
        BYTES("''::bytea"),
        /** A bit. */
        FLAG("false");

        private final String forNull;

        Form(String forNull) {
            this.forNull = forNull;
        }

        /** What stands for NULL; beside the bit that says that it does, where it may also be a value. */
        String forNull() {
            return forNull;
        }
    }

    private static final int UNLIMITED = -1;
    private final String type;
    private final Form form;
    private final String expression;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> probes;

    SignedType(String type, Form form, String expression, String... probes) {
        this.type = type;
        this.form = form;
        this.expression = expression;
        this.probes = List.of(probes);
    }

    /**
     * The type of a column.
     *
     * @param type its name in {@code pg_catalog}
     * @param modifier its length, precision and scale as the catalogue has them; -1 for none
     */
    static Optional<SignedType> of(String type, int modifier) {
        return Arrays.stream(values())
                .filter(signed -> signed.type.equals(type))
                .filter(signed -> !type.equals("numeric") || (signed == UNLIMITED_NUMERIC) == (modifier == UNLIMITED))
                .findFirst();
    }

    Form form() {
        return form;
    }

    /** The form of a column's value that is hashed, NULL where that is. */
    String expression(String column) {
        return expression.formatted(column);
    }

    /** Whether the form of every value has at least one byte, so that an empty one can stand for NULL. */
    boolean isNeverEmpty() {
        return this == JSON || this == JSONB || (form == Form.BYTES && this != BYTEA);
    }

    /** How many values there are to try it with. */
    int probes() {
        return probes.size();
    }

    /** One of the values to try it with, as an expression. */
    String probe(int nth) {
        return "CAST('" + probes.get(nth) + "' AS pg_catalog." + type + ")";
    }
}
