package dev.migrate.preflight;

import dev.migrate.table.Objection.Rule;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A value that a column of the target refuses or changes, and one that is as near as can be and fits.
 *
 * @param targets the products whose columns it is about
 * @param legacy the type of legacy's column, by its product
 * @param target the type and constraints of the target's column, by its product
 */
record Hazard(
        Rule rule,
        Set<String> targets,
        Set<String> legacies,
        UnaryOperator<String> legacy,
        UnaryOperator<String> target,
        Object fit,
        Object misfit) {
    static final Set<String> ALL = Set.of("h2", "postgresql", "mariadb");
    private static final Set<String> PLAIN = Set.of("h2", "postgresql");
    private static final Set<String> MARIADB = Set.of("mariadb");
    private static final Set<String> POSTGRESQL = Set.of("postgresql");

    static Hazard of(Rule rule, String legacy, String target, Object fit, Object misfit) {
        return new Hazard(
                rule, ALL, ALL, product -> type(product, legacy), product -> type(product, target), fit, misfit);
    }

    private Hazard in(Set<String> products) {
        return new Hazard(rule, products, legacies, legacy, target, fit, misfit);
    }

    private Hazard from(Set<String> products) {
        return new Hazard(rule, targets, products, legacy, target, fit, misfit);
    }

    private static String type(String product, String type) {
        return switch (product) {
            case "mariadb" ->
                type.replace("moment", "datetime")
                        .replace("vartext", "varchar(200)")
                        .replace("real", "float")
                        .replaceFirst("^(varchar\\(\\d+\\)|tinytext)(?! character set)", "$1 character set utf8mb4");
            case "postgresql" ->
                type.replace("moment", "timestamp")
                        .replace("varbinary(20)", "bytea")
                        .replace("vartext", "text");
            default -> type.replace("moment", "timestamp").replace("vartext", "varchar");
        };
    }

    private static Hazard text(Rule rule, String target, Object fit, Object misfit) {
        return of(rule, "vartext", target, fit, misfit);
    }

    static final List<Hazard> EACH = List.of(
            text(Rule.NOT_NULL, "varchar(20) not null", "", null),
            text(Rule.NOT_NULL, "varchar(20) default 'x' not null", "", null),
            text(Rule.LENGTH, "varchar(3)", "äöü", "abcd"),
            text(Rule.LENGTH, "varchar(3)", "abc", "\ud83d\ude00\ud83d\ude00").in(Set.of("h2")),
            text(Rule.LENGTH, "varchar(3)", "\ud83d\ude00\ud83d\ude00\ud83d\ude00", "\ud83d\ude00abc")
                    .in(Set.of("postgresql", "mariadb")),
            text(Rule.LENGTH, "tinytext", "ä".repeat(127), "ä".repeat(128)).in(MARIADB),
            text(Rule.LENGTH, "tinytext character set latin1", "ä".repeat(200), "ä".repeat(256))
                    .in(MARIADB)
                    .from(PLAIN),
            text(Rule.CHARACTERS, "varchar(20) character set latin1", "€", "ł").in(MARIADB),
            text(Rule.CHARACTERS, "varchar(20) character set utf8mb3", "ł", "\ud83d\ude00")
                    .in(MARIADB),
            text(Rule.CHARACTERS, "text", "a b", "a\0b").in(POSTGRESQL).from(Set.of("h2", "mariadb")),
            text(Rule.TRAILING_SPACES, "char(9)", "a b", "a "),
            text(Rule.TRAILING_SPACES, "varchar(3)", "ab ", "abc ").in(Set.of("postgresql", "mariadb")),
            text(Rule.LENGTH, "varchar(3)", "ab ", "abc ").in(Set.of("h2")),
            text(Rule.TYPE, "int", "12", "twelve"),
            text(Rule.TYPE, "uuid", "7b2b4c1e-4f0e-4d0a-8a3e-0e5a0b7c9d11", "no uuid"),
            text(Rule.TYPE, "jsonb", "{\"a\": 1}", "{a").in(POSTGRESQL),
            text(Rule.CHECK, "json", "{\"a\": 1}", "{a").in(MARIADB),
            text(Rule.TYPE, "enum('a', 'b')", "a", "z").in(MARIADB),
            text(Rule.CHECK, "varchar(20) check (c <> 'x')", "y", "x"),
            text(Rule.CHECK, "varchar(20) check (c <> 'x')", "y", "X").in(MARIADB),
            of(Rule.CHECK, "int", "int check (c > 0)", 1, -1),
            of(Rule.PRECISION, "numeric(12,4)", "numeric(12,2)", "1.2500", "1.2550"),
            of(Rule.PRECISION, "numeric(12,2)", "bigint", "2.00", "2.50"),
            of(Rule.PRECISION, "bigint", "double precision", 9_007_199_254_740_992L, 9_007_199_254_740_993L),
            of(Rule.PRECISION, "double precision", "real", 0.1, 0.1234567891),
            of(Rule.RANGE, "numeric(12,2)", "numeric(5,2)", "999.99", "1000.00"),
            of(Rule.RANGE, "numeric(12,2)", "numeric(4,1)", "999.90", "999.99"),
            of(Rule.RANGE, "numeric(20,0)", "bigint", "9223372036854775807", "9223372036854775808"),
            of(Rule.RANGE, "bigint", "int", 2_147_483_647L, 2_147_483_648L),
            of(Rule.RANGE, "bigint", "int unsigned", 4_294_967_295L, -1L).in(MARIADB),
            of(Rule.RANGE, "double precision", "double precision", 1e300, Double.POSITIVE_INFINITY)
                    .in(MARIADB)
                    .from(POSTGRESQL),
            of(Rule.RANGE, "moment(6)", "moment(6)", "9999-12-31 23:59:59", "12000-01-01 00:00:00")
                    .in(MARIADB)
                    .from(POSTGRESQL),
            of(Rule.RANGE, "moment(6)", "timestamp(6) null", "2038-01-17 00:00:00", "2039-01-01 00:00:00")
                    .in(MARIADB),
            of(Rule.RANGE, "moment(6)", "timestamp(6) null", "1970-01-02 00:00:00", "1969-12-31 00:00:00")
                    .in(MARIADB),
            of(Rule.TYPE, "int", "boolean", 1, 2).in(PLAIN),
            of(Rule.FRACTION, "moment(6)", "moment(3)", "2026-01-02 03:04:05.123", "2026-01-02 03:04:05.123456"),
            of(Rule.FRACTION, "time(6)", "time(0)", "10:00:00", "10:00:00.25").from(PLAIN),
            of(Rule.LENGTH, "varbinary(20)", "varbinary(2)", new byte[] {1, 2}, new byte[] {1, 2, 3})
                    .in(Set.of("h2", "mariadb")),
            of(Rule.LENGTH, "varbinary(20)", "binary(3)", new byte[] {1, 2, 3}, new byte[] {1, 2})
                    .in(Set.of("h2", "mariadb")));

    @Override
    public String toString() {
        return rule + " " + target.apply("");
    }
}
