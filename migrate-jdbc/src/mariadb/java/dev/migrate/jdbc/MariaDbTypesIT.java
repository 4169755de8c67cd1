package dev.migrate.jdbc;

import static dev.migrate.table.Objection.Rule.CHARACTERS;
import static dev.migrate.table.Objection.Rule.FRACTION;
import static dev.migrate.table.Objection.Rule.PRECISION;
import static dev.migrate.table.Objection.Rule.RANGE;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Side;
import dev.migrate.backfill.Backfill;
import dev.migrate.jdbc.AcrossTables.Unheld;
import dev.migrate.table.RowRefusedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every type of MariaDB, with the values that are easily lost or taken for each other. */
class MariaDbTypesIT {
    private static final TestServer MARIADB = new MariaDbServer();
    private static final TestServer POSTGRES = new PostgresServer();

    private static TypeTable types() {
        String hex = "HEX(%)";
        return new TypeTable("mariadb")
                .with("tinyint", "NULL", "0", "127", "-128")
                .with("tinyint(1)", "NULL", "0", "1", "2", "-1")
                .with("tinyint unsigned", "NULL", "0", "255")
                .with("smallint unsigned zerofill", "NULL", "0", "65535")
                .with("mediumint", "NULL", "0", "8388607", "-8388608")
                .with("int", "NULL", "0", "2147483647", "-2147483648")
                .with("int unsigned", "NULL", "0", "4294967295")
                .with("bigint", "NULL", "0", "9223372036854775807", "-9223372036854775808")
                .with("bigint unsigned", "NULL", "0", "9223372036854775807", "9223372036854775808", "18446744073709551615")
                .with("decimal(65,30)", "NULL", "0", "0.000000000000000000000000000001", "-0.000000000000000000000000000001", "99999999999999999999999999999999999.999999999999999999999999999999")
                .with("decimal(10,2) unsigned zerofill", "NULL", "0", "1.50", "99999999.99")
                .shownAs("% + 0E0", "float", "NULL", "=0", "=16777215", "=16777216", "=0.1", "=1.17549435E-38", "=3.4028234663852886E38", "=-1.5")
                .with("double", "NULL", "=0", "=1e23", "=1.0000000000000001e23", "=0.1", "=4.9e-324", "=1.7976931348623157e308")
                .shownAs(hex, "bit(1)", "NULL", "=b'0'", "=b'1'")
                .shownAs(hex, "bit(10)", "NULL", "=b'0'", "=b'1'", "=b'1000000000'")
                .with("year", "NULL", "=0", "1901", "2155")
                .with("date", "NULL", "0000-00-00", "2024-00-00", "2024-02-00", "0001-01-01", "1582-10-10", "2024-02-29", "9999-12-31")
                .with("time(6)", "NULL", "00:00:00", "-00:00:00.000001", "00:00:00.000001", "23:59:59.999999", "24:00:00", "25:00:00", "01:00:00", "-01:00:00", "838:59:59.999999", "-838:59:59.999999")
                .with("time", "NULL", "00:00:00", "100:00:00", "04:00:00")
                .with("datetime(6)", "NULL", "0000-00-00 00:00:00", "2024-00-00 00:00:00", "0001-01-01 00:00:00", "2024-03-31 02:30:00", "2024-10-27 02:30:00", "2024-01-01 00:00:00.123456", "2024-01-01 00:00:00.123457", "9999-12-31 23:59:59.999999")
                .with("datetime", "NULL", "0000-00-00 00:00:00", "2024-01-01 00:00:00")
                .with("timestamp(6) null", "NULL", "0000-00-00 00:00:00", "1970-01-02 00:00:00.000001", "2024-01-01 00:00:00.123456", "2038-01-18 00:00:00")
                .with("char(5) character set utf8mb4", "NULL", "", "a", "b", "\u00e1", " a")
                .with("varchar(20) character set utf8mb4", "NULL", "", "a", "a ", "A", "\u00e1", "a\u0301", "\ud83d\ude00", "null", "\\N", "\\", "=x'00'")
                .with("varchar(20) character set latin1", "NULL", "", "a", "a ", "\u00e1")
                .with("text character set utf8mb4", "NULL", "", "a", "a ", "\ud83d\ude00")
                .with("longtext character set utf8mb4", "NULL", "", "a", "{\"a\":1}", "{\"a\": 1}")
                .shownAs(hex, "binary(3)", "NULL", "=x'000000'", "=x'000001'", "=x'200000'")
                .shownAs(hex, "varbinary(20)", "NULL", "=x''", "=x'00'", "=x'0000'", "=x'20'", "=x'ff7c5c27'")
                .shownAs(hex, "blob", "NULL", "=x''", "=x'00'", "=x'0000'")
                .with("enum('happy', 'sad', '')", "NULL", "happy", "sad", "")
                .with("set('a', 'b', 'c')", "NULL", "", "a", "a,b", "b,c")
                .with("json", "NULL", "{}", "null", "{\"a\":1}", "{\"a\":2}", "[1,2]", "[2,1]", "1", "\"1\"")
                .with("uuid", "NULL", "00000000-0000-0000-0000-000000000000", "7fffffff-ffff-ffff-ffff-ffffffffffff", "80000000-0000-0000-0000-000000000000")
                .with("inet6", "NULL", "::", "::1", "::ffff:10.0.0.1")
                .with("inet4", "NULL", "10.0.0.1", "10.0.0.2")
                .shownAs(hex, "point", "NULL", "=point(1, 2)", "=point(2, 1)", "=st_geomfromtext('POINT(1 2)', 4326)")
                .shownAs(hex, "geometry", "NULL", "=point(1, 2)", "=st_geomfromtext('LINESTRING(0 0, 1 1)')");
    }

    @Test
    void types_areCopied_reportedEqual_andEachChangeIsFound() throws Exception {
        try (TablePair pair = new TablePair(MARIADB, MARIADB)) {
            types().requireCopiedAndEqual(pair);
            types().requireEachChangeFound(pair, false);
        }
    }

    @Test
    void jsonIsEqualByValue() throws Exception {
        try (TablePair pair = new TablePair(MARIADB, MARIADB)) {
            new TypeTable("mariadb").with("json", "{\"a\": [1.0, \"\u00e9\"]}").requireAlike(pair, "{\"a\":[1,\"\\u00e9\"]}");
        }
    }

    @Test
    void whatOnlyMariaDbHolds_isFoundByAPreflight() throws Exception {
        AcrossTables.requireFound(
                MARIADB,
                POSTGRES,
                List.of(
                        new Unheld("date", "'0000-00-00'", "date", RANGE),
                        new Unheld("date", "'2024-00-00'", "date", RANGE),
                        new Unheld("datetime", "'0000-00-00 00:00:00'", "timestamp", RANGE),
                        new Unheld("timestamp null", "'0000-00-00 00:00:00'", "timestamptz", RANGE),
                        new Unheld("time(6)", "'25:00:00'", "time", RANGE),
                        new Unheld("time(6)", "'-00:00:01'", "time", RANGE),
                        new Unheld("bigint unsigned", "18446744073709551615", "bigint", RANGE),
                        new Unheld("double", "1e300", "real", RANGE),
                        new Unheld("decimal(65,30)", "1e-30", "numeric(20,4)", PRECISION),
                        new Unheld("varchar(20)", "x'00'", "text", CHARACTERS)));
    }

    @Test
    void whatOnlyPostgresHolds_isFoundByAPreflight() throws Exception {
        AcrossTables.requireFound(
                POSTGRES,
                MARIADB,
                List.of(
                        new Unheld("numeric", "'NaN'", "decimal(20,4)", RANGE),
                        new Unheld("numeric", "'-Infinity'", "decimal(20,4)", RANGE),
                        new Unheld("numeric", "1e40", "decimal(20,4)", RANGE),
                        new Unheld("float8", "'NaN'", "double", RANGE),
                        new Unheld("float4", "'Infinity'", "float", RANGE),
                        new Unheld("date", "'infinity'", "date", RANGE),
                        new Unheld("date", "'0044-03-15 BC'", "date", RANGE),
                        new Unheld("date", "'10000-01-01'", "date", RANGE),
                        new Unheld("timestamp", "'-infinity'", "datetime(6)", RANGE),
                        new Unheld("timestamptz", "'294276-01-01 00:00+00'", "datetime(6)", RANGE),
                        new Unheld("time", "'24:00'", "time(6)", FRACTION),
                        new Unheld("text", "'\ud83d\ude00'", "varchar(20) character set latin1", CHARACTERS)));
    }

    /** The driver would write such a number as the name of a column. */
    @ParameterizedTest
    @CsvSource({"numeric, NaN, 'decimal(20,4)'", "float8, NaN, double", "float8, -Infinity, double", "float4, Infinity, float"})
    void numberThatIsNotFinite_isRefusedByItsKeyAndColumn(String type, String value, String target) throws Exception {
        try (TablePair pair = new TablePair(POSTGRES, MARIADB)) {
            pair.execute(Side.LEGACY, "CREATE TABLE users (id int PRIMARY KEY, v " + type + ")");
            pair.execute(Side.TARGET, "CREATE TABLE users (id int PRIMARY KEY, v " + target + ")");
            pair.execute(Side.LEGACY, "INSERT INTO users VALUES (1, 1), (7, '" + value + "')");
            pair.dualWrite();
            assertThatThrownBy(Backfill.of(pair.migration).legacy(pair.legacy("users")).target(pair.target("users")).attempts(1).build()::run)
                    .isInstanceOf(RowRefusedException.class)
                    .hasMessageContainingAll("key l:7", "column 'v'", "derive(..)");
        }
    }
}
