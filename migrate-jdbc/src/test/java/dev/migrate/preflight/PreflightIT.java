package dev.migrate.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Side;
import dev.migrate.backfill.Backfill;
import dev.migrate.backfill.BackfillReport;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a preflight says of a value is what a backfill then meets; of a value that fits it says nothing, and the backfill meets nothing. */
class PreflightIT {
    private static final List<TestServer> SERVERS = TestDatabases.servers();
    private TablePair pair;

    /** Each hazard in each target that has it; the products of legacy take turns. */
    static Stream<Arguments> hazards() {
        List<Arguments> all = new ArrayList<>();
        for (Hazard hazard : Hazard.EACH) {
            for (TestServer target : SERVERS) {
                List<TestServer> legacies = SERVERS.stream()
                        .filter(server -> hazard.legacies().contains(server.product()))
                        .toList();
                if (hazard.targets().contains(target.product()) && !legacies.isEmpty()) {
                    all.add(Arguments.of(hazard, legacies.get(all.size() % legacies.size()), target));
                }
            }
        }
        return all.stream();
    }

    @AfterEach
    void close() throws Exception {
        assertThat(pair.openConnections(Side.LEGACY))
                .as("connections not given back")
                .isZero();
        assertThat(pair.openConnections(Side.TARGET))
                .as("connections not given back")
                .isZero();
        pair.close();
    }

    @ParameterizedTest
    @MethodSource("hazards")
    void whatIsFound_isWhatTheBackfillMeets(Hazard hazard, TestServer from, TestServer to) throws Exception {
        pair = new TablePair(from, to);
        for (String table : List.of("users", "twins")) {
            pair.execute(
                    Side.LEGACY,
                    "create table " + table + " (id bigint primary key, c "
                            + hazard.legacy().apply(from.product()) + ")");
            pair.execute(
                    Side.TARGET,
                    "create table " + table + " (id bigint primary key, c "
                            + hazard.target().apply(to.product()) + ")");
            insert(table, 1, hazard.fit());
            insert(table, 2, table.equals("users") ? hazard.misfit() : hazard.fit());
        }
        assertThat(preflight("twins").findings()).isEmpty();
        PreflightReport report = preflight("users");
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(hazard.rule());
            assertThat(finding.columns()).singleElement().asString().isEqualToIgnoringCase("c");
            assertThat(finding.rows()).isEqualTo(1);
            assertThat(finding.isExact()).isTrue();
            assertThat(finding.keys()).containsExactly("l:2");
        });
        pair.dualWrite();
        backfill("twins");
        assertThat(values(table(Side.TARGET, "twins"))).isEqualTo(values(table(Side.LEGACY, "twins")));
        assertThat(isRefusedOrChanged()).as("met by the backfill").isTrue();
    }

    private boolean isRefusedOrChanged() throws Exception {
        try {
            backfill("users");
        } catch (RuntimeException | SQLException refused) {
            return true;
        }
        return !values(table(Side.TARGET, "users")).equals(values(table(Side.LEGACY, "users")));
    }

    private void insert(String table, long id, Object value) throws SQLException {
        Object typed = value instanceof String text && text.matches("\\d+-\\d\\d-\\d\\d .*")
                ? LocalDateTime.parse((text.startsWith("12000") ? "+" : "") + text.replace(' ', 'T'))
                : value instanceof String text && text.matches("\\d\\d:\\d\\d:.*")
                        ? LocalTime.parse(text)
                        : value instanceof String text && text.matches("[0-9.]{3,}") ? new BigDecimal(text) : value;
        try (Connection connection = pair.db(Side.LEGACY).newConnection();
                PreparedStatement insert =
                        connection.prepareStatement("insert into " + table + " (id, c) values (?, ?)")) {
            insert.setLong(1, id);
            insert.setObject(2, typed);
            insert.executeUpdate();
        }
    }

    private JdbcTable table(Side side, String name) {
        return (side == Side.LEGACY ? pair.legacy(name) : pair.target(name)).records(name);
    }

    private PreflightReport preflight(String table) throws Exception {
        return Preflight.of(pair.migration)
                .legacy(table(Side.LEGACY, table))
                .target(table(Side.TARGET, table))
                .build()
                .run();
    }

    private BackfillReport backfill(String table) throws Exception {
        JdbcTable legacy = table(Side.LEGACY, table);
        legacy.books("users", Side.LEGACY)
                .assign(
                        SegmentRange.ALL,
                        Role.AUTHORITY,
                        true,
                        pair.migration.latestView().epoch());
        return Backfill.of(pair.migration)
                .legacy(legacy)
                .target(table(Side.TARGET, table))
                .attempts(1)
                .build()
                .run();
    }

    private static Map<String, String> values(JdbcTable table) throws Exception {
        Map<String, String> values = new TreeMap<>();
        table.scan(
                dev.migrate.table.KeyRange.ALL,
                row -> values.put(row.key().canonical(), text(row.fields().get("c"))));
        return values;
    }

    /** The same for the same value, whatever carries it. */
    private static String text(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? "1" : "0";
        }
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        boolean isFinite = value instanceof Number number && Double.isFinite(number.doubleValue());
        return isFinite ? new BigDecimal(value.toString()).stripTrailingZeros().toPlainString() : String.valueOf(value);
    }
}
