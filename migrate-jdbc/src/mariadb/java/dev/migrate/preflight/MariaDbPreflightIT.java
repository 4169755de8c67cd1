package dev.migrate.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Side;
import dev.migrate.backfill.Backfill;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.jdbc.MariaDbServer;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabase;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.table.Objection.Rule;
import dev.migrate.table.RowRefusedException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What only MariaDB has: its collations, padding, prefixes, TIMESTAMP in the session's zone, and zero in a generated column. */
class MariaDbPreflightIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private TablePair pair;

    private void open(TestServer from, String legacy, String target) throws Exception {
        pair = new TablePair(from, new MariaDbServer());
        pair.execute(Side.LEGACY, "create table users (" + legacy + ")");
        pair.execute(Side.TARGET, "create table users (" + target + ")");
    }

    @AfterEach
    void close() throws Exception {
        assertThat(pair.openConnections(Side.TARGET)).isZero();
        pair.close();
    }

    private void insert(Object... values) throws Exception {
        String marks = String.join(", ", java.util.Collections.nCopies(values.length, "?"));
        pair.execute(Side.LEGACY, "insert into users values (" + marks + ")", values);
    }

    private static String exact(TestServer server) {
        return "varchar(20)" + (server.product().equals("mariadb") ? " collate utf8mb4_nopad_bin" : "");
    }

    private List<PreflightFinding> findings(JdbcTable target) throws Exception {
        return Preflight.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(target)
                .build()
                .run()
                .findings();
    }

    private Backfill backfill(JdbcTable target) {
        return Backfill.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(target)
                .attempts(1)
                .build();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void uniqueValues_areAlikeUnderTheUsualCollation(TestServer from) throws Exception {
        open(
                from,
                "id bigint primary key, c " + exact(from) + " unique",
                "id bigint primary key, c varchar(20) collate utf8mb4_general_ci unique");
        List<String> values = List.of("x", "e", "b", "é", "É", "b ", "ß", "s", "y");
        for (String value : values) {
            insert((long) values.indexOf(value) + 1, value);
        }
        assertThat(findings(pair.target("users"))).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(Rule.UNIQUE);
            assertThat(finding.rows()).isEqualTo(7);
            assertThat(finding.isExact()).isTrue();
            assertThat(finding.keys()).containsExactly("l:2", "l:4", "l:5", "l:3", "l:6", "l:7", "l:8");
        });
        pair.dualWrite();
        assertThatThrownBy(backfill(pair.target("users"))::run)
                .isInstanceOf(RowRefusedException.class)
                .hasMessageContaining("l:4");
        pair.execute(Side.LEGACY, "delete from users where id in (4, 5, 6, 8)");
        assertThat(findings(pair.target("users"))).isEmpty();
        assertThat(backfill(pair.target("users")).run().rowsCopied()).isEqualTo(5);
    }

    /** Whether two keys are alike is the collation's. */
    @ParameterizedTest
    @CsvSource({
        "utf8mb4_general_ci, 3",
        "utf8mb4_bin, 2",
        "utf8mb4_nopad_bin, 0",
        "utf8mb4_general_nopad_ci, 2",
        "utf8mb4_uca1400_as_cs, 2"
    })
    void keys_areAlikeByTheColumnsCollation(String collation, int alike) throws Exception {
        open(
                new MariaDbServer(),
                "code varchar(20) collate utf8mb4_nopad_bin primary key",
                "code varchar(20) collate " + collation + " primary key");
        insert("a");
        insert("a ");
        insert("A");
        List<PreflightFinding> findings = findings(pair.target("users"));
        assertThat(findings.stream().mapToLong(PreflightFinding::rows).sum()).isEqualTo(alike);
        assertThat(findings).allMatch(finding -> finding.rule() == Rule.KEY);
    }

    @Test
    void prefixThatIsUnique_isAllThatCounts() throws Exception {
        open(
                new MariaDbServer(),
                "id bigint primary key, c varchar(20)",
                "id bigint primary key, c varchar(20), unique one (c(3))");
        insert(1L, "abcd");
        insert(2L, "xbcd");
        assertThat(findings(pair.target("users"))).isEmpty();
        insert(3L, "abce");
        assertThat(findings(pair.target("users"))).singleElement().satisfies(finding -> {
            assertThat(finding.what()).contains("'one'");
            assertThat(finding.keys()).containsExactly("l:1", "l:3");
        });
        pair.dualWrite();
        assertThatThrownBy(backfill(pair.target("users"))::run).isInstanceOf(RowRefusedException.class);
    }

    @Test
    void zero_isReplacedInAColumnThatIsGenerated() throws Exception {
        open(new MariaDbServer(), "id bigint primary key, v int", "id bigint auto_increment primary key, v int");
        insert(7L, 1);
        assertThat(findings(pair.target("users"))).isEmpty();
        insert(0L, 1);
        assertThat(findings(pair.target("users"))).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(Rule.GENERATED);
            assertThat(finding.keys()).containsExactly("l:0");
        });
        pair.dualWrite();
        backfill(pair.target("users")).run();
        assertThat(pair.query(Side.TARGET, "select id from users where id = 0")).isEmpty();
    }

    @Test
    void localTimes_thatTheSessionsZoneLeavesOutOrHasTwice() throws Exception {
        open(new MariaDbServer(), "id bigint primary key, c datetime(6)", "id bigint primary key, c timestamp(6) null");
        knowsBerlin();
        insert(1L, LocalDateTime.parse("2026-03-29T01:59:59"));
        insert(2L, LocalDateTime.parse("2026-03-29T02:30:00"));
        insert(3L, LocalDateTime.parse("2026-10-25T02:30:00"));
        insert(4L, LocalDateTime.parse("2026-10-25T03:00:00"));
        try (JdbcTable target = pair.target("users").bulk(inBerlin(pair.database(Side.TARGET)), 2)) {
            assertThat(findings(target))
                    .extracting(finding -> finding.rule() + " " + finding.keys())
                    .containsExactlyInAnyOrder("TIME_ZONE [l:2]", "TIME_ZONE [l:3]");
            pair.dualWrite();
            assertThatThrownBy(backfill(target)::run)
                    .isInstanceOf(RowRefusedException.class)
                    .hasMessageContaining("l:2");
            pair.execute(Side.LEGACY, "delete from users where id = 2");
            backfill(target).run();
            assertThat(pair.query(Side.TARGET, "select cast(unix_timestamp(c) as unsigned) from users where id = 3"))
                    .as("one of the two moments, whichever was meant")
                    .containsAnyOf(seconds("2026-10-25T00:30:00Z"), seconds("2026-10-25T01:30:00Z"));
        }
        assertThat(findings(pair.target("users"))).as("in sessions of UTC").isEmpty();
    }

    private static String seconds(String moment) {
        return Long.toString(Instant.parse(moment).getEpochSecond());
    }

    /** Reads the zone's rules into the server, as {@code mysql_tzinfo_to_sql} does. */
    private void knowsBerlin() throws SQLException {
        try (Connection connection = pair.database(Side.TARGET).dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("delete from mysql.time_zone_name where name = 'Europe/Berlin'");
            statement.execute("insert into mysql.time_zone (use_leap_seconds) values ('N')");
            statement.execute("set @zone = last_insert_id()");
            statement.execute("insert into mysql.time_zone_name values ('Europe/Berlin', @zone)");
            statement.execute(
                    "insert into mysql.time_zone_transition_type values (@zone, 0, 3600, 0, 'CET'), (@zone, 1, 7200, 1, 'CEST')");
            for (String row : transitions()) {
                statement.execute("insert into mysql.time_zone_transition values (@zone, " + row + ")");
            }
        }
    }

    private static List<String> transitions() {
        List<String> rows = new ArrayList<>();
        Instant at = Instant.EPOCH;
        while (at.isBefore(Instant.parse("2037-12-01T00:00:00Z"))) {
            ZoneOffsetTransition next = BERLIN.getRules().nextTransition(at);
            at = next.getInstant();
            rows.add(at.getEpochSecond() + ", " + (next.getDuration().compareTo(Duration.ZERO) > 0 ? 1 : 0));
        }
        return rows;
    }

    /** Connections whose sessions have the zone. */
    private static DataSource inBerlin(TestDatabase database) {
        DataSource plain = database.dataSource();
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    try {
                        Object made = method.invoke(plain, arguments);
                        if (made instanceof Connection connection) {
                            try (Statement statement = connection.createStatement()) {
                                statement.execute("set time_zone = 'Europe/Berlin'");
                            }
                        }
                        return made;
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
