package dev.migrate.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.backfill.Backfill;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.table.Mapping;
import dev.migrate.table.Objection.Rule;
import dev.migrate.table.RowRefusedException;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that are different in legacy, and one to the target. */
class CollisionsIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private TablePair pair;

    static Stream<Arguments> pairsOfServers() {
        return SERVERS.stream().flatMap(one -> SERVERS.stream().map(other -> Arguments.of(one, other)));
    }

    private void open(TestServer from, TestServer to, String legacy, String target) throws Exception {
        pair = new TablePair(from, to);
        pair.execute(Side.LEGACY, "create table users (" + legacy + ")");
        pair.execute(Side.TARGET, "create table users (" + target + ")");
    }

    @AfterEach
    void close() throws Exception {
        assertThat(pair.openConnections(Side.LEGACY)).isZero();
        assertThat(pair.openConnections(Side.TARGET)).isZero();
        pair.close();
    }

    private Preflight.Builder preflight() {
        return Preflight.of(pair.migration).legacy(pair.legacy("users")).target(pair.target("users"));
    }

    private void insert(Object... values) throws Exception {
        String marks = String.join(", ", java.util.Collections.nCopies(values.length, "?"));
        pair.execute(Side.LEGACY, "insert into users values (" + marks + ")", values);
    }

    private Backfill backfill() {
        return Backfill.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .attempts(1)
                .build();
    }

    private void assertRefused() throws Exception {
        pair.dualWrite();
        assertThatThrownBy(backfill()::run).isInstanceOf(RowRefusedException.class);
    }

    private void assertCopied(int rows) throws Exception {
        pair.dualWrite();
        assertThat(backfill().run().rowsCopied()).isEqualTo(rows);
    }

    /** MariaDB's own binary collation still takes 'a' for 'a '. */
    private static String exact(TestServer server, String type) {
        return server.product().equals("mariadb") ? type + " collate utf8mb4_nopad_bin" : type;
    }

    @ParameterizedTest
    @MethodSource("pairsOfServers")
    void duplicates_areFoundWithTheirKeys(TestServer from, TestServer to) throws Exception {
        open(
                from,
                to,
                "id bigint primary key, a int, b varchar(20)",
                "id bigint primary key, a int, b varchar(20), unique (a, b)");
        insert(1L, 1, "x");
        insert(2L, 1, "y");
        insert(3L, 1, "x");
        insert(4L, 2, "x");
        insert(5L, null, "x");
        insert(6L, null, "x");
        assertThat(preflight().build().run().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(Rule.UNIQUE);
            assertThat(finding.rows()).isEqualTo(2);
            assertThat(finding.keys()).containsExactly("l:1", "l:3");
            assertThat(finding.columns()).hasSize(2);
        });
        assertThat(preflight().build().run().toString()).doesNotContain("'x'");
        assertRefused();
    }

    @ParameterizedTest
    @MethodSource("pairsOfServers")
    void cleanTwin_hasNoFindingAndIsCopied(TestServer from, TestServer to) throws Exception {
        open(
                from,
                to,
                "code " + exact(from, "varchar(20)") + " primary key, a int, b varchar(20)",
                "code " + exact(to, "varchar(20)") + " primary key, a int, b varchar(20), unique (a, b)");
        List<String> keys = List.of("e", "é", "E", "e ", "ss", "ß");
        for (String key : keys) {
            insert(key, keys.indexOf(key), null);
        }
        PreflightReport report = preflight().build().run();
        assertThat(report.isClean()).as(report.toString()).isTrue();
        assertCopied(keys.size());
    }

    /** Only NULLs in one of the columns make rows alike, and only where the target says so. */
    @ParameterizedTest
    @MethodSource("pairsOfServers")
    void nulls_areAlikeWhereTheTargetSaysSo(TestServer from, TestServer to) throws Exception {
        boolean isSaid = !to.product().equals("mariadb");
        open(
                from,
                to,
                "id bigint primary key, a int unique",
                "id bigint primary key, a int, unique " + (isSaid ? "nulls not distinct " : "") + "(a)");
        insert(1L, null);
        insert(2L, 7);
        insert(3L, null);
        List<PreflightFinding> findings = preflight().build().run().findings();
        assertThat(findings).hasSize(isSaid ? 1 : 0);
        if (isSaid) {
            assertThat(findings.get(0).keys()).containsExactly("l:1", "l:3");
            assertRefused();
        } else {
            assertCopied(3);
        }
    }

    /** In each product a collation that takes letters of either case for one. */
    @ParameterizedTest
    @MethodSource("pairsOfServers")
    void letterCase_isTheTargets(TestServer from, TestServer to) throws Exception {
        String type = switch (to.product()) {
            case "mariadb" -> "varchar(20) collate utf8mb4_general_ci";
            case "h2" -> "varchar_ignorecase(20)";
            default -> "varchar(20) collate anycase";
        };
        pair = new TablePair(from, to);
        if (to.product().equals("postgresql")) {
            pair.execute(
                    Side.TARGET,
                    "create collation anycase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        }
        pair.execute(Side.LEGACY, "create table users (code " + exact(from, "varchar(20)") + " primary key, v int)");
        pair.execute(Side.TARGET, "create table users (code " + type + " primary key, v int)");
        insert("a", 1);
        insert("b", 2);
        assertThat(preflight().build().run().isClean()).isTrue();
        insert("A", 3);
        assertThat(preflight().build().run().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(Rule.KEY);
            assertThat(finding.rows()).isEqualTo(2);
            assertThat(finding.keys()).containsExactlyInAnyOrder("s:a", "s:A");
        });
        pair.dualWrite();
        boolean isWhole;
        try {
            isWhole = backfill().run().rowsCopied() == 3;
        } catch (RowRefusedException refused) {
            isWhole = false;
        }
        assertThat(isWhole).as("three rows were copied").isFalse();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void manyCleanRows_haveNoFinding(TestServer server) throws Exception {
        TestServer from = SERVERS.get((SERVERS.indexOf(server) + 1) % SERVERS.size());
        open(
                from,
                server,
                "id bigint primary key, email varchar(50), age int",
                "id bigint primary key, email varchar(40) not null unique, age smallint check (age >= 0)");
        pair.execute(
                Side.LEGACY,
                switch (from.product()) {
                    case "mariadb" ->
                        "insert into users select seq, concat('user', seq, '@example.org'), seq % 90 from seq_1_to_20000";
                    case "h2" ->
                        "insert into users select x, 'user' || x || '@example.org', mod(x, 90) from system_range(1, 20000)";
                    default ->
                        "insert into users select x, 'user' || x || '@example.org', x % 90 from generate_series(1, 20000) x";
                });
        PreflightReport report = preflight().build().run();
        assertThat(report.rows()).isEqualTo(20_000);
        assertThat(report.findings()).isEmpty();
        assertThat(report.unseen()).isEmpty();
    }

    /** A key of numbers, and text that is unique on both sides and compared exactly, are what most tables have. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void whereRowsCannotBecomeAlike_noTemporaryTableIsMade(TestServer server) throws Exception {
        String columns =
                "id bigint primary key, c " + exact(server, "varchar(20)") + " unique, u uuid unique, d date unique";
        open(server, server, columns, columns);
        insert(1L, "a", null, null);
        List<String> statements = new java.util.concurrent.CopyOnWriteArrayList<>();
        try (JdbcTable target =
                pair.target("users").bulk(Recorded.of(pair.database(Side.TARGET).dataSource(), statements), 1)) {
            assertThat(preflight().target(target).build().run().isClean()).isTrue();
            assertThat(statements).noneMatch(sql -> sql.contains("TEMPORARY"));
        }
        pair.execute(Side.TARGET, "create table looser (id bigint primary key, c varchar(20), i int unique)");
        pair.execute(Side.LEGACY, "create table looser (id bigint primary key, c varchar(20), i int)");
        try (JdbcTable target = pair.target("looser")
                .bulk(Recorded.of(pair.database(Side.TARGET).dataSource(), statements), 1)) {
            Preflight.of(pair.migration)
                    .legacy(pair.legacy("looser"))
                    .target(target)
                    .build()
                    .run();
            assertThat(statements)
                    .filteredOn(sql -> sql.contains("TEMPORARY TABLE") && sql.startsWith("CREATE"))
                    .hasSize(1);
            assertThat(statements).filteredOn(sql -> sql.startsWith("DROP")).hasSize(1);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void fewerRowsThanThereAre_areSaidToBe(TestServer server) throws Exception {
        open(server, server, "id bigint primary key, a int", "id bigint primary key, a int unique");
        for (long id = 1; id <= 9; id++) {
            insert(id, (int) id % 3);
        }
        PreflightReport report =
                preflight().comparedRows(5).pieceRows(2).keys(1).build().run();
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rows()).isEqualTo(4);
            assertThat(finding.isExact()).isFalse();
            assertThat(finding.keys()).containsExactly("l:1");
        });
        assertThat(report.unseen()).singleElement().asString().contains("only the first 5 were compared");
    }

    /** What fails in the middle leaves no temporary table behind: the next run makes one of the same name. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void whatFailsInTheMiddle_leavesNothingBehind(TestServer server) throws Exception {
        open(server, server, "id bigint primary key, a int", "id bigint primary key, a int unique check (a > 0)");
        for (long id = 1; id <= 9; id++) {
            insert(id, (int) id);
        }
        int[] made = new int[1];
        Mapping failing = Mapping.byName()
                .derive("a")
                .from("a")
                .there(row -> {
                    if (++made[0] == 5) {
                        throw new AssertionError("broken");
                    }
                    return row.get("a");
                })
                .oneWay();
        Preflight broken = preflight().mapping(failing).pieceRows(2).build();
        assertThatThrownBy(broken::run).isInstanceOf(AssertionError.class);
        assertThat(pair.openConnections(Side.TARGET)).isZero();
        assertThat(broken.run().isClean()).isTrue();
        assertThat(broken.run().rows()).isEqualTo(9);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void backfill_canAskForACleanPreflight(TestServer server) throws Exception {
        open(server, server, "id bigint primary key, a varchar(20)", "id bigint primary key, a varchar(3)");
        insert(1L, "long");
        pair.dualWrite();
        Preflight preflight = preflight().build();
        Backfill backfill = Backfill.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .gate(preflight.clean())
                .build();
        assertThatThrownBy(backfill::run)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("has not been run; run it first");
        preflight.run();
        assertThatThrownBy(backfill::run)
                .hasMessageContaining("gate(..) of it is closed")
                .hasMessageContaining("at most 3 characters are held")
                .hasMessageContaining("l:1");
        assertThat(backfill.done().closedBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("not begun"));
        pair.execute(Side.LEGACY, "update users set a = 'abc'");
        preflight.run();
        assertThat(backfill.run().rowsCopied()).isEqualTo(1);
        pair.execute(Side.LEGACY, "update users set a = 'long'");
        preflight.run();
        assertThat(backfill.run().rowsCopied())
                .as("one that was begun is let through")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void timesWithoutAZone_becomeOtherMoments(TestServer server) throws Exception {
        TestServer to = server.product().equals("mariadb") ? SERVERS.get(0) : server;
        String local = server.product().equals("mariadb") ? "datetime(6)" : "timestamp(6)";
        open(server, to, "id bigint primary key, c " + local, "id bigint primary key, c timestamp(6) with time zone");
        insert(1L, java.time.LocalDateTime.parse("2026-01-01T12:00"));
        Preflight.Builder preflight = preflight().localTimesIn(ZoneId.of("Europe/Berlin"));
        assertThat(preflight.build().run().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(Rule.TIME_ZONE);
            assertThat(finding.keys()).containsExactly("l:1");
        });
        assertThat(preflight().localTimesIn(ZoneId.of("UTC")).build().run().isClean())
                .isTrue();
        assertCopied(1);
        pair.target("users")
                .scan(
                        dev.migrate.table.KeyRange.ALL,
                        row -> assertThat(row.fields().get("c"))
                                .as("not the moment that was meant, 11:00")
                                .isEqualTo(java.time.Instant.parse("2026-01-01T12:00:00Z")));
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void whatCannotBeTold_isSaid(TestServer server) throws Exception {
        open(
                server,
                server,
                "id bigint primary key, a int",
                "id bigint primary key, a int, b int default 1, check (a + b > 0 or coalesce(nullif(a, 3), 1) = 1)");
        insert(1L, 1);
        PreflightReport report = preflight().build().run();
        assertThat(report.isClean()).isTrue();
        assertThat(report.unseen()).singleElement().asString().contains("check");
    }
}
