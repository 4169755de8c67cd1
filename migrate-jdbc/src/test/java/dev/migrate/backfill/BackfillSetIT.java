package dev.migrate.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StepRefusedException;
import dev.migrate.backfill.Backfill.Point;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Backfills of tables that refer to each other. */
class BackfillSetIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final TestServer H2 = SERVERS.get(0);
    private TablePair pair;

    private void open(TestServer server) throws Exception {
        pair = new TablePair(server, server);
        for (Side side : Side.values()) {
            pair.execute(side, "CREATE TABLE country (id BIGINT PRIMARY KEY)");
            pair.execute(
                    side,
                    "CREATE TABLE customer (id BIGINT PRIMARY KEY, country BIGINT, boss BIGINT,"
                            + " CONSTRAINT lives_in FOREIGN KEY (country) REFERENCES country (id),"
                            + " CONSTRAINT works_for FOREIGN KEY (boss) REFERENCES customer (id))");
            pair.execute(
                    side,
                    "CREATE TABLE purchase (id BIGINT PRIMARY KEY, customer BIGINT,"
                            + " CONSTRAINT made_by FOREIGN KEY (customer) REFERENCES customer (id))");
        }
        pair.dualWrite();
        for (String table : List.of("country", "customer", "purchase")) {
            table(Side.LEGACY, table).books("users", Side.LEGACY).assign(SegmentRange.ALL, Role.AUTHORITY, true, 1_000);
        }
        for (long id = 1; id <= 15; id++) {
            pair.execute(Side.LEGACY, "INSERT INTO country VALUES (?)", id);
        }
        for (long id = 1; id <= 15; id++) {
            pair.execute(Side.LEGACY, "INSERT INTO customer VALUES (?, ?, ?)", id, 16 - id, 1 + id / 2);
        }
        for (long id = 1; id <= 15; id++) {
            pair.execute(Side.LEGACY, "INSERT INTO purchase VALUES (?, ?)", id, 16 - id);
        }
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
    }

    private JdbcTable table(Side side, String name) {
        return (side == Side.LEGACY ? pair.legacy(name) : pair.target(name)).records(name);
    }

    private Backfill.Builder backfill(String table) {
        return Backfill.of(pair.migration)
                .legacy(table(Side.LEGACY, table))
                .target(table(Side.TARGET, table))
                .pause(pair::advance)
                .attempts(1)
                .chunkRows(10);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void run_fillsParentsBeforeTheirChildren(TestServer server) throws Exception {
        open(server);
        BackfillSet set = BackfillSet.of(
                backfill("purchase").build(),
                backfill("customer").build(),
                backfill("country").build());
        assertThat(set.progress())
                .isEqualTo(new BackfillSet.Progress(
                        0,
                        45,
                        0,
                        List.of(
                                new BackfillSet.TableProgress("purchase", 0, 15, 0, false),
                                new BackfillSet.TableProgress("customer", 0, 15, 0, false),
                                new BackfillSet.TableProgress("country", 0, 15, 0, false))));
        assertThat(set.progress().timeLeft()).as("nothing was copied yet").isEmpty();
        assertThat(set.done().closedBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("'purchase'", "'customer'", "'country'"));
        assertThat(set.run()).extracting(BackfillReport::table).containsExactly("country", "customer", "purchase");
        for (String table : List.of("country", "customer", "purchase")) {
            String all = "SELECT * FROM " + table + " ORDER BY id";
            assertThat(pair.query(Side.TARGET, all)).hasSize(15).isEqualTo(pair.query(Side.LEGACY, all));
        }
        BackfillSet.Progress all = set.progress();
        assertThat(all.isDone()).isTrue();
        assertThat(all.tablesDone()).isEqualTo(3);
        assertThat(all.rows()).isEqualTo(all.expectedRows()).isEqualTo(45);
        assertThat(all.rowsPerSecond()).isPositive();
        assertThat(all.tables()).allMatch(table -> table.isDone() && table.rows() == 15 && table.rowsPerSecond() > 0);
        assertThat(set.done().closedBecause()).isEmpty();
    }

    /** Nothing that the given order could be taken for. */
    @Test
    void order_isTheGivenOne_whereNoForeignKeySaysOtherwise() throws Exception {
        open(H2);
        assertThat(BackfillSet.of(
                                backfill("purchase").build(),
                                backfill("country").build())
                        .order())
                .containsExactly("purchase", "country");
        assertThat(BackfillSet.of(
                                backfill("country").build(),
                                backfill("purchase").build())
                        .order())
                .containsExactly("country", "purchase");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void foreignKeysThatLeadInACircle_areNamed_andNothingIsCopied(TestServer server) throws Exception {
        open(server);
        pair.execute(Side.TARGET, "ALTER TABLE country ADD COLUMN best BIGINT");
        pair.execute(
                Side.TARGET, "ALTER TABLE country ADD CONSTRAINT best_of FOREIGN KEY (best) REFERENCES purchase (id)");
        BackfillSet set = BackfillSet.of(
                backfill("country").build(),
                backfill("customer").build(),
                backfill("purchase").build());
        assertThatThrownBy(set::run)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("'country' refers to 'purchase' by ")
                .hasMessageContaining("'purchase' refers to 'customer' by ")
                .hasMessageContaining("'customer' refers to 'country' by ");
        assertThat(set.progress().rows()).isZero();
    }

    @Test
    void sameRecordsTwice_areRefused() throws Exception {
        open(H2);
        Backfill country = backfill("country").build();
        Backfill another = backfill("customer")
                .target(table(Side.TARGET, "customer").records("country"))
                .build();
        assertThatThrownBy(() -> BackfillSet.of(country, another))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("records 'country'")
                .hasMessageContaining("records(..)");
        assertThatThrownBy(() -> BackfillSet.of(List.of())).hasMessageContaining("at least one");
    }

    @Test
    void cancel_endsTheSet() throws Exception {
        open(H2);
        BackfillSet set =
                BackfillSet.of(backfill("country").build(), backfill("customer").build());
        set.cancel("not today");
        assertThatThrownBy(set::run).isInstanceOf(BackfillInterruptedException.class);
        set.resume("now");
        assertThat(set.run()).hasSize(2);
    }

    /** Tables of one name in two schemas: what is done with the one is not done with the other. */
    @Test
    void aBackfillThatIsDone_releasesNoOther_intoATableOfTheSameName() throws Exception {
        open(H2);
        pair.migration.moveTo(Stage.SHADOW, "test");
        assertThatThrownBy(backfill("country")
                        .probe(point -> {
                            if (point == Point.DONE) {
                                throw new IllegalStateException("killed");
                            }
                        })
                        .build()::run)
                .hasMessage("killed");
        try (Migration elsewhere = Migration.named("users")
                .store(pair.migration.store())
                .time(() -> Instant.EPOCH)
                .build()) {
            table(Side.LEGACY, "country")
                    .records("regions")
                    .books("users", Side.LEGACY)
                    .assign(SegmentRange.ALL, Role.AUTHORITY, true, 1_000);
            backfill("country")
                    .legacy(table(Side.LEGACY, "country").records("regions"))
                    .target(table(Side.TARGET, "country").records("regions"))
                    .build()
                    .run();
            assertThatThrownBy(() -> elsewhere.moveTo(Stage.SHADOW.plusPercent(5), "test"))
                    .isInstanceOf(StepRefusedException.class)
                    .hasMessageContaining("the backfill of 'country', records 'country' is not in this process");
        }
    }
}
