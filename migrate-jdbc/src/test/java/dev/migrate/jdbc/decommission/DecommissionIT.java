package dev.migrate.jdbc.decommission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.decommission.DecommissionReport.Verdict;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What PostgreSQL's statistics show, and what they do not. */
class DecommissionIT {
    private DecommissionFixture fixture;
    private DecommissionCheck check;

    @BeforeEach
    void open() throws SQLException {
        fixture = new DecommissionFixture(TestDatabases.postgres());
        check = fixture.check().build();
    }

    @AfterEach
    void close() throws SQLException {
        fixture.close();
    }

    @Test
    void tablesThatNobodyTouches_openTheGate_onceThePeriodIsOver() throws Exception {
        assertThat(check.untouched().closedBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("no watch was begun"));
        check.begin("readers have moved");
        fixture.time.advance(Duration.ofDays(6));
        assertThat(check.look().verdict()).isEqualTo(Verdict.UNTOUCHED);
        assertThat(check.untouched().closedBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("PT144H of PT168H"));
        fixture.time.advance(Duration.ofDays(1));
        assertThat(check.untouched().closedBecause()).isEmpty();
        assertThat(fixture.check().build().untouched().closedBecause())
                .as("a node that starts later")
                .isEmpty();
    }

    @Test
    void oneRowReadElsewhere_isATouch() throws Exception {
        check.begin("test");
        fixture.elsewhere("select * from orders where id = 1");
        fixture.time.advance(Duration.ofDays(7));
        DecommissionReport report = check.look();
        assertThat(report.verdict()).isEqualTo(Verdict.TOUCHED);
        assertThat(report.touches()).isEqualTo(Map.of("orders", new Touches(1, 0)));
        assertThat(check.untouched().closedBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("TOUCHED", "'orders': 1 reads, 0 writes"));
        check.begin("found the report that read it");
        assertThat(check.look().verdict()).isEqualTo(Verdict.UNTOUCHED);
    }

    @Test
    void writesElsewhere_areTouches() throws SQLException {
        check.begin("test");
        fixture.elsewhere("insert into orders values (3, 'three'), (4, 'four')", "delete from orders where id = 4");
        assertThat(check.look().touches()).isEqualTo(Map.of("orders", new Touches(1, 3)));
    }

    @Test
    void vacuumAndAnalyze_areNoTouches() throws SQLException {
        check.begin("test");
        fixture.elsewhere("vacuum analyze orders", "analyze orders");
        assertThat(check.look().verdict()).isEqualTo(Verdict.UNTOUCHED);
    }

    @Test
    void statisticsResetInBetween_showNothing() throws SQLException {
        check.begin("test");
        fixture.elsewhere("select pg_stat_reset()");
        DecommissionReport report = check.look();
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_PROVABLE);
        assertThat(report.reasons()).singleElement().asString().contains("may have begun anew");
        check.begin("again");
        assertThat(check.look().verdict()).isEqualTo(Verdict.UNTOUCHED);
    }

    /** As after a crash of a backend, which resets all without a mark at the database. */
    @Test
    void theBackgroundWritersReset_showsNothing() throws SQLException {
        check.begin("test");
        fixture.elsewhere("select pg_stat_reset_shared('bgwriter')");
        assertThat(check.look().verdict()).isEqualTo(Verdict.NOT_PROVABLE);
    }

    @Test
    void truncatedOrRebuiltTable_showsNothing() throws SQLException {
        check.begin("test");
        fixture.elsewhere("truncate orders");
        DecommissionReport report = check.look();
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_PROVABLE);
        assertThat(report.reasons()).singleElement().asString().contains("'orders' was dropped, truncated or rebuilt");
    }

    /** What was read by it is not counted any more. */
    @Test
    void droppedIndex_showsNothing() throws SQLException {
        fixture.elsewhere("create index orders_name on orders (name)");
        check.begin("test");
        fixture.elsewhere(
                "set enable_seqscan = off", "select * from orders where name = 'one'", "drop index orders_name");
        assertThat(check.look().verdict()).isEqualTo(Verdict.NOT_PROVABLE);
    }

    @Test
    void partitions_areCountedWithTheirTable() throws SQLException {
        fixture.elsewhere(
                "create table lines (id bigint primary key) partition by range (id)",
                "create table lines_1 partition of lines for values from (0) to (10)",
                "create table lines_2 partition of lines for values from (10) to (20)");
        check = DecommissionCheck.of(fixture.migration)
                .legacy(fixture.legacy.dataSource(), "orders", "public.lines")
                .build();
        check.begin("test");
        fixture.elsewhere("insert into lines values (1), (11), (12)");
        assertThat(check.look().touches()).isEqualTo(Map.of("public.lines", new Touches(0, 3)));
    }

    @Test
    void anotherTableThanThoseOfTheWatch_showsNothing() throws SQLException {
        check.begin("test");
        fixture.elsewhere("create table lines (id bigint primary key)");
        DecommissionReport report = DecommissionCheck.of(fixture.migration)
                .legacy(fixture.legacy.dataSource(), "orders", "lines")
                .build()
                .look();
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_PROVABLE);
        assertThat(report.reasons()).singleElement().asString().contains("'lines' is not among those");
    }

    @Test
    void unknownTable_isRefused() {
        DecommissionCheck misspelt = DecommissionCheck.of(fixture.migration)
                .legacy(fixture.legacy.dataSource(), "order")
                .build();
        assertThatThrownBy(() -> misspelt.begin("test"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("there is no table 'order'");
    }

    @Test
    void databaseWithoutStatistics_showsNothing() throws SQLException {
        try (DecommissionFixture h2 = new DecommissionFixture(TestDatabases.h2())) {
            DecommissionCheck unable = h2.check().build();
            assertThat(unable.look().verdict()).isEqualTo(Verdict.NOT_PROVABLE);
            assertThat(unable.look().reasons()).singleElement().asString().contains("H2 keeps no statistics");
            assertThatThrownBy(() -> unable.begin("test"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("H2 keeps no statistics");
        }
    }

    @Test
    void sessionsWithoutCounts_showNothing() throws SQLException {
        fixture.elsewhere("alter database " + fixture.legacy.name() + " set track_counts = off");
        assertThat(check.look().reasons()).singleElement().asString().contains("track_counts is off");
    }

    @Test
    void options_areChecked() {
        assertThatThrownBy(() -> DecommissionCheck.of(fixture.migration).build())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("legacy of the decommission check in migration 'orders' is missing");
        assertThatThrownBy(() -> fixture.check().period(Duration.ZERO))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("period must be positive, but was PT0S");
        assertThatThrownBy(() -> fixture.check().legacy(fixture.legacy.dataSource()))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("tables of legacy in migration 'orders' must be named");
        assertThatThrownBy(() -> fixture.check()
                        .own(OwnAccess.of(fixture.migration, "lines"))
                        .build())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("must count all of [orders], but counts [lines]");
    }
}
