package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Side;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Tables whose columns change under a reconciliation, and what a difference says of the fields that differ. */
class SchemaDriftIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private TablePair pair;
    private JdbcTable legacy;
    private JdbcTable target;

    private Reconciliation open(TestServer server) throws Exception {
        pair = new TablePair(server, server);
        for (Side side : Side.values()) {
            pair.execute(side, "CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(100), price DECIMAL(12, 4))");
            pair.execute(side, "INSERT INTO users VALUES (1, 'Ada@x', 1.2599)");
        }
        pair.dualWrite();
        legacy = pair.legacy("users");
        target = pair.target("users");
        return reconciliation(Duration.ZERO);
    }

    private Reconciliation reconciliation(Duration between) {
        return Reconciliation.of(pair.migration)
                .legacy(legacy)
                .target(target)
                .looks(2, between)
                .pause(length -> {
                    try {
                        pair.advance(length);
                        pair.execute(Side.TARGET, "ALTER TABLE users DROP COLUMN IF EXISTS email");
                    } catch (SQLException failure) {
                        throw new IllegalStateException(failure);
                    }
                })
                .build();
    }

    @AfterEach
    void close() throws Exception {
        assertThat(pair.openConnections(Side.LEGACY) + pair.openConnections(Side.TARGET))
                .as("connections not given back")
                .isZero();
        pair.close();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void columnThatVanished_isSaidToHave_andNotAnErrorOfTheDatabase(TestServer server) throws Exception {
        Reconciliation reconciliation = open(server);
        assertThat(reconciliation.run().isClean()).isTrue();
        pair.execute(Side.TARGET, "ALTER TABLE users DROP COLUMN email");
        assertThatThrownBy(reconciliation::run)
                .isInstanceOf(SchemaDriftException.class)
                .hasMessageContaining("(TARGET) has vanished")
                .hasMessageNotContaining("(LEGACY) has")
                .hasMessageContaining("run it again");
        assertThat(pair.migration.store()).isInstanceOf(ReconciliationKeeper.class);
        assertThat(reconciliation.history(10)).as("no pass of it").hasSize(1);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void columnThatAppearedOnBothSides_isNotLeftOutUnseen_andOneOfASideAloneIsNobodysConcern(TestServer server)
            throws Exception {
        Reconciliation reconciliation = open(server);
        reconciliation.run();
        pair.execute(Side.LEGACY, "ALTER TABLE users ADD COLUMN nick VARCHAR(10)");
        assertThat(reconciliation.run().isClean()).isTrue();
        pair.execute(Side.TARGET, "ALTER TABLE users ADD COLUMN nick VARCHAR(10)");
        assertThatThrownBy(reconciliation::run)
                .isInstanceOf(SchemaDriftException.class)
                .hasMessageContaining("(LEGACY) has appeared")
                .hasMessageContaining("(TARGET) has appeared");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void columnThatVanishesDuringAPass_explainsWhyThePassFails(TestServer server) throws Exception {
        open(server);
        pair.execute(Side.TARGET, "INSERT INTO users VALUES (2, 'b', 1)");
        pair.execute(Side.LEGACY, "INSERT INTO users VALUES (2, 'c', 1)");
        pair.write(Side.LEGACY, 2L, "UPDATE users SET email = 'd' WHERE id = 2");
        assertThatThrownBy(reconciliation(Duration.ofMillis(1))::run)
                .isInstanceOf(SchemaDriftException.class)
                .hasMessageContaining("has vanished");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void fieldsThatDiffer_sayTheRuleThatWouldMakeThemEqual(TestServer server) throws Exception {
        Reconciliation reconciliation = open(server);
        pair.execute(Side.TARGET, "UPDATE users SET email = 'ada@x', price = 1.25");
        List<Difference> confirmed = reconciliation.run().confirmed();
        assertThat(confirmed).hasSize(1);
        String email = confirmed.get(0).fields().get(0);
        assertThat(confirmed.get(0).hints()).isEqualTo(Map.of(email, Hint.CASE));
        assertThat(confirmed.get(0).toString()).contains("=CASE").doesNotContain("ada@x");
    }
}
