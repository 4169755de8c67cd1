package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.backfill.Backfill;
import dev.migrate.preflight.Preflight;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.table.KeyRange;
import dev.migrate.table.Mapping;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every type of PostgreSQL and H2, with the values that are easily lost or taken for each other. */
class TypesIT {
    private static final String[] JSON = {
        "NULL", "{}", "null", "{\"a\": 1}", "{\"a\": 2}", "{\"A\": 1}", "[1, 2]", "[2, 1]", "\"a\"", "1", "\"1\"", "[[]]", "{\"a\": {\"b\": null}}"
    };
    /** What is made in Java is written as text, or by binding it; what is not may be passed on as bytes. */
    private static final Mapping DERIVED =
            Mapping.byName().derive("c0").from("c0").there(row -> row.get("c0")).oneWay();
    private TablePair pair = TablePair.ofPostgres();

    @AfterEach
    void close() throws Exception {
        assertThat(pair.openConnections(Side.LEGACY)).isZero();
        assertThat(pair.openConnections(Side.TARGET)).isZero();
        pair.close();
    }

    /** Types that a signature stands for; reading the largest number of all is slow. */
    private static TypeTable signed(String largest) {
        return new TypeTable("postgresql")
                .with("smallint", "NULL", "0", "1", "-1", "32767", "-32768")
                .with("integer", "NULL", "0", "1", "-1", "2147483647", "-2147483648")
                .with("bigint", "NULL", "0", "1", "-1", "4294967296", "4294967297", "9223372036854775807", "-9223372036854775808")
                .with("numeric", "NULL", "0", "NaN", "Infinity", "-Infinity", "1e-16383", largest, "-1.5", "1.5", "1.50000000000000000001", "1e23")
                .with("numeric(12,2)", "NULL", "0", "NaN", "-0.01", "0.01", "9999999999.99")
                .with("numeric(3,-2)", "NULL", "0", "100", "-100", "99900")
                .with("numeric(5,7)", "NULL", "0", "0.0012345", "0.0012346")
                .with("real", "NULL", "0", "NaN", "Infinity", "-Infinity", "16777215", "16777216", "0.1", "1e-45", "1.17549435e-38", "3.4028235e38")
                .with("double precision", "NULL", "0", "NaN", "Infinity", "-Infinity", "1e23", "1.0000000000000001e23", "0.1", "4.9e-324", "1.7976931348623157e308")
                .with("boolean", "NULL", "true", "false")
                .with("text", "NULL", "", "a", "a ", " a", "A", "\u00e1", "a\u0301", "\ud83d\ude00", "\ud83d\ude01", "null", "NULL ", "\\N", "\\", "a\tb", "a\nb", "a\rb", "a|b", "\u2028")
                .with("varchar(5)", "NULL", "", "a", "a ", "a    ", "\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00")
                .with("char(5)", "NULL", "", "a", "b", " a", "\u00e1", "a\u0301")
                .with("bytea", "NULL", "\\x", "\\x00", "\\x0000", "\\xff7c5c", "\\x5c4e")
                .with("date", "NULL", "infinity", "-infinity", "4713-01-01 BC", "0044-03-15 BC", "0001-12-31 BC", "0001-01-01", "0044-03-15", "1582-10-04", "1582-10-15", "9999-12-31", "10000-01-01", "5874897-12-31")
                .with("time", "NULL", "00:00", "00:00:00.000001", "23:59:59", "23:59:59.999999", "24:00")
                .with("time(0)", "NULL", "00:00", "23:59:59", "24:00")
                .with("timestamp", "NULL", "infinity", "-infinity", "4713-01-01 00:00 BC", "0001-12-31 23:59:59.999999 BC", "0001-01-01", "2024-03-31 02:30", "2024-10-27 02:30", "2024-10-27 03:30", "2000-01-01 00:00:00.000001", "2000-01-01 00:00:00.000002", "10000-01-01", "294276-12-31 23:59:59.999999")
                .with("timestamptz", "NULL", "infinity", "-infinity", "4713-01-01 00:00+00 BC", "0001-01-01 00:00+00", "2024-10-27 02:30+02", "2024-10-27 02:30+01", "2024-03-31 01:30+00", "2000-01-01 00:00:00.000001+00", "10000-01-01 00:00+00", "294276-12-31 23:59:59.999999+00")
                .with("timestamp(0)", "NULL", "infinity", "2024-01-01", "2024-01-01 00:00:01")
                .with("interval", "NULL", "0", "1 mon", "30 days", "720 hours", "1 year", "-1 days +02:03", "-00:00:00.000001", "00:00:00.000001", "infinity")
                .with("uuid", "NULL", "00000000-0000-0000-0000-000000000000", "7fffffff-ffff-ffff-ffff-ffffffffffff", "80000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff")
                .with("inet", "NULL", "10.0.0.1", "10.0.0.1/8", "10.0.0.0/8", "::1", "::")
                .with("cidr", "NULL", "10.0.0.0/8", "10.0.0.0/9", "::/0", "0.0.0.0/0")
                .with("macaddr", "NULL", "08:00:2b:01:02:03", "00:00:00:00:00:00")
                .with("json", JSON)
                .with("jsonb", JSON);
    }

    /** Types whose rows are read. */
    private static TypeTable read() {
        return new TypeTable("postgresql")
                .with("mood", "NULL", "happy", "sad", "", "Happy")
                .with("mood[]", "NULL", "{}", "{NULL}", "{happy}", "{sad,happy}", "{happy,sad}")
                .with("amount", "NULL", "0", "NaN", "1.5", "-1.5")
                .with("tally", "NULL", "0", "1", "-1")
                .with("moment", "NULL", "infinity", "2024-10-27 02:30+02", "2024-10-27 02:30+01")
                .with("spot", "NULL", "(,)", "(1,)", "(1,\"\")", "(1,a)", "(,a)", "(1,\"a \")")
                .with("int[]", "NULL", "{}", "{NULL}", "{1}", "{1,2}", "{2,1}", "{{1,2}}", "[0:1]={1,2}")
                .with("text[]", "NULL", "{}", "{NULL}", "{\"NULL\"}", "{\"\"}", "{a,b}", "{\"a,b\"}", "{\"a b\"}", "{a}", "{\"a \"}")
                .with("float8[]", "NULL", "{1}", "{NaN}", "{1e23}", "{1.0000000000000001e23}", "{Infinity}")
                .with("numeric[]", "NULL", "{1}", "{NaN}", "{1.5}")
                .with("bytea[]", "NULL", "{\"\\\\x\"}", "{\"\\\\x00\"}")
                .with("timestamptz[]", "NULL", "{2024-10-27 02:30+02}", "{2024-10-27 02:30+01}")
                .with("jsonb[]", "NULL", "{\"{}\"}", "{\"[]\"}")
                .with("bit(3)", "NULL", "000", "001", "101")
                .with("bit", "NULL", "0", "1")
                .with("varbit", "NULL", "", "0", "00", "1", "01")
                .with("timetz", "NULL", "12:00+00", "12:00+01", "13:00+01", "24:00+00", "00:00+00", "00:00-15:59")
                .with("\"char\"", "NULL", "a", "b")
                .with("name", "NULL", "", "a", "b")
                .with("oid", "NULL", "0", "1", "4294967295")
                .with("xid8", "NULL", "0", "18446744073709551615")
                .with("pg_lsn", "NULL", "0/0", "0/1", "FFFFFFFF/FFFFFFFF")
                .with("macaddr8", "NULL", "08:00:2b:01:02:03:04:05", "08:00:2b:01:02:03:04:06")
                .with("int4range", "NULL", "empty", "[1,2)", "[1,3)", "(,)", "(,2)")
                .with("numrange", "NULL", "empty", "[1,2]", "[1,2)", "(1,2)")
                .with("tstzrange", "NULL", "[2024-10-27 02:30+02,)", "[2024-10-27 02:30+01,)")
                .with("int4multirange", "NULL", "{}", "{[1,2)}", "{[1,2),[3,4)}")
                .with("point", "NULL", "(0,0)", "(1,2)", "(2,1)", "(1e23,NaN)", "(Infinity,0)")
                .with("box", "NULL", "(1,1),(0,0)", "(2,1),(0,0)")
                .with("lseg", "NULL", "[(0,0),(1,1)]", "[(1,1),(0,0)]")
                .with("line", "NULL", "{1,2,3}", "{1,2,4}")
                .with("path", "NULL", "[(0,0),(1,1)]", "((0,0),(1,1))")
                .with("polygon", "NULL", "((0,0),(1,1),(1,0))", "((0,0),(1,1),(2,0))")
                .with("circle", "NULL", "<(0,0),1>", "<(0,0),2>")
                .with("tsvector", "NULL", "", "a b", "a:1 b:2")
                .with("tsquery", "NULL", "a & b", "a | b")
                .with("jsonpath", "NULL", "$.a", "$.b");
    }

    private static TypeTable h2Types() {
        String hex = "RAWTOHEX(%)";
        return new TypeTable("h2")
                .with("TINYINT", "NULL", "0", "127", "-128")
                .with("SMALLINT", "NULL", "0", "32767", "-32768")
                .with("INTEGER", "NULL", "0", "2147483647", "-2147483648")
                .with("BIGINT", "NULL", "0", "4294967297", "9223372036854775807", "-9223372036854775808")
                .with("NUMERIC(12, 2)", "NULL", "0", "-0.01", "0.01", "9999999999.99")
                .with("NUMERIC(1000, 500)", "NULL", "1", "1e400", "1e-400")
                .with("DECFLOAT", "NULL", "0", "NaN", "Infinity", "-Infinity", "1.5", "1e400", "1234567890123456789012345678901234", "1234567890123456789012345678901235")
                .with("REAL", "NULL", "0", "NaN", "Infinity", "-Infinity", "16777215", "16777216", "0.1", "1e-45")
                .with("DOUBLE PRECISION", "NULL", "0", "NaN", "Infinity", "-Infinity", "1e23", "1.0000000000000001e23", "4.9e-324")
                .with("BOOLEAN", "NULL", "TRUE", "FALSE")
                .with("VARCHAR(20)", "NULL", "", "a", "a ", "A", "\u00e1", "a\u0301", "\ud83d\ude00", "null", "\\N", "=CHAR(0)")
                .with("VARCHAR_IGNORECASE(20)", "NULL", "a", "A", "a ")
                .with("CHAR(5)", "NULL", "", "a", "b", " a")
                .with("CLOB", "NULL", "", "a", "a ", "\ud83d\ude00")
                .shownAs(hex, "BINARY(3)", "NULL", "=X'000000'", "=X'000001'")
                .shownAs(hex, "VARBINARY(20)", "NULL", "=X''", "=X'00'", "=X'0000'", "=X'ff7c5c'")
                .shownAs(hex, "BLOB", "NULL", "=X''", "=X'00'", "=X'0000'")
                .with("DATE", "NULL", "-4712-01-01", "-0001-12-31", "0000-12-31", "0001-01-01", "1582-10-04", "1582-10-10", "9999-12-31", "10000-01-01")
                .with("TIME(9)", "NULL", "00:00", "23:59:59.999999999", "23:59:59.999999", "23:59:59.9999999", "00:00:00.000000001")
                .with("TIME", "NULL", "00:00:00", "23:59:59")
                .with("TIME(9) WITH TIME ZONE", "NULL", "12:00:00+00", "12:00:00+01", "13:00:00+01", "12:00:00.000000001+00")
                .with("TIMESTAMP(9)", "NULL", "-4712-01-01 00:00:00", "0001-01-01 00:00:00", "2024-03-31 02:30:00", "2024-10-27 02:30:00", "2024-01-01 00:00:00.1234567", "2024-01-01 00:00:00.1234568", "2024-01-01 00:00:00.123456789", "10000-01-01 00:00:00")
                .shownAs("CAST(% AT TIME ZONE 'UTC' AS VARCHAR)", "TIMESTAMP(9) WITH TIME ZONE", "NULL", "2024-10-27 02:30:00+02", "2024-10-27 02:30:00+01", "2024-03-31 01:30:00+00", "2024-01-01 00:00:00.000000001+00", "-4712-01-01 00:00:00+00")
                .with("UUID", "NULL", "00000000-0000-0000-0000-000000000000", "7fffffff-ffff-ffff-ffff-ffffffffffff", "80000000-0000-0000-0000-000000000000")
                .with("JSON", "NULL", "=JSON 'null'", "=JSON '{}'", "=JSON '{\"a\":1}'", "=JSON '{\"a\":2}'", "=JSON '[1,2]'", "=JSON '[2,1]'", "=JSON '\"{}\"'", "=JSON '1'", "=JSON '\"1\"'")
                .with("ENUM('happy', 'sad')", "NULL", "happy", "sad")
                .with("GEOMETRY", "NULL", "POINT (1 2)", "POINT (2 1)", "SRID=4326;POINT (1 2)", "POINT EMPTY")
                .with("INTERVAL YEAR", "NULL", "=INTERVAL '0' YEAR", "=INTERVAL '1' YEAR", "=INTERVAL '-1' YEAR")
                .with("INTERVAL YEAR TO MONTH", "NULL", "=INTERVAL '1-2' YEAR TO MONTH", "=INTERVAL '-1-2' YEAR TO MONTH")
                .with("INTERVAL DAY TO SECOND(9)", "NULL", "=INTERVAL '1 02:03:04.000000001' DAY TO SECOND", "=INTERVAL '1 02:03:04' DAY TO SECOND", "=INTERVAL '-1 02:03:04' DAY TO SECOND")
                .with("INTERVAL SECOND(9)", "NULL", "=INTERVAL '0.000000001' SECOND", "=INTERVAL '1' SECOND");
    }

    private void defineTypes() throws Exception {
        for (Side side : Side.values()) {
            pair.execute(side, "CREATE TYPE mood AS ENUM ('happy', 'sad', '', 'Happy')");
            pair.execute(side, "CREATE DOMAIN amount AS numeric CHECK (VALUE <> 42)");
            pair.execute(side, "CREATE DOMAIN whole AS int");
            pair.execute(side, "CREATE DOMAIN tally AS whole CHECK (VALUE <> 42)");
            pair.execute(side, "CREATE DOMAIN moment AS timestamptz");
            pair.execute(side, "CREATE TYPE spot AS (x int, y text)");
        }
    }

    @Test
    void signedTypes_areCopied_andReportedEqual() throws Exception {
        TypeTable types = signed("1e131071");
        types.requireCopiedAndEqual(pair, DERIVED);
        assertThat(reconciliation().build().run().rowsClearedBySignature()).isEqualTo(types.rows());
    }

    @Test
    void signedTypes_eachChangeIsFound() throws Exception {
        signed("1e1000").requireEachChangeFound(pair, true);
    }

    @Test
    void otherTypes_areCopied_andReportedEqual() throws Exception {
        defineTypes();
        read().requireCopiedAndEqual(pair, DERIVED);
    }

    @Test
    void otherTypes_eachChangeIsFound() throws Exception {
        defineTypes();
        read().requireEachChangeFound(pair, false);
    }

    @Test
    void h2Types_areCopied_reportedEqual_andEachChangeIsFound() throws Exception {
        useH2();
        h2Types().requireCopiedAndEqual(pair);
        h2Types().requireEachChangeFound(pair, false);
    }

    private void useH2() throws Exception {
        pair.close();
        pair = new TablePair(new H2Server(), new H2Server());
    }

    /** The driver gives other forms of arrays and points once a statement has run five times. */
    @Test
    void statementThatHasRunOften_readsTheSame() throws Exception {
        for (Side side : Side.values()) {
            pair.execute(side, "CREATE TABLE users (id int PRIMARY KEY, t text[], f float8[], p point, d numeric, z timetz)");
            pair.execute(side, "INSERT INTO users VALUES (1, '{a,b}', '{1,2}', '(1,2)', 'NaN', '24:00+01')");
        }
        try (JdbcTable often = pair.legacy("users")) {
            String first = null;
            for (int n = 1; n <= 12; n++) {
                StringBuilder text = new StringBuilder();
                often.scan(new KeyRange(null, often.last().orElseThrow()), row ->
                        row.fields().names().forEach(name -> text.append(row.fields().get(name)).append(' ')));
                first = first == null ? text.toString() : first;
                assertThat(text).as("time " + n).hasToString(first);
            }
        }
    }

    @Test
    void twoFormsOfOneValue_areEqual() throws Exception {
        for (Side side : Side.values()) {
            boolean isOne = side == Side.LEGACY;
            pair.execute(side, "CREATE TABLE users (id int PRIMARY KEY, j json, b jsonb, n numeric, d float8, f float4, c char(9), t timestamptz)");
            pair.execute(
                    side,
                    "INSERT INTO users VALUES (1, " + (isOne
                            ? "'{\"a\": 1.0, \"b\": [\"\\u00e9\", 1e2]}', '{\"a\": 1.0}', 1.0, '-0.0', '-0.0', 'a', '2024-10-27 02:30+02'"
                            : "'{\"b\":[\"\u00e9\",100],\"a\":1}', '{\"a\": 1.00}', 1.00, '0.0', '0.0', 'a   ', '2024-10-27 00:30+00'")
                            + ")");
        }
        for (boolean signed : new boolean[] {true, false}) {
            assertThat(reconciliation().signatures(signed).build().run().confirmed()).isEmpty();
        }
    }

    private Reconciliation.Builder reconciliation() {
        return Reconciliation.of(pair.migration).legacy(pair.legacy("users")).target(pair.target("users")).looks(1, Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource({"postgresql, money", "postgresql, money[]", "h2, INTEGER ARRAY", "h2, 'ROW(a INTEGER, b INTEGER)'", "h2, JAVA_OBJECT"})
    void unsupportedType_isRefusedByName_beforeAnyRow_unlessLeftOut(String product, String type) throws Exception {
        if (product.equals("h2")) {
            useH2();
        }
        for (Side side : Side.values()) {
            pair.execute(side, "CREATE TABLE users (id int PRIMARY KEY, v " + type + ", n int)");
        }
        pair.execute(Side.LEGACY, "INSERT INTO users (id, n) VALUES (1, 2)");
        pair.dualWrite();
        Backfill.Builder backfill = Backfill.of(pair.migration).legacy(pair.legacy("users")).target(pair.target("users"));
        Preflight.Builder preflight = Preflight.of(pair.migration).legacy(pair.legacy("users")).target(pair.target("users"));
        assertThatThrownBy(() -> backfill.build().run()).isInstanceOf(MigrationException.class).hasMessageContainingAll("column", "cannot be copied and compared", "leaveOut");
        assertThatThrownBy(() -> reconciliation().build().run()).hasMessageContaining("cannot be copied and compared");
        assertThatThrownBy(() -> preflight.build().run()).hasMessageContaining("cannot be copied and compared");
        assertThat(pair.query(Side.TARGET, "SELECT id FROM users")).isEmpty();
        Mapping without = Mapping.byName().leaveOut("v");
        backfill.mapping(without).build().run();
        assertThat(pair.query(Side.TARGET, "SELECT id, n FROM users")).containsExactly("1|2");
        assertThat(reconciliation().mapping(without).build().run().isClean()).isTrue();
        assertThat(preflight.mapping(without).build().run().isClean()).isTrue();
    }
}
