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
import dev.migrate.table.RowRefusedException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every type of PostgreSQL and H2, with the values that are easily lost or taken for each other. */
class TypesIT {
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
        TypeTable types = new TypeTable("postgresql", "postgresql-signed");
        types.requireCopiedAndEqual(pair, DERIVED);
        assertThat(reconciliation().build().run().rowsClearedBySignature()).isEqualTo(types.rows());
    }

    @Test
    void signedTypes_eachChangeIsFound() throws Exception {
        new TypeTable("postgresql", "postgresql-signed").requireEachChangeFound(pair, true);
    }

    @Test
    void otherTypes_areCopied_andReportedEqual() throws Exception {
        defineTypes();
        new TypeTable("postgresql", "postgresql-other").requireCopiedAndEqual(pair, DERIVED);
    }

    @Test
    void otherTypes_eachChangeIsFound() throws Exception {
        defineTypes();
        new TypeTable("postgresql", "postgresql-other").requireEachChangeFound(pair, false);
    }

    @Test
    void h2Types_areCopied_reportedEqual_andEachChangeIsFound() throws Exception {
        useH2();
        new TypeTable("h2", "h2").requireCopiedAndEqual(pair);
        new TypeTable("h2", "h2").requireEachChangeFound(pair, false);
    }

    private void useH2() throws Exception {
        pair.close();
        pair = new TablePair(new H2Server(), new H2Server());
    }

    /** The driver gives other forms of arrays and points once a statement has run five times. */
    @Test
    void statementThatHasRunOften_readsTheSame() throws Exception {
        for (Side side : Side.values()) {
            pair.execute(
                    side,
                    "CREATE TABLE users (id int PRIMARY KEY, t text[], f float8[], p point, d numeric, z timetz)");
            pair.execute(side, "INSERT INTO users VALUES (1, '{a,b}', '{1,2}', '(1,2)', 'NaN', '24:00+01')");
        }
        try (JdbcTable often = pair.legacy("users")) {
            String first = null;
            for (int n = 1; n <= 12; n++) {
                StringBuilder text = new StringBuilder();
                often.scan(
                        new KeyRange(null, often.last().orElseThrow()),
                        row -> row.fields()
                                .names()
                                .forEach(name ->
                                        text.append(row.fields().get(name)).append(' ')));
                first = first == null ? text.toString() : first;
                assertThat(text).as("time " + n).hasToString(first);
            }
        }
    }

    @Test
    void twoFormsOfOneValue_areEqual() throws Exception {
        defineTypes();
        for (Side side : Side.values()) {
            boolean isOne = side == Side.LEGACY;
            pair.execute(
                    side,
                    "CREATE TABLE users (id int PRIMARY KEY, j json, b jsonb, n numeric, m amount, d float8, f float4, c char(9), t timestamptz)");
            pair.execute(
                    side,
                    "INSERT INTO users VALUES (1, "
                            + (isOne
                                    ? "'{\"a\": 1.0, \"b\": [\"\\u00e9\", 1e2]}', '{\"a\": 1.0}', 1.0, 1.0, '-0.0', '-0.0', 'a', '2024-10-27 02:30+02'"
                                    : "'{\"b\":[\"\u00e9\",100],\"a\":1}', '{\"a\": 1.00}', 1.00, 1.00, '0.0', '0.0', 'a   ', '2024-10-27 00:30+00'")
                            + ")");
        }
        for (boolean signed : new boolean[] {true, false}) {
            assertThat(reconciliation().signatures(signed).build().run().confirmed())
                    .isEmpty();
        }
    }

    private Reconciliation.Builder reconciliation() {
        return Reconciliation.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .looks(1, Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql, money",
        "postgresql, money[]",
        "h2, INTEGER ARRAY",
        "h2, 'ROW(a INTEGER, b INTEGER)'",
        "h2, JAVA_OBJECT"
    })
    void unsupportedType_isRefusedByName_beforeAnyRow_unlessLeftOut(String product, String type) throws Exception {
        if (product.equals("h2")) {
            useH2();
        }
        for (Side side : Side.values()) {
            pair.execute(side, "CREATE TABLE users (id int PRIMARY KEY, v " + type + ", n int)");
        }
        pair.execute(Side.LEGACY, "INSERT INTO users (id, n) VALUES (1, 2)");
        pair.dualWrite();
        Backfill.Builder backfill =
                Backfill.of(pair.migration).legacy(pair.legacy("users")).target(pair.target("users"));
        Preflight.Builder preflight =
                Preflight.of(pair.migration).legacy(pair.legacy("users")).target(pair.target("users"));
        assertThatThrownBy(() -> backfill.build().run())
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("column", "cannot be copied and compared", "leaveOut");
        assertThatThrownBy(() -> reconciliation().build().run()).hasMessageContaining("cannot be copied and compared");
        assertThatThrownBy(() -> preflight.build().run()).hasMessageContaining("cannot be copied and compared");
        assertThat(pair.query(Side.TARGET, "SELECT id FROM users")).isEmpty();
        Mapping without = Mapping.byName().leaveOut("v");
        backfill.mapping(without).build().run();
        assertThat(pair.query(Side.TARGET, "SELECT id, n FROM users")).containsExactly("1|2");
        assertThat(reconciliation().mapping(without).build().run().isClean()).isTrue();
        assertThat(preflight.mapping(without).build().run().isClean()).isTrue();
    }

    /** Passed on as bytes, a number would become another one. */
    @Test
    void domainsOfOneName_mayBeOfDifferentTypes_andHaveChecks() throws Exception {
        pair.execute(Side.LEGACY, "CREATE DOMAIN tally AS int4");
        pair.execute(Side.TARGET, "CREATE DOMAIN tally AS float4 CHECK (VALUE <> 42)");
        for (Side side : Side.values()) {
            pair.execute(side, "CREATE TABLE users (id int PRIMARY KEY, v tally)");
        }
        pair.execute(Side.LEGACY, "INSERT INTO users VALUES (1, 7), (2, 42)");
        assertThat(Preflight.of(pair.migration)
                        .legacy(pair.legacy("users"))
                        .target(pair.target("users"))
                        .build()
                        .run()
                        .findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.keys()).containsExactly("l:2"));
        pair.execute(Side.LEGACY, "DELETE FROM users WHERE id = 2");
        pair.dualWrite();
        Backfill.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .build()
                .run();
        assertThat(pair.query(Side.TARGET, "SELECT id, v FROM users")).containsExactly("1|7");
        assertThat(reconciliation().build().run().isClean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"float8, 1e300, float4", "text, many, int", "numeric, 1e400, float8", "numeric, NaN, int"})
    void valueThatDoesNotFit_isRefusedByItsKeyAndColumn(String type, String value, String target) throws Exception {
        pair.execute(Side.LEGACY, "CREATE TABLE users (id int PRIMARY KEY, v " + type + ")");
        pair.execute(Side.TARGET, "CREATE TABLE users (id int PRIMARY KEY, v " + target + ")");
        pair.execute(Side.LEGACY, "INSERT INTO users VALUES (1, '1'), (7, '" + value + "')");
        pair.dualWrite();
        assertThatThrownBy(Backfill.of(pair.migration)
                        .legacy(pair.legacy("users"))
                        .target(pair.target("users"))
                        .attempts(1)
                        .build()::run)
                .isInstanceOf(RowRefusedException.class)
                .hasMessageContainingAll("key l:7", "column 'v'", "derive(..)");
        assertThat(pair.query(Side.TARGET, "SELECT id FROM users")).isEmpty();
    }
}
