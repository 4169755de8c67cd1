package dev.migrate.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Side;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.reconcile.Difference;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.reconcile.ReconciliationReport;
import dev.migrate.reconcile.RepairPolicy;
import dev.migrate.reconcile.RepairReport.Outcome;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.table.Mapping;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables that differ: other names, other types, other keys, another database. */
class MappedTablesIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private TablePair pair;

    static Stream<Arguments> pairsOfServers() {
        return SERVERS.stream().flatMap(one -> SERVERS.stream().map(other -> Arguments.of(one, other)));
    }

    private void open(TestServer legacy, TestServer target, String legacyTable, String targetTable) throws Exception {
        pair = new TablePair(legacy, target);
        pair.execute(Side.LEGACY, legacyTable);
        pair.execute(Side.TARGET, targetTable);
        pair.dualWrite();
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
    }

    private BackfillReport backfill(JdbcTable legacy, JdbcTable target, Mapping mapping) throws Exception {
        return Backfill.of(pair.migration)
                .legacy(legacy)
                .target(target)
                .mapping(mapping)
                .chunkRows(3)
                .pause(pair::advance)
                .build()
                .run();
    }

    private ReconciliationReport reconcile(JdbcTable legacy, JdbcTable target, Mapping mapping) throws Exception {
        return Reconciliation.of(pair.migration)
                .legacy(legacy)
                .target(target)
                .mapping(mapping)
                .pageRows(3)
                .looks(2, Duration.ZERO)
                .build()
                .run();
    }

    /** R2: keys are compared by the databases alone, and two of them may disagree about their order. */
    @ParameterizedTest
    @MethodSource("pairsOfServers")
    void r2_textKeys_ofAnyOrder(TestServer from, TestServer to) throws Exception {
        String collation = " VARCHAR(40) " + (from.product().equals("mariadb") ? "COLLATE utf8mb4_bin " : "");
        String targetCollation = " VARCHAR(40) " + (to.product().equals("mariadb") ? "COLLATE utf8mb4_bin " : "");
        open(
                from,
                to,
                "CREATE TABLE users (code" + collation + "PRIMARY KEY, v INT)",
                "CREATE TABLE users (code" + targetCollation + "PRIMARY KEY, v INT)");
        List<String> keys = List.of("a", "B", "é", "e", "_x", "a b", "a-b", "ab", "Z", "😀", "～", "'", "\\", "%");
        for (String key : keys) {
            pair.execute(Side.LEGACY, "INSERT INTO users VALUES (?, ?)", key, key.length());
        }
        assertThat(backfill(pair.legacy("users"), pair.target("users"), Mapping.byName())
                        .rowsCopied())
                .isEqualTo(keys.size());
        assertThat(pair.query(Side.TARGET, "SELECT code, v FROM users"))
                .containsExactlyInAnyOrderElementsOf(pair.query(Side.LEGACY, "SELECT code, v FROM users"));
        pair.execute(Side.TARGET, "DELETE FROM users WHERE code = 'B'");
        pair.execute(Side.TARGET, "INSERT INTO users VALUES ('extra', 1)");
        ReconciliationReport report = reconcile(pair.legacy("users"), pair.target("users"), Mapping.byName());
        assertThat(report.confirmed())
                .extracting(Difference::key, Difference::kind)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("s:B", Difference.Kind.MISSING_IN_TARGET),
                        org.assertj.core.groups.Tuple.tuple("s:extra", Difference.Kind.EXTRA_IN_TARGET));
    }

    @ParameterizedTest
    @MethodSource("pairsOfServers")
    void compositeKeys_inChunks(TestServer from, TestServer to) throws Exception {
        String table = "CREATE TABLE users (tenant INT, nr BIGINT, v VARCHAR(20), PRIMARY KEY (tenant, nr))";
        open(from, to, table, table);
        for (int tenant = 1; tenant <= 4; tenant++) {
            for (long nr = 1; nr <= 5; nr++) {
                pair.execute(Side.LEGACY, "INSERT INTO users VALUES (?, ?, ?)", tenant, nr, "v" + nr);
            }
        }
        BackfillReport report = backfill(pair.legacy("users"), pair.target("users"), Mapping.byName());
        assertThat(report.rowsCopied()).isEqualTo(20);
        assertThat(report.chunks()).isEqualTo(7);
        pair.execute(Side.TARGET, "UPDATE users SET v = 'x' WHERE tenant = 3 AND nr = 2");
        ReconciliationReport found = reconcile(pair.legacy("users"), pair.target("users"), Mapping.byName());
        assertThat(found.confirmed()).extracting(Difference::key).containsExactly("c:2,3:l:3,3:l:2");
        assertThat(found.plan(RepairPolicy.AUTHORITATIVE_WINS).apply("test").count(Outcome.REPAIRED))
                .isEqualTo(1);
        assertThat(reconcile(pair.legacy("users"), pair.target("users"), Mapping.byName())
                        .isClean())
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("pairsOfServers")
    void renamedAndDerivedColumns_flowThereAndBack(TestServer from, TestServer to) throws Exception {
        open(
                from,
                to,
                "CREATE TABLE users (id BIGINT PRIMARY KEY, first_name VARCHAR(20), last_name VARCHAR(20), mail VARCHAR(40),"
                        + " note VARCHAR(20))",
                "CREATE TABLE accounts (uid BIGINT PRIMARY KEY, full_name VARCHAR(41), email VARCHAR(60), shout VARCHAR(20),"
                        + " extra INT DEFAULT 7)");
        for (long id = 1; id <= 8; id++) {
            pair.execute(Side.LEGACY, "INSERT INTO users VALUES (?, ?, ?, ?, 'n')", id, "F" + id, "L" + id, "m" + id);
        }
        Mapping mapping = Mapping.byName()
                .rename("id", "uid")
                .rename("mail", "email")
                .derive("full_name")
                .from("first_name", "last_name")
                .there(user -> user.text("first_name") + " " + user.text("last_name"))
                .back(name -> Map.of(
                        "first_name", String.valueOf(name).split(" ")[0],
                        "last_name", String.valueOf(name).split(" ")[1]))
                .derive("shout")
                .from("first_name")
                .there(user -> String.valueOf(user.text("first_name")).toLowerCase(java.util.Locale.ROOT))
                .oneWay();
        JdbcTable legacy = pair.legacy("users");
        JdbcTable target = pair.target("accounts");
        backfill(legacy, target, mapping);
        assertThat(pair.query(Side.TARGET, "SELECT uid, full_name, email, shout, extra FROM accounts WHERE uid = 3"))
                .containsExactly("3|F3 L3|m3|f3|7");
        assertThat(reconcile(legacy, target, mapping).isClean()).isTrue();
        pair.execute(Side.TARGET, "UPDATE accounts SET full_name = 'Grace Hopper', extra = 9 WHERE uid = 3");
        ReconciliationReport report = reconcile(legacy, target, mapping);
        assertThat(report.confirmed())
                .singleElement()
                .satisfies(difference -> assertThat(difference.fields())
                        .singleElement()
                        .asString()
                        .isEqualToIgnoringCase("full_name"));
        report.plan(RepairPolicy.TARGET_WINS).apply("test");
        assertThat(pair.query(Side.LEGACY, "SELECT first_name, last_name, note FROM users WHERE id = 3"))
                .containsExactly("Grace|Hopper|n");
    }

    @ParameterizedTest
    @MethodSource("pairsOfServers")
    void valuesOfEveryKind_areCopiedExactly(TestServer from, TestServer to) throws Exception {
        open(from, to, everyKind(from), everyKind(to));
        pair.execute(
                Side.LEGACY,
                "INSERT INTO users VALUES (1, 9223372036854775807, 12345678901234567890.1200, 1e23, '  a\tb\\c\n', ?, TRUE,"
                        + " '2024-02-29', '23:59:59', '2026-01-02 03:04:05.123456')",
                new byte[] {0, 1, -1});
        pair.execute(Side.LEGACY, "INSERT INTO users VALUES (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
        pair.execute(
                Side.LEGACY,
                "INSERT INTO users VALUES (3, -1, -0.01, -0.0, 'null', ?, FALSE, '0001-01-01', '00:00:00',"
                        + " '1999-12-31 23:59:59')",
                new byte[0]);
        assertThat(backfill(pair.legacy("users"), pair.target("users"), Mapping.byName())
                        .rowsCopied())
                .isEqualTo(3);
        ReconciliationReport report = reconcile(pair.legacy("users"), pair.target("users"), Mapping.byName());
        assertThat(report.confirmed()).isEmpty();
        pair.execute(Side.TARGET, "UPDATE users SET t = NULL, d = 1.0 WHERE id = 3");
        assertThat(reconcile(pair.legacy("users"), pair.target("users"), Mapping.byName())
                        .confirmed())
                .singleElement()
                .satisfies(difference -> assertThat(difference.fields()).hasSize(2));
    }

    private static String everyKind(TestServer server) {
        boolean isPostgres = server.product().equals("postgresql");
        return "CREATE TABLE users (id INT PRIMARY KEY, l BIGINT, n DECIMAL(30, 4), d DOUBLE PRECISION, t VARCHAR(40), b "
                + (isPostgres ? "BYTEA" : "VARBINARY(20)") + ", f BOOLEAN, da DATE, ti TIME, ts "
                + (server.product().equals("mariadb") ? "DATETIME(6)" : "TIMESTAMP(6)") + ")";
    }

    /** R14: binary keys are readable. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void r14_binaryAndUuidKeys(TestServer server) throws Exception {
        String type = server.product().equals("postgresql") ? "BYTEA" : "VARBINARY(16)";
        String table = "CREATE TABLE users (id " + type + " PRIMARY KEY, u UUID)";
        open(server, server, table, table);
        for (byte first : new byte[] {0, 1, 127, -128, -1}) {
            String uuid = new UUID(first, first).toString();
            String cast = server.product().equals("postgresql") ? "CAST(? AS UUID)" : "?";
            pair.execute(Side.LEGACY, "INSERT INTO users VALUES (?, " + cast + ")", new byte[] {first, 10}, uuid);
        }
        assertThat(backfill(pair.legacy("users"), pair.target("users"), Mapping.byName())
                        .rowsCopied())
                .isEqualTo(5);
        pair.execute(Side.TARGET, "DELETE FROM users WHERE id = ?", (Object) new byte[] {-128, 10});
        assertThat(reconcile(pair.legacy("users"), pair.target("users"), Mapping.byName())
                        .confirmed())
                .extracting(Difference::key)
                .containsExactly("s:800a");
        JdbcTable byUuid = pair.legacy("users").key("u").records("by-uuid");
        byUuid.books("users", Side.LEGACY)
                .assign(
                        SegmentRange.ALL,
                        Role.AUTHORITY,
                        true,
                        pair.migration.latestView().epoch());
        pair.execute(Side.TARGET, "DELETE FROM users");
        assertThat(backfill(byUuid, pair.target("users").key("u").records("by-uuid"), Mapping.byName())
                        .rowsCopied())
                .isEqualTo(5);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void generatedKeys_standPastEveryCopiedKey(TestServer server) throws Exception {
        String identity = server.product().equals("mariadb") ? "AUTO_INCREMENT" : "GENERATED ALWAYS AS IDENTITY";
        open(
                server,
                server,
                "CREATE TABLE users (id BIGINT PRIMARY KEY, v INT)",
                "CREATE TABLE users (id BIGINT " + identity + " PRIMARY KEY, v INT)");
        for (long id = 10; id <= 25; id++) {
            pair.execute(Side.LEGACY, "INSERT INTO users VALUES (?, 1)", id);
        }
        backfill(pair.legacy("users"), pair.target("users"), Mapping.byName());
        pair.execute(Side.TARGET, "INSERT INTO users (v) VALUES (2)");
        assertThat(pair.query(Side.TARGET, "SELECT id FROM users WHERE v = 2"))
                .singleElement()
                .satisfies(id -> assertThat(Long.parseLong(id)).isGreaterThan(25));
    }
}
