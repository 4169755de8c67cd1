package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.migrate.Side;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.jdbc.RewrittenSql;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabase;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.reconcile.Difference.Kind;
import dev.migrate.table.BoundMapping;
import dev.migrate.table.KeyRange;
import dev.migrate.table.Mapping;
import dev.migrate.table.RangeSignatures;
import dev.migrate.table.RangeSignatures.Signature;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Ranges that are compared within PostgreSQL, on both sides. */
class SignaturesIT {
    private static final String ORDERS = "CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint NOT NULL,"
            + " status varchar(20) NOT NULL, amount numeric(12,2), quantity int NOT NULL, email text,"
            + " paid boolean NOT NULL, created timestamptz NOT NULL)";
    private static final String FILLED =
            "INSERT INTO orders SELECT n, n * 7919 % 1000, (ARRAY['new','paid'])[1 + n % 2],"
                    + " n / 100.0, n % 50, CASE WHEN n % 17 > 0 THEN 'c' || n END, n % 3 = 0,"
                    + " timestamptz '2020-01-01 00:00:00+00' + n * interval '37 seconds' FROM generate_series(1, ?) n";
    private final TablePair pair = TablePair.ofPostgres();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.migrate.jdbc.PostgresSignatures");

    @BeforeEach
    void listen() {
        logger.setLevel(Level.DEBUG);
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void close() throws Exception {
        logger.detachAppender(logged);
        logger.setLevel(null);
        assertThat(pair.openConnections(Side.LEGACY)).isZero();
        assertThat(pair.openConnections(Side.TARGET)).isZero();
        pair.close();
    }

    private void both(String sql, Object... values) throws Exception {
        pair.execute(Side.LEGACY, sql, values);
        pair.execute(Side.TARGET, sql, values);
    }

    private Reconciliation.Builder reconciliation(JdbcTable legacy, JdbcTable target) {
        return Reconciliation.of(pair.migration)
                .legacy(legacy)
                .target(target)
                .looks(2, Duration.ofSeconds(1))
                .pause(pair::advance);
    }

    private ReconciliationReport compared(String table) throws Exception {
        return reconciliation(pair.legacy(table), pair.target(table)).build().run();
    }

    private List<String> lines() {
        return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** R8: a sum that is a DOUBLE loses the last bits of each hash. */
    @Test
    void r8_sumOfARange_isExactlyThatOfItsParts() throws Exception {
        both(ORDERS);
        both(FILLED, 20_000);
        JdbcTable legacy = pair.legacy("orders");
        JdbcTable target = pair.target("orders");
        BoundMapping mapping = Mapping.byName().bind(legacy.shape(), target.shape());
        try (RangeSignatures signatures = legacy.signatures(target, mapping).orElseThrow()) {
            KeyRange all = new KeyRange(null, legacy.last().orElseThrow());
            Signature whole = signatures.of(Side.TARGET, List.of(all)).get(0);
            List<Signature> parts = signatures.of(Side.TARGET, signatures.cut(all, 100));
            assertThat(parts).hasSize(200);
            assertThat(parts.stream().mapToLong(Signature::rows).sum()).isEqualTo(whole.rows());
            assertThat(parts.stream().map(Signature::first).reduce(BigInteger.ZERO, BigInteger::add))
                    .isEqualTo(whole.first());
            assertThat(parts.stream().map(Signature::second).reduce(BigInteger.ZERO, BigInteger::add))
                    .isEqualTo(whole.second());
        }
    }

    @Test
    void turnedOff_everyRowIsRead() throws Exception {
        both(ORDERS);
        both(FILLED, 2_000);
        assertThat(compared("orders").rowsClearedBySignature()).isEqualTo(2_000);
        ReconciliationReport report = reconciliation(pair.legacy("orders"), pair.target("orders"))
                .signatures(false)
                .build()
                .run();
        assertThat(report.rowsClearedBySignature()).isZero();
        assertThat(report.rowsCompared()).isEqualTo(2_000);
        assertThat(report.isClean()).isTrue();
    }

    /** The sum of {@code hash_record_extended} misses three of four such exchanges. */
    @Test
    void exchangedValues_areFound() throws Exception {
        both(ORDERS);
        both(FILLED, 2_000);
        assertThat(
                        pair.query(
                                Side.LEGACY,
                                "SELECT count(DISTINCT s) FROM (SELECT sum(hash_record_extended(ROW(k, v), 1))"
                                        + " s FROM (VALUES (1, 1, 'x'), (1, 2, 'y'), (2, 1, 'y'), (2, 2, 'x')) t(side, k, v) GROUP BY side)"))
                .as("the server's own hash of a record")
                .containsExactly("1");
        for (long id = 10; id <= 80; id += 10) {
            pair.execute(
                    Side.TARGET,
                    "UPDATE orders o SET email = p.email FROM orders p WHERE o.id IN (?, ?) AND p.id = ? + ? - o.id",
                    id,
                    id + 1,
                    id,
                    id + 1);
        }
        assertThat(compared("orders").confirmed()).hasSize(16);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "NULL",
            emptyValue = "",
            value = {
                "bigint; 0; 4294967297", // the server's own hash of them is the same
                "bigint; 1; -1",
                "bigint; 0; NULL",
                "integer; 7; 8",
                "smallint; 7; NULL",
                "boolean; false; true",
                "boolean; false; NULL",
                "text; a; b",
                "text; 'a '; a",
                "text; ''; NULL",
                "text; null; NULL",
                "text; e; é",
                "text; 😀; 😁",
                "text COLLATE \"C\"; a; A",
                "varchar(30); a; 'a '",
                "char(9); a; b",
                "numeric(12,2); 1.50; -1.50", // the server's own hash of them is the same
                "numeric(12,2); 0; NULL",
                "numeric; 1.0; 1.00000000000000000000001",
                "real; 0.1; 0.2",
                "double precision; 1e23; 1.0000000000000001e23",
                "double precision; NaN; Infinity",
                "date; 2024-02-28; 2024-02-29",
                "date; infinity; -infinity",
                "time; 00:00; 01:11:34.967297", // the server's own hash of them is the same
                "timestamp; 2000-01-01 00:00; 2000-01-01 01:11:34.967297",
                "timestamptz; 2000-01-01 00:00+00; 2000-01-01 01:11:34.967297+00",
                "timestamptz; infinity; NULL",
                "uuid; 00000000-0000-0000-0000-000000000000; 80000000-0000-0000-0000-000000000000",
                "bytea; '\\x00'; '\\x0000'",
                "bytea; '\\x'; NULL",
                "json; {\"a\":1}; {\"a\": 2}",
                "jsonb; {\"a\": 1.0}; {\"a\": 1.01}",
                "jsonb; {}; NULL",
                "interval; 1 mon; 30 days",
                "inet; 10.0.0.1; 10.0.0.1/8",
                "cidr; 10.0.0.0/8; 10.0.0.0/9",
                "macaddr; 08:00:2b:01:02:03; 08:00:2b:01:02:04"
            })
    void oneFieldThatDiffers_isFound_andEqualOnesAreCleared(String type, String value, String other) throws Exception {
        both("CREATE TABLE notes (id int PRIMARY KEY, v " + type + ")");
        String cast = "CAST(CAST(? AS text) AS " + type.replace(" COLLATE \"C\"", "") + ")";
        both("INSERT INTO notes SELECT n, " + cast + " FROM generate_series(1, 30) n", value);
        ReconciliationReport equal = compared("notes");
        assertThat(lines()).isEmpty();
        assertThat(equal.rowsClearedBySignature()).isEqualTo(30);
        assertThat(equal.isClean()).isTrue();
        pair.execute(Side.TARGET, "UPDATE notes SET v = " + cast + " WHERE id = 17", other);
        ReconciliationReport report = compared("notes");
        assertThat(report.confirmed())
                .extracting(Difference::key, Difference::kind, Difference::fields)
                .containsExactly(tuple("l:17", Kind.DIFFERENT, List.of("v")));
        assertThat(report.rowsClearedBySignature()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "NULL",
            emptyValue = "",
            value = {
                "double precision; -0.0; 0.0",
                "real; -0.0; 0.0",
                "double precision; NaN; NaN",
                "numeric; 1.0; 1.00",
                "numeric; NaN; NaN",
                "numeric(9,3); 1.5; 1.500",
                "char(9); 'a'; 'a   '",
                "text; 'two  '; 'two  '",
                "text; 😀; 😀",
                "text; ''; ''",
                "text; NULL; NULL",
                "timestamptz; 2024-06-01 12:00+02; 2024-06-01 10:00+00",
                "uuid; A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11; a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
            })
    void twoFormsOfOneValue_areEqual(String type, String value, String other) throws Exception {
        both("CREATE TABLE notes (id int PRIMARY KEY, v " + type + ")");
        String insert = "INSERT INTO notes VALUES (1, CAST(CAST(? AS text) AS " + type + "))";
        pair.execute(Side.LEGACY, insert, value);
        pair.execute(Side.TARGET, insert, other);
        ReconciliationReport report = compared("notes");
        assertThat(report.isClean()).isTrue();
        assertThat(report.rowsClearedBySignature()).isOne();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "mood; mood; happy; sad",
                "mood[]; mood[]; {happy}; {sad}",
                "int[]; int[]; {1,2}; {2,1}",
                "positive; positive; 1; 2",
                "spot; spot; (1,2); (2,1)",
                "point; point; (1,2); (2,1)",
                "varchar(10); varchar(20); a; b",
                "numeric(9,2); numeric(9,3); 1.5; 1.6",
                "integer; bigint; 1; 2",
                "timestamp(3); timestamp; 2024-01-01 00:00; 2024-01-02 00:00"
            })
    void otherTypes_areReadRowByRow_andTheLogNamesTheColumn(String type, String other, String value, String differing)
            throws Exception {
        for (Side side : Side.values()) {
            if (side == Side.TARGET) {
                pair.execute(side, "CREATE TYPE unrelated AS ENUM ('x')"); // so that ids of types differ
            }
            pair.execute(side, "CREATE TYPE mood AS ENUM ('happy', 'sad')");
            pair.execute(side, "CREATE DOMAIN positive AS int CHECK (VALUE > 0)");
            pair.execute(side, "CREATE TYPE spot AS (x int, y int)");
            pair.execute(
                    side, "CREATE TABLE notes (id int PRIMARY KEY, v " + (side == Side.LEGACY ? type : other) + ")");
            pair.execute(
                    side,
                    "INSERT INTO notes SELECT n, CAST(CAST(? AS text) AS " + type + ") FROM generate_series(1, 20) n",
                    value);
        }
        assertThat(compared("notes").isClean()).isTrue();
        pair.execute(Side.TARGET, "UPDATE notes SET v = CAST(CAST(? AS text) AS " + type + ") WHERE id = 3", differing);
        ReconciliationReport report = compared("notes");
        assertThat(report.confirmed()).extracting(Difference::key).containsExactly("l:3");
        assertThat(report.rowsClearedBySignature()).isZero();
        assertThat(lines()).hasSize(2).allSatisfy(line -> assertThat(line).contains("column 'v' of type"));
    }

    /** A server of another version may hash in another way; here it is made to. */
    @Test
    void serversThatHashProbesDifferently_areReadRowByRow() throws Exception {
        both(ORDERS);
        both(FILLED, 500);
        pair.execute(Side.TARGET, "UPDATE orders SET email = 'other' WHERE id = 70");
        pair.execute(
                Side.TARGET,
                "CREATE FUNCTION otherwise(text, bigint) RETURNS bigint IMMUTABLE LANGUAGE sql"
                        + " AS 'SELECT hashtextextended($1, $2) # 1'");
        JdbcTable other = JdbcTable.of(
                RewrittenSql.around(
                        pair.database(Side.TARGET).dataSource(), "pg_catalog.hashtextextended", "otherwise"),
                "orders");
        ReconciliationReport report =
                reconciliation(pair.legacy("orders"), other).build().run();
        assertThat(report.rowsClearedBySignature()).isZero();
        assertThat(report.rowsCompared()).isEqualTo(500);
        assertThat(report.confirmed()).extracting(Difference::key).containsExactly("l:70");
        assertThat(lines())
                .containsExactly(
                        "all rows of 'orders' and 'orders' are read to be compared: the servers do not hash the probes alike");
    }

    @Test
    void serverThatDoesNotKnowTheHash_isReadRowByRow() throws Exception {
        both(ORDERS);
        both(FILLED, 50);
        JdbcTable other = JdbcTable.of(
                RewrittenSql.around(pair.database(Side.TARGET).dataSource(), "pg_catalog.hashtextextended", "unknown"),
                "orders");
        ReconciliationReport report =
                reconciliation(pair.legacy("orders"), other).build().run();
        assertThat(report.isClean()).isTrue();
        assertThat(report.rowsClearedBySignature()).isZero();
        assertThat(lines()).hasSize(1).allSatisfy(line -> assertThat(line).contains("SQLSTATE 42883"));
    }

    @Test
    void keysOfSeveralColumns_quotedNames_renamedColumns_andNullableOnOneSide() throws Exception {
        pair.execute(
                Side.LEGACY,
                "CREATE TABLE \"Line\" (\"Order\" uuid, no bigint, \"a\"\"b\" text NOT NULL, \"migrate probe\" int NOT NULL,"
                        + " PRIMARY KEY (\"Order\", no))");
        pair.execute(
                Side.TARGET,
                "CREATE TABLE line (no bigint, \"order\" uuid, n int, b text, PRIMARY KEY (\"order\", no))");
        pair.execute(
                Side.LEGACY,
                "INSERT INTO \"Line\" SELECT CAST(lpad(n / 7 || '', 32, '0') AS uuid), n, 't' || n, n FROM generate_series(1, 9000) n");
        pair.execute(
                Side.TARGET,
                "INSERT INTO line SELECT n, CAST(lpad(n / 7 || '', 32, '0') AS uuid), n, 't' || n FROM generate_series(1, 9000) n");
        Mapping mapping = Mapping.byName().rename("a\"b", "b").rename("migrate probe", "n");
        Reconciliation reconciliation = reconciliation(pair.legacy("Line"), pair.target("line"))
                .mapping(mapping)
                .build();
        assertThat(reconciliation.run().rowsClearedBySignature()).isEqualTo(9_000);
        pair.execute(Side.TARGET, "UPDATE line SET b = NULL WHERE no = 8500");
        ReconciliationReport report = reconciliation.run();
        assertThat(report.confirmed()).extracting(Difference::fields).containsExactly(List.of("b"));
        assertThat(report.rowsClearedBySignature()).isGreaterThan(8_000);
    }

    @Test
    void keysOfText_andOtherProducts_areReadRowByRow() throws Exception {
        both("CREATE TABLE words (word text PRIMARY KEY)");
        both("INSERT INTO words VALUES ('a'), ('B'), ('ab')");
        ReconciliationReport report = compared("words");
        assertThat(report.isClean()).isTrue();
        assertThat(report.rowsClearedBySignature()).isZero();
        try (TestDatabase h2 = TestDatabases.h2()) {
            both("CREATE TABLE notes (id int PRIMARY KEY, v text)");
            both("INSERT INTO notes VALUES (1, 'a')");
            h2.execute("CREATE TABLE notes (id int PRIMARY KEY, v varchar(100))", "INSERT INTO notes VALUES (1, 'a')");
            ReconciliationReport mixed = reconciliation(pair.legacy("notes"), JdbcTable.of(h2.dataSource(), "notes"))
                    .build()
                    .run();
            assertThat(mixed.isClean()).isTrue();
            assertThat(mixed.rowsClearedBySignature()).isZero();
        }
    }
}
