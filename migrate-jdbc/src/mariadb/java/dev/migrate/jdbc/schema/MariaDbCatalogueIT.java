package dev.migrate.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Stage;
import dev.migrate.jdbc.MariaDbServer;
import dev.migrate.jdbc.TestDatabase;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.schema.SchemaFinding;
import dev.migrate.schema.SchemaFinding.Severity;
import dev.migrate.schema.SchemaFinding.Subject;
import dev.migrate.schema.SchemaReport;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** What only MariaDB has: collations that ignore case, unsigned numbers, checks at a column, MODIFY. */
class MariaDbCatalogueIT {
    private static SchemaReport between(TestDatabase legacy, TestDatabase target) {
        return SchemaCompatibility.between(legacy.dataSource(), target.dataSource())
                .check();
    }

    @Test
    void aUniqueKeyUnderTheUsualCollation_isTighterThanElsewhere() throws SQLException {
        try (TestDatabase legacy = TestDatabases.postgres();
                TestDatabase target = new MariaDbServer().fresh()) {
            legacy.execute("create table t (id bigint primary key, c varchar(9) unique)");
            target.execute("create table t (id bigint primary key, c varchar(9) unique)");
            legacy.execute("insert into t values (1, 'b')", "insert into t values (2, 'B')");
            assertThat(between(legacy, target).findings())
                    .filteredOn(finding -> finding.subject() == Subject.UNIQUE)
                    .extracting(finding -> finding.severity() + " " + finding.blocks() + " " + finding.what())
                    .containsExactly(
                            "BREAKING DUAL_WRITE must be unique without regard to letter case or accents, and in"
                                    + " legacy with regard to them");
            assertThat(between(target, legacy).findings())
                    .filteredOn(finding -> finding.subject() == Subject.UNIQUE)
                    .extracting(SchemaFinding::blocks)
                    .containsExactly(Stage.LIVE);
        }
    }

    @Test
    void aCharacterSetThatIsNotUnicode_isRisky() throws SQLException {
        try (TestDatabase legacy = TestDatabases.postgres();
                TestDatabase target = new MariaDbServer().fresh()) {
            legacy.execute("create table t (id bigint primary key, c varchar(9))");
            target.execute("create table t (id bigint primary key, c varchar(9) character set latin1)");
            assertThat(between(legacy, target).findings())
                    .extracting(SchemaFinding::what, SchemaFinding::mend)
                    .containsExactly(org.assertj.core.api.Assertions.tuple(
                            "not every character is held by the character set", null));
        }
    }

    @Test
    void unsignedNumbers_areHeldByAWiderType() throws SQLException {
        try (TestDatabase legacy = new MariaDbServer().fresh();
                TestDatabase target = TestDatabases.postgres()) {
            legacy.execute("create table t (id bigint primary key, c int unsigned, d bigint unsigned)");
            target.execute("create table t (id bigint primary key, c bigint, d bigint)");
            assertThat(between(legacy, target).findings())
                    .extracting(finding -> finding.blocks() + " " + finding.name())
                    .containsExactlyInAnyOrder("LIVE c", "DUAL_WRITE d", "LIVE d");
        }
    }

    /** MODIFY says a column anew: what it leaves out is gone. */
    @Test
    void whatMendsAColumn_keepsTheRestOfIt() throws SQLException {
        try (TestDatabase legacy = new MariaDbServer().fresh();
                TestDatabase target = new MariaDbServer().fresh()) {
            String rest =
                    " character set utf8mb4 collate utf8mb4_bin not null default 'abc' check (char_length(c) > 2)";
            String more = ", n int not null, j json not null, m datetime not null default current_timestamp() on update"
                    + " current_timestamp())";
            legacy.execute("create table t (id bigint primary key, c varchar(50)" + rest
                    + more.replace("n int not null", "n int"));
            target.execute("create table t (id bigint primary key, c varchar(40)" + rest + more);
            String before = definition(target);
            for (SchemaFinding finding : between(legacy, target).findings()) {
                target.execute(finding.mend());
                assertThat(definition(target))
                        .isEqualTo(
                                finding.subject() == Subject.TYPE
                                        ? before.replace("varchar(40)", "varchar(50)")
                                        : before.replace("`n` int(11) NOT NULL", "`n` int(11) DEFAULT NULL"));
                target.execute(finding.undo());
                assertThat(definition(target)).isEqualTo(before);
            }
            assertThat(between(legacy, target).findings())
                    .extracting(SchemaFinding::subject)
                    .containsExactlyInAnyOrder(Subject.TYPE, Subject.NULLABILITY);
        }
    }

    private static String definition(TestDatabase database) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("show create table t")) {
            rows.next();
            return rows.getString(2);
        }
    }

    @Test
    void anotherValueAtAnUpdate_isFine() throws SQLException {
        try (TestDatabase legacy = new MariaDbServer().fresh();
                TestDatabase target = new MariaDbServer().fresh()) {
            String table = "create table t (id bigint primary key, c datetime not null default current_timestamp()%s)";
            legacy.execute(table.formatted(" on update current_timestamp()"));
            target.execute(table.formatted(""));
            SchemaFinding finding = between(legacy, target).findings().get(0);
            assertThat(finding.severity()).isEqualTo(Severity.FINE);
            assertThat(finding.subject()).isEqualTo(Subject.DEFAULT);
            String before = definition(target);
            target.execute(finding.mend());
            assertThat(between(legacy, target).findings()).isEmpty();
            target.execute(finding.undo());
            assertThat(definition(target)).isEqualTo(before);
        }
    }

    @Test
    void aMomentThatEndsIn2038_isNotOneThatDoesNot() throws SQLException {
        try (TestDatabase legacy = TestDatabases.postgres();
                TestDatabase target = new MariaDbServer().fresh()) {
            legacy.execute("create table t (id bigint primary key, c timestamptz(0))");
            target.execute("create table t (id bigint primary key, c timestamp null)");
            SchemaReport report = between(legacy, target);
            assertThat(report.isOpenFor(Stage.LIVE)).isTrue();
            assertThat(report.findings())
                    .extracting(SchemaFinding::what)
                    .containsExactly("only moments from 1970 to 2038 are held");
            legacy.execute("insert into t values (1, '2040-01-01 00:00:00+00')");
            assertThat(between(legacy, target).isOpenFor(Stage.DUAL_WRITE)).isFalse();
        }
    }
}
