package dev.migrate.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Stage;
import dev.migrate.jdbc.TestDatabase;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.schema.SchemaFinding;
import dev.migrate.schema.SchemaFinding.Affected;
import dev.migrate.schema.SchemaFinding.Severity;
import dev.migrate.schema.SchemaFinding.Subject;
import dev.migrate.schema.SchemaReport;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What only one product has. */
class CatalogueReadingIT {
    private static SchemaReport between(TestDatabase legacy, TestDatabase target) {
        return SchemaCompatibility.between(legacy.dataSource(), target.dataSource())
                .check();
    }

    @Test
    void aDomainOfPostgres_isWhatItIsMadeOf() throws SQLException {
        try (TestDatabase legacy = TestDatabases.postgres();
                TestDatabase target = TestDatabases.h2()) {
            legacy.execute("create domain code as varchar(7)", "create table t (id bigint primary key, c code)");
            target.execute("create table t (id bigint primary key, c varchar(7))");
            assertThat(between(legacy, target).findings()).isEmpty();
        }
    }

    @Test
    void anEnumerationOfPostgres_isATextWithACheck() throws SQLException {
        try (TestDatabase legacy = TestDatabases.postgres();
                TestDatabase target = TestDatabases.postgres()) {
            legacy.execute(
                    "create type mood as enum ('glad', 'sad')", "create table t (id bigint primary key, c mood)");
            target.execute("create table t (id bigint primary key, c varchar(4) check (c in ('glad', 'sad', 'odd')))");
            assertThat(between(legacy, target).findings())
                    .extracting(SchemaFinding::severity, SchemaFinding::blocks, SchemaFinding::subject)
                    .containsExactly(org.assertj.core.api.Assertions.tuple(Severity.RISKY, Stage.LIVE, Subject.CHECK));
        }
    }

    @Test
    void theParts_ofAPartitionedTable_areNoTablesOfTheirOwn() throws SQLException {
        try (TestDatabase legacy = TestDatabases.h2();
                TestDatabase target = TestDatabases.postgres()) {
            legacy.execute("create table t (id bigint primary key)");
            target.execute(
                    "create table t (id bigint primary key) partition by range (id)",
                    "create table t_low partition of t for values from (0) to (100)");
            assertThat(between(legacy, target).findings()).isEmpty();
        }
    }

    @Test
    void aPartialUniqueIndex_isNotTakenForAWholeOne() throws SQLException {
        try (TestDatabase legacy = TestDatabases.postgres();
                TestDatabase target = TestDatabases.postgres()) {
            String table = "create table t (id bigint primary key, c int, d int)";
            legacy.execute(table, "create unique index u on t (c) where d > 0");
            target.execute(table, "create unique index u on t (c)", "create unique index e on t ((c + d))");
            assertThat(between(legacy, target).findings())
                    .extracting(finding -> finding.blocks() + " " + finding.name() + " " + finding.what())
                    .containsExactlyInAnyOrder(
                            "DUAL_WRITE u must be unique, and need not be in legacy",
                            "DUAL_WRITE e is unique for some rows, or by expressions, which is not compared",
                            "LIVE u is unique for some rows, or by expressions, which is not compared");
            try (TestDatabase alike = TestDatabases.postgres()) {
                alike.execute(table, "create unique index other on t (c) where d > 0");
                assertThat(between(legacy, alike).findings()).isEmpty();
            }
        }
    }

    /** Two rows that differ in letter case are two in one database and one in the other. */
    @Test
    void whatIsUniqueWithoutRegardToLetterCase_isTighter() throws SQLException {
        try (TestDatabase legacy = TestDatabases.postgres();
                TestDatabase target = TestDatabases.h2()) {
            legacy.execute("create table t (id bigint primary key, c varchar(9) unique)");
            target.execute("create table t (id bigint primary key, c varchar_ignorecase(9) unique)");
            SchemaCompatibility compatibility = SchemaCompatibility.between(legacy.dataSource(), target.dataSource())
                    .showingKeys();
            legacy.execute("insert into t values (1, 'a')", "insert into t values (2, 'b')");
            SchemaReport risky = compatibility.check();
            assertThat(risky.findings())
                    .singleElement()
                    .matches(finding -> finding.severity() == Severity.RISKY
                            && finding.blocks() == Stage.DUAL_WRITE
                            && finding.rows().affected() == Affected.NOT_TOLD);
            legacy.execute("insert into t values (3, 'B')");
            assertThat(compatibility.check().findings())
                    .singleElement()
                    .matches(finding -> finding.severity() == Severity.BREAKING
                            && finding.rows().affected() == Affected.SOME);
            assertThat(between(target, target).findings()).isEmpty();
        }
    }

    @Test
    void aKeyThatIsGeneratedByLegacyAlone_isMissedFromLiveOn() throws SQLException {
        try (TestDatabase legacy = TestDatabases.postgres();
                TestDatabase target = TestDatabases.h2()) {
            legacy.execute("create table t (id bigserial primary key)");
            target.execute("create table t (id bigint primary key)");
            assertThat(between(legacy, target).findings())
                    .extracting(finding -> finding.severity() + " " + finding.blocks() + " " + finding.what())
                    .containsExactly("RISKY LIVE is generated by legacy, and not by the target");
            assertThat(between(target, legacy).findings())
                    .extracting(finding -> finding.severity() + " " + finding.what())
                    .containsExactly("FINE is generated by the target, and not by legacy");
        }
    }

    /** The names that H2 prints are quoted; so is one that a plain statement could not name. */
    @Test
    void names_areQuoted() throws SQLException {
        try (TestDatabase legacy = TestDatabases.postgres();
                TestDatabase target = TestDatabases.postgres()) {
            legacy.execute("create table \"Or\"\"der\" (id bigint primary key, \"se\"\"lect\" varchar(9))");
            target.execute("create table \"Or\"\"der\" (id bigint primary key, \"se\"\"lect\" varchar(3))");
            SchemaFinding finding = between(legacy, target).findings().get(0);
            assertThat(finding.rows().affected()).isEqualTo(Affected.NONE);
            assertThat(finding.mend())
                    .isEqualTo("alter table \"Or\"\"der\" alter column \"se\"\"lect\" type varchar(9)");
            target.execute(finding.mend());
            assertThat(between(legacy, target).findings()).isEmpty();
        }
    }
}
