package dev.migrate.jdbc.decommission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.jdbc.MariaDbServer;
import dev.migrate.jdbc.decommission.DecommissionReport.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What MariaDB's statistics show, and what they do not. */
class MariaDbDecommissionIT {
    private DecommissionFixture fixture;
    private DecommissionCheck check;

    @BeforeEach
    void open() throws SQLException {
        fixture = new DecommissionFixture(new MariaDbServer().fresh());
        check = fixture.check().build();
        fixture.elsewhere("set global userstat = 1");
    }

    @AfterEach
    void close() throws SQLException {
        fixture.elsewhere("set global userstat = 0");
        fixture.close();
    }

    @Test
    void oneRowReadElsewhere_isATouch() throws SQLException {
        check.begin("test");
        assertThat(check.look().verdict()).isEqualTo(Verdict.UNTOUCHED);
        fixture.elsewhere("select * from orders where id = 1");
        DecommissionReport report = check.look();
        assertThat(report.verdict()).isEqualTo(Verdict.TOUCHED);
        assertThat(report.touches()).isEqualTo(Map.of("orders", new Touches(1, 0)));
    }

    @Test
    void writesElsewhere_areTouches() throws SQLException {
        check.begin("test");
        fixture.elsewhere("insert into orders values (3, 'three'), (4, 'four')");
        assertThat(check.look().touches()).isEqualTo(Map.of("orders", new Touches(0, 2)));
    }

    @Test
    void analyze_isNoTouch() throws SQLException {
        check.begin("test");
        fixture.elsewhere("analyze table orders");
        assertThat(check.look().verdict()).isEqualTo(Verdict.UNTOUCHED);
    }

    @Test
    void statisticsResetInBetween_showNothing() throws SQLException {
        check.begin("test");
        fixture.elsewhere("flush table_statistics");
        DecommissionReport report = check.look();
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_PROVABLE);
        assertThat(report.reasons()).singleElement().asString().contains("may have begun anew");
    }

    @Test
    void truncatedTable_showsNothing() throws SQLException {
        check.begin("test");
        fixture.elsewhere("truncate orders");
        assertThat(check.look().verdict()).isEqualTo(Verdict.NOT_PROVABLE);
    }

    @Test
    void withoutAnyStatistics_nothingIsShown() throws SQLException {
        check.begin("test");
        fixture.elsewhere("set global userstat = 0");
        DecommissionReport report = check.look();
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_PROVABLE);
        assertThat(report.reasons()).singleElement().asString().contains("userstat", "set global userstat = 1");
    }

    @Test
    void ownAccesses_cannotBeToldFromOthers() throws SQLException {
        try (OwnAccess own = OwnAccess.of(fixture.migration, "orders")) {
            check = fixture.check().own(own).build();
            check.begin("test");
            try (Connection connection =
                    own.measuring(fixture.legacy.dataSource()).getConnection()) {
                DecommissionFixture.inTransaction(connection, true, "select * from orders");
            }
            DecommissionReport report = check.look();
            assertThat(report.verdict()).isEqualTo(Verdict.NOT_PROVABLE);
            assertThat(report.reasons()).anySatisfy(why -> assertThat(why).contains("could not be counted apart"));
        }
    }
}
