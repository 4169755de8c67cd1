package dev.migrate.jdbc.schema;

import dev.migrate.jdbc.schema.Domain.Approximate;
import dev.migrate.jdbc.schema.Domain.Bytes;
import dev.migrate.jdbc.schema.Domain.Day;
import dev.migrate.jdbc.schema.Domain.Decimal;
import dev.migrate.jdbc.schema.Domain.Json;
import dev.migrate.jdbc.schema.Domain.Moment;
import dev.migrate.jdbc.schema.Domain.Other;
import dev.migrate.jdbc.schema.Domain.Text;
import dev.migrate.jdbc.schema.Domain.TimeOfDay;
import dev.migrate.jdbc.schema.Domain.Truth;
import dev.migrate.jdbc.schema.Domain.Uuid;
import dev.migrate.jdbc.schema.Domain.Whole;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a type as a product writes it: {@code character varying(50)}, {@code bigint(20) unsigned}, {@code timestamp(3) with time zone}. */
final class TypeName {
    private static final Pattern FORM = Pattern.compile("([^(]*?)\\s*(?:\\((.*)\\)(.*))?", Pattern.DOTALL);
    private static final Pattern LABEL = Pattern.compile("'((?:[^']|'')*)'");
    private static final long TINY = 255;
    private static final long PLAIN = 65_535;
    private static final long MEDIUM = 16_777_215;

    private final Product product;
    private final String text;
    private final String name;
    private final String arguments;

    private TypeName(Product product, String text) {
        this.product = product;
        this.text = text.strip();
        Matcher form = FORM.matcher(this.text);
        boolean isFormed = form.matches();
        String before = isFormed ? form.group(1) : this.text;
        String behind = isFormed && form.group(3) != null ? form.group(3) : "";
        this.name = (before + " " + behind).strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
        this.arguments = isFormed && form.group(2) != null ? form.group(2) : "";
    }

    static Domain read(Product product, String text) {
        return new TypeName(product, text).domain();
    }

    /** The labels of {@code enum('a','b')}; none of another type. */
    static List<String> labels(String text) {
        List<String> labels = new ArrayList<>();
        if (text.toLowerCase(Locale.ROOT).startsWith("enum(")) {
            Matcher label = LABEL.matcher(text);
            while (label.find()) {
                labels.add(label.group(1).replace("''", "'"));
            }
        }
        return labels;
    }

    private Domain domain() {
        return switch (name.replace(" unsigned", "").replace(" zerofill", "")) {
            case "bigint", "int8", "bigserial", "serial8" -> whole(64);
            case "integer", "int", "int4", "serial", "serial4" -> whole(32);
            case "mediumint" -> whole(24);
            case "smallint", "int2", "smallserial", "serial2" -> whole(16);
            case "tinyint", "int1" -> isMariaDb() && argument(0, 4) == 1 ? new Truth() : whole(8);
            case "year" -> new Whole(BigInteger.valueOf(1901), BigInteger.valueOf(2155));
            case "numeric", "decimal", "dec", "number" -> decimal();
            case "money" -> new Decimal(19, 2, true);
            case "decfloat" -> Decimal.ANY;
            case "real", "float4" -> new Approximate(24);
            case "double precision", "double", "float8" -> new Approximate(53);
            case "float" -> new Approximate(argument(0, isMariaDb() ? 24 : 53) <= 24 ? 24 : 53);
            case "boolean", "bool" -> new Truth();
            case "bit" -> bit();
            case "date" -> new Day();
            case "uuid", "uniqueidentifier" -> new Uuid();
            case "json", "jsonb" -> new Json();
            case "enum" ->
                Text.of(labels(text).stream().mapToInt(String::length).max().orElse(1));
            default -> name.startsWith("time") || name.startsWith("datetime") ? time() : characters();
        };
    }

    private Domain characters() {
        return switch (name) {
            case "character varying",
                    "varchar",
                    "varchar2",
                    "nvarchar",
                    "national character varying",
                    "varchar_ignorecase" -> Text.of(argument(0, Long.MAX_VALUE));
            case "character", "char", "nchar", "bpchar", "national character" ->
                Text.of(argument(0, name.equals("bpchar") ? Long.MAX_VALUE : 1)).padded();
            case "tinytext" -> Text.ofBytes(TINY);
            case "text" -> isMariaDb() ? Text.ofBytes(PLAIN) : Text.any();
            case "mediumtext" -> isMariaDb() ? Text.ofBytes(MEDIUM) : Text.any();
            case "longtext", "citext" -> Text.any();
            case "character large object", "clob", "nclob", "char large object" -> Text.of(argument(0, Long.MAX_VALUE));
            case "name" -> Text.ofBytes(63);
            case "binary" -> new Bytes(argument(0, 1));
            case "varbinary", "binary varying", "raw" -> new Bytes(argument(0, Long.MAX_VALUE));
            case "tinyblob" -> new Bytes(TINY);
            case "blob" -> new Bytes(argument(0, isMariaDb() ? PLAIN : Long.MAX_VALUE));
            case "mediumblob" -> new Bytes(MEDIUM);
            case "bytea", "longblob", "binary large object" -> new Bytes(argument(0, Long.MAX_VALUE));
            default -> new Other(text.toLowerCase(Locale.ROOT));
        };
    }

    private Domain time() {
        boolean isZoned = name.endsWith("with time zone") || name.endsWith("tz");
        String plain = name.replace(" with time zone", "")
                .replace(" without time zone", "")
                .replace("tz", "");
        int stated = (int) argument(0, Domain.NOT_SAID);
        int usual = switch (product) {
            case POSTGRESQL -> 6;
            case MARIADB, MYSQL -> 0;
            case H2 -> plain.equals("time") ? 0 : 6;
            case STANDARD -> Domain.NOT_SAID;
        };
        int digits = stated == Domain.NOT_SAID ? usual : stated;
        return switch (plain) {
            case "time" -> new TimeOfDay(digits, isZoned);
            case "datetime" -> new Moment(digits, false, false);
            case "timestamp" -> new Moment(digits, isZoned || isMariaDb(), isMariaDb());
            default -> new Other(text.toLowerCase(Locale.ROOT));
        };
    }

    private Domain whole(int bits) {
        return name.contains("unsigned") ? Whole.unsigned(bits) : Whole.signed(bits);
    }

    private Domain decimal() {
        int precision = (int) argument(0, isMariaDb() ? 10 : 0);
        return precision == 0 ? Decimal.ANY : new Decimal(precision, (int) argument(1, 0), true);
    }

    private Domain bit() {
        long bits = argument(0, 1);
        return product == Product.POSTGRESQL
                ? new Other(text.toLowerCase(Locale.ROOT))
                : bits == 1 ? new Truth() : Whole.unsigned((int) bits);
    }

    private boolean isMariaDb() {
        return product.isLikeMariaDb();
    }

    private long argument(int place, long otherwise) {
        String[] all = arguments.split(",", -1);
        String one = place < all.length ? all[place].strip() : "";
        return one.matches("-?\\d{1,18}") ? Long.parseLong(one) : otherwise;
    }
}
