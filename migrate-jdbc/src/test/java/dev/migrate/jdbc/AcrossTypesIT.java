package dev.migrate.jdbc;

import static dev.migrate.table.Objection.Rule.FRACTION;
import static dev.migrate.table.Objection.Rule.PRECISION;
import static dev.migrate.table.Objection.Rule.RANGE;
import static dev.migrate.table.Objection.Rule.TYPE;

import dev.migrate.jdbc.AcrossTables.Unheld;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values of each type on their way between products. */
class AcrossTypesIT {
    private static final TestServer POSTGRES = new PostgresServer();
    private static final TestServer H2 = new H2Server();

    static Stream<Arguments> pairsOfServers() {
        List<TestServer> servers = TestDatabases.servers();
        return servers.stream()
                .flatMap(one -> servers.stream().filter(other -> other != one).map(other -> Arguments.of(one, other)));
    }

    @ParameterizedTest
    @MethodSource("pairsOfServers")
    void whatBothHold_isCopiedAndReportedEqual_andEachChangeIsFound(TestServer from, TestServer to) throws Exception {
        new AcrossTables().require(from, to);
    }

    @Test
    void whatOnlyPostgresHolds_isFoundByAPreflight() throws Exception {
        AcrossTables.requireFound(
                POSTGRES,
                H2,
                List.of(
                        new Unheld("numeric", "'NaN'", "NUMERIC(20, 4)", RANGE),
                        new Unheld("numeric", "'Infinity'", "NUMERIC(20, 4)", RANGE),
                        new Unheld("numeric", "1e30", "NUMERIC(20, 4)", RANGE),
                        new Unheld("date", "'infinity'", "DATE", RANGE),
                        new Unheld("timestamp", "'-infinity'", "TIMESTAMP(6)", RANGE),
                        new Unheld("timestamptz", "'infinity'", "TIMESTAMP(6) WITH TIME ZONE", RANGE),
                        new Unheld("time", "'24:00'", "TIME(6)", FRACTION)));
        AcrossTables.requireFound(
                POSTGRES,
                POSTGRES,
                List.of(
                        new Unheld("numeric", "'Infinity'", "numeric(20,4)", RANGE),
                        new Unheld("bytea", "'\\x00'", "text", TYPE),
                        new Unheld("date", "'2024-02-29'", "text", TYPE)));
    }

    @Test
    void whatOnlyH2Holds_isFoundByAPreflight() throws Exception {
        AcrossTables.requireFound(
                H2,
                POSTGRES,
                List.of(
                        new Unheld("DECFLOAT", "'Infinity'", "numeric(20,4)", RANGE),
                        new Unheld("TIMESTAMP(9)", "'2024-01-01 00:00:00.1234567'", "timestamp", FRACTION),
                        new Unheld("TIME(9)", "'00:00:00.1234567'", "time", FRACTION),
                        new Unheld("DATE", "'-5000-01-01'", "date", RANGE),
                        new Unheld("DOUBLE PRECISION", "1e300", "real", RANGE),
                        new Unheld("NUMERIC(20, 10)", "0.0000000001", "numeric(20,4)", PRECISION)));
    }
}
