package dev.migrate.jdbc.decommission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Migration;
import dev.migrate.Setting;
import dev.migrate.jdbc.JoiningDataSource;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.decommission.DecommissionReport.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the library does to legacy itself is told from what others do. */
class OwnAccessIT {
    private static final String[] WORK = {
        "update orders set name = 'uno' where id = 1", "insert into orders values (7, 'seven')", "select * from orders"
    };
    private DecommissionFixture fixture;
    private OwnAccess own;
    private DataSource measured;
    private DecommissionCheck check;

    @BeforeEach
    void open() throws SQLException {
        fixture = new DecommissionFixture(TestDatabases.postgres());
        own = OwnAccess.of(fixture.migration, "orders");
        measured = own.measuring(fixture.legacy.dataSource());
        check = fixture.check().own(own).build();
        check.begin("test");
    }

    @AfterEach
    void close() throws SQLException {
        own.close();
        fixture.close();
    }

    private void work(boolean commits) throws SQLException {
        try (Connection connection = measured.getConnection()) {
            DecommissionFixture.inTransaction(connection, commits, WORK);
        }
    }

    @Test
    void ownTransactions_areSubtracted_whetherTheyCommitOrNot() throws SQLException {
        work(false);
        work(true);
        assertThat(own.totals().least("orders")).isEqualTo(new Touches(4, 4));
        assertThat(check.look().verdict()).isEqualTo(Verdict.UNTOUCHED);
        fixture.elsewhere("select * from orders");
        DecommissionReport report = check.look();
        assertThat(report.verdict()).isEqualTo(Verdict.TOUCHED);
        assertThat(report.touches()).isEqualTo(Map.of("orders", new Touches(1, 0)));
    }

    @Test
    void transactionsOfJoiningDataSource_areSubtracted() throws Exception {
        JoiningDataSource joining = new JoiningDataSource(measured);
        joining.inTransaction(() -> {
            try (Connection connection = joining.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(WORK[0]);
            }
            return true;
        });
        assertThat(own.totals().uncounted()).isZero();
        assertThat(own.totals().least("orders")).isEqualTo(new Touches(1, 1));
        assertThat(check.look().verdict()).isEqualTo(Verdict.UNTOUCHED);
    }

    @Test
    void severalTransactionsOfOneConnection_areEachCountedOnce() throws SQLException {
        try (Connection connection = measured.getConnection()) {
            DecommissionFixture.inTransaction(connection, true, "select * from orders");
            DecommissionFixture.inTransaction(connection, true, "select * from orders");
            connection.setAutoCommit(false);
            connection.createStatement().execute("select * from orders");
        }
        assertThat(own.totals().least("orders")).isEqualTo(new Touches(3, 0));
    }

    @Test
    void whatIsDoneWithAutoCommitOn_cannotBeTold() throws SQLException {
        try (Connection connection = measured.getConnection()) {
            connection.createStatement().execute("select * from orders");
        }
        fixture.elsewhere("select 1");
        assertThat(own.totals().uncounted()).isEqualTo(1);
    }

    @Test
    void transactionThatFailed_isNotGuessedAt() throws SQLException {
        try (Connection connection = measured.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(WORK[0]);
                statement.execute("select 1 / 0");
            } catch (SQLException expected) {
                connection.rollback();
            }
            Connection itself = connection.unwrap(Connection.class);
            itself.createStatement().execute("select pg_stat_force_next_flush()");
            itself.commit();
        }
        assertThat(own.totals().uncounted()).isEqualTo(1);
        DecommissionReport report = check.look();
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_PROVABLE);
        assertThat(report.reasons()).singleElement().asString().contains("1 transactions of the library's own nodes");
    }

    /** Between what a transaction says and its end, the database may have counted it or not. */
    @Test
    void whatIsUnderWay_isNeitherOthersNorSubtracted() throws SQLException {
        own.ends(Map.of("orders", new Touches(1, 0)));
        assertThat(check.look().verdict()).isEqualTo(Verdict.UNTOUCHED);
        fixture.elsewhere("select * from orders");
        assertThat(check.look().verdict()).isEqualTo(Verdict.NOT_PROVABLE);
        fixture.elsewhere("select * from orders");
        assertThat(check.look().verdict()).isEqualTo(Verdict.TOUCHED);
    }

    /** Counted before the database has: it would be subtracted from what somebody else does. */
    @Test
    void ownCountBeyondTheDatabases_showsNothing() throws SQLException {
        own.hasEnded(Map.of("orders", new Touches(1, 0)));
        DecommissionReport report = check.look();
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_PROVABLE);
        assertThat(report.reasons()).singleElement().asString().contains("have not caught up");
    }

    @Test
    void whatWasDoneBeforeTheWatch_isNotSubtractedFromIt() throws SQLException {
        work(true);
        check.begin("again");
        fixture.elsewhere("select * from orders");
        assertThat(check.look().touches()).isEqualTo(Map.of("orders", new Touches(1, 0)));
    }

    @Test
    void otherNodes_areSubtracted_asFarAsTheyHaveStored() throws SQLException {
        try (Migration b = fixture.node("b");
                OwnAccess ofB = OwnAccess.of(b, "orders")) {
            DataSource measuredByB = ofB.measuring(fixture.legacy.dataSource());
            try (Connection connection = measuredByB.getConnection()) {
                DecommissionFixture.inTransaction(connection, true, WORK);
                DecommissionReport report = check.look();
                assertThat(report.verdict()).isEqualTo(Verdict.TOUCHED);
                ofB.store();
                assertThat(check.look().verdict()).isEqualTo(Verdict.UNTOUCHED);
                DecommissionFixture.inTransaction(connection, true, WORK[0]);
            }
        }
        assertThat(check.look().verdict()).as("stored when it was closed").isEqualTo(Verdict.UNTOUCHED);
    }

    @Test
    void nodeThatStartsAgain_goesOnFromWhatItHadStored() throws SQLException {
        work(true);
        own.close();
        try (OwnAccess again = OwnAccess.of(fixture.migration, "orders")) {
            check = fixture.check().own(again).build();
            assertThat(check.look().verdict()).isEqualTo(Verdict.UNTOUCHED);
        }
    }

    @Test
    void whatIsStored_hasNoMoreChangesThanItNeeds() throws SQLException {
        own.store();
        assertThat(fixture.store.list(Setting.Kind.OWN_ACCESS)).isEmpty();
        work(true);
        own.store();
        own.store();
        assertThat(fixture.store.list(Setting.Kind.OWN_ACCESS))
                .extracting(Setting::name, Setting::version)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("orders/a", 1L));
    }
}
