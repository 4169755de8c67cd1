package dev.migrate.jdbc;

import static dev.migrate.table.Objection.Rule.CHARACTERS;
import static dev.migrate.table.Objection.Rule.FRACTION;
import static dev.migrate.table.Objection.Rule.PRECISION;
import static dev.migrate.table.Objection.Rule.RANGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Side;
import dev.migrate.backfill.Backfill;
import dev.migrate.jdbc.AcrossTables.Unheld;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.table.RowRefusedException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every type of MariaDB, with the values that are easily lost or taken for each other. */
class MariaDbTypesIT {
    private static final TestServer MARIADB = new MariaDbServer();
    private static final TestServer POSTGRES = new PostgresServer();

    @Test
    void types_areCopied_reportedEqual_andEachChangeIsFound() throws Exception {
        try (TablePair pair = new TablePair(MARIADB, MARIADB)) {
            new TypeTable("mariadb", "mariadb").requireCopiedAndEqual(pair);
            new TypeTable("mariadb", "mariadb").requireEachChangeFound(pair, false);
        }
    }

    @Test
    void jsonIsEqualByValue() throws Exception {
        try (TablePair pair = new TablePair(MARIADB, MARIADB)) {
            for (Side side : Side.values()) {
                pair.execute(side, "CREATE TABLE users (id int PRIMARY KEY, v json)");
                String value = side == Side.LEGACY ? "{\"a\": [1.0, true], \"b\": 1}" : "{\"b\":1,\"a\":[1,true]}";
                pair.execute(side, "INSERT INTO users VALUES (1, ?)", value);
            }
            assertThat(Reconciliation.of(pair.migration)
                            .legacy(pair.legacy("users"))
                            .target(pair.target("users"))
                            .looks(1, Duration.ZERO)
                            .build()
                            .run()
                            .confirmed())
                    .isEmpty();
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
    @CsvSource({
        "numeric, NaN, 'decimal(20,4)'",
        "float8, NaN, double",
        "float8, -Infinity, double",
        "float4, Infinity, float"
    })
    void numberThatIsNotFinite_isRefusedByItsKeyAndColumn(String type, String value, String target) throws Exception {
        try (TablePair pair = new TablePair(POSTGRES, MARIADB)) {
            pair.execute(Side.LEGACY, "CREATE TABLE users (id int PRIMARY KEY, v " + type + ")");
            pair.execute(Side.TARGET, "CREATE TABLE users (id int PRIMARY KEY, v " + target + ")");
            pair.execute(Side.LEGACY, "INSERT INTO users VALUES (1, 1), (7, '" + value + "')");
            pair.dualWrite();
            assertThatThrownBy(Backfill.of(pair.migration)
                            .legacy(pair.legacy("users"))
                            .target(pair.target("users"))
                            .attempts(1)
                            .build()::run)
                    .isInstanceOf(RowRefusedException.class)
                    .hasMessageContainingAll("key l:7", "column 'v'", "derive(..)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"point", "geometry", "multipolygon"})
    void unsupportedType_isRefusedByName(String type) throws Exception {
        try (TablePair pair = new TablePair(MARIADB, MARIADB)) {
            for (Side side : Side.values()) {
                pair.execute(side, "CREATE TABLE users (id int PRIMARY KEY, v " + type + ")");
            }
            assertThatThrownBy(() -> Reconciliation.of(pair.migration)
                            .legacy(pair.legacy("users"))
                            .target(pair.target("users"))
                            .build()
                            .run())
                    .hasMessageContainingAll("'v'", "'users'", "cannot be copied and compared");
        }
    }
}
