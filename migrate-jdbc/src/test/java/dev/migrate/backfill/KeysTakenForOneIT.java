package dev.migrate.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.reconcile.Difference;
import dev.migrate.reconcile.Difference.Kind;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.reconcile.ReconciliationReport;
import dev.migrate.reconcile.RepairPolicy;
import dev.migrate.reconcile.RepairReport.Outcome;
import dev.migrate.table.RowRefusedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Keys that a database takes for one, or keeps otherwise than they were given: refused by name, and never written over each other. */
class KeysTakenForOneIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final Map<TestServer, TablePair> PAIRS = new HashMap<>();
    private TablePair pair;

    /** Key columns that round or pad what is written to them, with a key that they alter. */
    record Altering(TestServer server, String inLegacy, String inTarget, String key, String canonical) {
        @Override
        public String toString() {
            return server.product() + " " + inTarget;
        }
    }

    static final List<Altering> ALTERING = SERVERS.stream()
            .flatMap(server -> {
                Altering rounding = new Altering(server, "DECIMAL(9, 3)", "DECIMAL(9, 2)", "1.005", "s:1.005");
                String bytes = server.product().equals("postgresql") ? "" : "VARBINARY(4)";
                return bytes.isEmpty()
                        ? Stream.of(rounding)
                        : Stream.of(rounding, new Altering(server, bytes, "BINARY(4)", "X'0102'", "s:0102"));
            })
            .toList();

    private static void create(TestServer server) throws Exception {
        TablePair made = new TablePair(server, server);
        PAIRS.put(server, made);
        for (Side side : Side.values()) {
            if (server.product().equals("postgresql")) {
                made.execute(
                        side,
                        "CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
            }
        }
        made.dualWrite();
    }

    private void open(TestServer server, String legacyKey, String targetKey) throws Exception {
        if (!PAIRS.containsKey(server)) {
            create(server);
        }
        pair = PAIRS.get(server);
        pair.execute(Side.TARGET, "DELETE FROM migrate_chunk");
        pair.execute(Side.TARGET, "DELETE FROM migrate_backfill");
        for (Side side : Side.values()) {
            String key = side == Side.LEGACY ? legacyKey : targetKey;
            pair.execute(side, "DELETE FROM migrate_journal");
            pair.execute(side, "DELETE FROM migrate_ledger");
            pair.execute(side, "DROP TABLE IF EXISTS users");
            pair.execute(side, "CREATE TABLE users (code " + key + " PRIMARY KEY, v INT)");
        }
    }

    @AfterAll
    static void close() throws Exception {
        for (TablePair each : PAIRS.values()) {
            each.close();
        }
    }

    private static String exact(TestServer server) {
        return server.product().equals("mariadb") ? "VARCHAR(20) COLLATE utf8mb4_nopad_bin" : "VARCHAR(20)";
    }

    private static String folding(TestServer server) {
        return switch (server.product()) {
            case "postgresql" -> "VARCHAR(20) COLLATE folded";
            case "mariadb" -> "VARCHAR(20) COLLATE utf8mb4_unicode_ci";
            default -> "VARCHAR_IGNORECASE(20)";
        };
    }

    private JdbcTable legacy() {
        return pair.legacy("users");
    }

    private JdbcTable target() {
        return pair.target("users");
    }

    private BackfillReport backfill(JdbcTable legacy, JdbcTable target) throws Exception {
        return Backfill.of(pair.migration)
                .legacy(legacy)
                .target(target)
                .attempts(1)
                .build()
                .run();
    }

    private ReconciliationReport reconcile(JdbcTable legacy, JdbcTable target) throws Exception {
        return Reconciliation.of(pair.migration)
                .legacy(legacy)
                .target(target)
                .looks(1, Duration.ZERO)
                .build()
                .run();
    }

    private List<String> rows(Side side) throws Exception {
        return pair.query(side, "SELECT code, v FROM users ORDER BY v");
    }

    /** R3: 'a' and 'A' are one key to the target. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void r3_keyThatTheTargetTakesForAnother_isRefusedByName(TestServer server) throws Exception {
        open(server, exact(server), folding(server));
        pair.execute(Side.LEGACY, "INSERT INTO users VALUES ('A', 1), ('a', 2)");
        assertThatThrownBy(() -> backfill(legacy(), target()))
                .isInstanceOf(RowRefusedException.class)
                .hasMessageContaining("refuses the row with key s:")
                .hasMessageContaining("unique key");
        assertThat(rows(Side.TARGET)).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void repair_writesToNoRowOfAKeyThatTheTargetTakesForTheSame(TestServer server) throws Exception {
        open(server, exact(server), folding(server));
        pair.execute(Side.LEGACY, "INSERT INTO users VALUES ('A', 1), ('a', 2)");
        pair.execute(Side.TARGET, "INSERT INTO users VALUES ('A', 1)");
        ReconciliationReport report = reconcile(legacy(), target());
        assertThat(report.confirmed())
                .extracting(Difference::key, Difference::kind)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("s:a", Kind.MISSING_IN_TARGET));
        assertThat(report.rowsCompared()).isEqualTo(2);
        assertThat(report.plan(RepairPolicy.AUTHORITATIVE_WINS).apply("test").count(Outcome.FAILED))
                .isOne();
        assertThat(rows(Side.TARGET)).containsExactly("A|1");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void removing_takesNoRowOfAKeyThatTheTargetTakesForTheSame(TestServer server) throws Exception {
        open(server, exact(server), folding(server));
        pair.execute(Side.TARGET, "INSERT INTO users VALUES ('A', 1)");
        target().remove(legacy().parseCursor("c:1,3:s:a"));
        assertThat(rows(Side.TARGET)).containsExactly("A|1");
        target().remove(legacy().parseCursor("c:1,3:s:A"));
        assertThat(rows(Side.TARGET)).isEmpty();
    }

    /** A key that legacy has under other letters is another key to routers and journals. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void keyInOtherLetters_isMissingAndExtra(TestServer server) throws Exception {
        open(server, folding(server), folding(server));
        pair.execute(Side.LEGACY, "INSERT INTO users VALUES ('a', 1), ('b', 2)");
        pair.execute(Side.TARGET, "INSERT INTO users VALUES ('A', 1), ('b', 2)");
        ReconciliationReport report = reconcile(legacy(), target());
        assertThat(report.confirmed())
                .extracting(Difference::key, Difference::kind)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("s:a", Kind.MISSING_IN_TARGET),
                        org.assertj.core.groups.Tuple.tuple("s:A", Kind.EXTRA_IN_TARGET));
        assertThat(report.rowsCompared()).isEqualTo(3);
    }

    /** Without a word, the row would be under a key that no journal knows. */
    @ParameterizedTest
    @FieldSource("ALTERING")
    void keyThatTheTargetAlters_isRefusedByName(Altering column) throws Exception {
        open(column.server(), column.inLegacy(), column.inTarget());
        pair.execute(Side.LEGACY, "INSERT INTO users VALUES (" + column.key() + ", 1)");
        assertThatThrownBy(() -> backfill(legacy(), target()))
                .isInstanceOf(RowRefusedException.class)
                .hasMessageContaining("keeps the row with key " + column.canonical() + " under another key");
        assertThat(rows(Side.TARGET)).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void keysOfTypesThatJournalsWriteDifferently_areRefused(TestServer server) throws Exception {
        open(server, "BIGINT", "VARCHAR(20)");
        pair.execute(Side.LEGACY, "INSERT INTO users VALUES (5, 1)");
        assertThatThrownBy(() -> backfill(legacy(), target()))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("must be of the same types for routers and journals")
                .hasMessageContaining("keyAs(..)");
        assertThat(backfill(legacy(), target().keyAs(Long.class)).rowsCopied()).isOne();
        assertThat(reconcile(legacy(), target().keyAs(Long.class)).isClean()).isTrue();
    }

    /** '7' and '07' would be one key, and only one of them would be copied. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void textThatIsNotHowItsNumberIsWritten_isRefused(TestServer server) throws Exception {
        open(server, exact(server), "BIGINT");
        pair.execute(Side.LEGACY, "INSERT INTO users VALUES ('7', 1), ('07', 2)");
        JdbcTable legacy = legacy().keyAs(Long.class);
        assertThatThrownBy(() -> backfill(legacy, target()))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("of the key has a text in some row that is not how a Long is written")
                .hasMessageNotContaining("07");
        pair.execute(Side.LEGACY, "DELETE FROM users WHERE code = '07'");
        assertThat(backfill(legacy, target()).rowsCopied()).isOne();
    }

    /** Looked up by the text of the target's UUID, a row of legacy in capitals would not be there, and the target's would be deleted. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void uuidInCapitals_isRefused_unlessTheColumnTakesSmallLettersForThem(TestServer server) throws Exception {
        String uuid = "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11";
        String insert = "INSERT INTO users VALUES ('" + uuid + "', 1)";
        open(server, exact(server).replace("20", "36"), "UUID");
        pair.execute(Side.LEGACY, insert);
        JdbcTable legacy = legacy().keyAs(java.util.UUID.class);
        assertThatThrownBy(() -> backfill(legacy, target()))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("not how a UUID is written")
                .hasMessageNotContaining(uuid);
        pair.execute(Side.LEGACY, "DROP TABLE users");
        pair.execute(
                Side.LEGACY,
                "CREATE TABLE users (code " + folding(server).replace("20", "36") + " PRIMARY KEY, v INT)");
        pair.execute(Side.LEGACY, insert);
        JdbcTable folding = legacy().keyAs(java.util.UUID.class);
        assertThat(backfill(folding, target()).rowsCopied()).isOne();
        assertThat(reconcile(folding, target()).isClean()).isTrue();
    }
}
