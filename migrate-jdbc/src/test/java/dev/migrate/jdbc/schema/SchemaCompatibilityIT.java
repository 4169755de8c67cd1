package dev.migrate.jdbc.schema;

import static dev.migrate.test.SchemaAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.jdbc.TestDatabase;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.schema.SchemaFinding;
import dev.migrate.schema.SchemaFinding.Affected;
import dev.migrate.schema.SchemaFinding.Severity;
import dev.migrate.schema.SchemaFinding.Subject;
import dev.migrate.schema.SchemaReport;
import dev.migrate.table.Mapping;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is found in real databases, what their rows say to it, and what mends it. */
class SchemaCompatibilityIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    static final List<TestServer> WITH_IDENTITIES = SERVERS.stream()
            .filter(server -> !server.product().equals("mariadb"))
            .toList();
    private static final String BEFORE = BuiltSchema.document("library-before.json");
    private static final String AFTER = BuiltSchema.document("library-after.json");

    static Stream<Arguments> pairs() {
        return SERVERS.stream().flatMap(one -> SERVERS.stream().map(other -> Arguments.of(one, other)));
    }

    private static TestDatabase built(TestServer server, String document) throws SQLException {
        TestDatabase database = server.fresh();
        BuiltSchema.build(document, database);
        return database;
    }

    /** What was found, without what the products write differently. */
    private static List<String> outlines(SchemaReport report) {
        return report.findings().stream()
                .map(finding -> finding.severity() + " " + finding.blocks() + " " + finding.side() + " "
                        + Model.fold(finding.table()) + " " + finding.subject() + " " + finding.what())
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void aDatabaseThatWasBuiltFromADocument_isAsTheDocumentSays(TestServer server) throws SQLException {
        for (String document : List.of(BEFORE, AFTER)) {
            try (TestDatabase database = built(server, document)) {
                DatabaseSchema there = DatabaseSchema.of(database.dataSource());
                SchemaReport to = SchemaCompatibility.between(there, DatabaseSchema.parse(document))
                        .check();
                SchemaReport from = SchemaCompatibility.between(DatabaseSchema.parse(document), there)
                        .check();
                assertThat(to).isEmpty();
                assertThat(from).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void twoDatabases_haveTheFindingsOfTheirDocuments(TestServer legacyServer, TestServer targetServer)
            throws SQLException {
        SchemaReport expected = SchemaCompatibility.between(DatabaseSchema.parse(BEFORE), DatabaseSchema.parse(AFTER))
                .check();
        try (TestDatabase legacy = built(legacyServer, BEFORE);
                TestDatabase target = built(targetServer, AFTER)) {
            SchemaReport report = SchemaCompatibility.between(legacy.dataSource(), target.dataSource())
                    .withoutRows()
                    .check();
            assertThat(outlines(report)).isEqualTo(outlines(expected));
            assertThat(report.legacy()).isEqualTo(legacy.product());
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void rows_tellWhatIsAffected(TestServer server) throws Exception {
        try (TestDatabase legacy = built(server, BEFORE);
                TestDatabase target = built(server, AFTER)) {
            SchemaCompatibility compatibility = SchemaCompatibility.between(legacy.dataSource(), target.dataSource())
                    .leaveOut("preferences");
            SchemaReport empty = compatibility.check();
            assertThat(empty).allows(Stage.LIVE);
            assertThat(empty.findings()).noneMatch(finding -> finding.rows().affected() == Affected.SOME);
            assertThat(compatibility.gate().closedBecause()).isEmpty();

            legacy.execute(
                    "insert into readers (id, card, mail, name) values (7, 'card-0007', 'a@b.c', 'x')",
                    "insert into loans (id, reader_id, book) values ('l1', 7, null)",
                    "insert into loans (id, reader_id, book) values ('l2', 7, '" + "b".repeat(201) + "')",
                    "insert into loans (id, reader_id, book) values ('l3', 7, 'twice')",
                    "insert into loans (id, reader_id, book) values ('l4', 7, 'twice')");
            SchemaReport filled = compatibility.showingKeys().check();
            assertThat(filled).refuses(Stage.DUAL_WRITE);
            for (Subject subject : List.of(Subject.NULLABILITY, Subject.TYPE, Subject.UNIQUE, Subject.CHECK)) {
                SchemaFinding finding = ofTarget(filled, subject);
                assertThat(finding.severity()).as(filled.toText()).isEqualTo(Severity.BREAKING);
                assertThat(finding.rows().affected()).isEqualTo(Affected.SOME);
            }
            assertThat(ofTarget(filled, Subject.NULLABILITY).rows().firstKey()).isEqualTo("l1");
            assertThat(ofTarget(filled, Subject.TYPE).rows().firstKey()).isEqualTo("l2");
            assertThat(ofTarget(filled, Subject.UNIQUE).rows().firstKey()).isIn("l3", "l4");
            assertThat(ofTarget(filled, Subject.CHECK).rows().firstKey()).isEqualTo("7");
            assertThat(compatibility.gate().closedBecause().orElseThrow())
                    .contains("in the way of DUAL_WRITE")
                    .doesNotContain("l1");
            assertThat(compatibility.check().toText()).doesNotContain(": l1");
        }
    }

    private static SchemaFinding ofTarget(SchemaReport report, Subject subject) {
        return report.findings().stream()
                .filter(finding -> finding.subject() == subject && finding.side() == Side.TARGET)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void whatMends_mends_andWhatUndoes_undoes(TestServer server) throws SQLException {
        try (TestDatabase legacy = built(server, BEFORE);
                TestDatabase target = built(server, AFTER)) {
            target.execute(
                    "alter table readers add age smallint default 3", "alter table readers add mark varchar(9) unique");
            legacy.execute(
                    "alter table readers add age int default 4", "alter table readers add mark varchar(9)",
                    "alter table readers add born date", "create index by_born on readers (born, name)");
            SchemaReport before = SchemaCompatibility.between(legacy.dataSource(), target.dataSource())
                    .check();
            List<SchemaFinding> mendable = before.findings().stream()
                    .filter(finding -> finding.mend() != null)
                    .toList();
            assertThat(mendable)
                    .extracting(SchemaFinding::subject)
                    .contains(
                            Subject.TABLE,
                            Subject.COLUMN,
                            Subject.TYPE,
                            Subject.NULLABILITY,
                            Subject.DEFAULT,
                            Subject.UNIQUE,
                            Subject.CHECK,
                            Subject.INDEX);
            for (SchemaFinding finding : mendable) {
                TestDatabase side = finding.side() == Side.LEGACY ? legacy : target;
                side.execute(finding.mend());
                SchemaReport mended = SchemaCompatibility.between(legacy.dataSource(), target.dataSource())
                        .check();
                assertThat(mended.findings().stream()
                                .filter(one -> one.side() == finding.side()
                                        && one.subject() == finding.subject()
                                        && one.place().equals(finding.place())
                                        && one.what().equals(finding.what())))
                        .as(finding.mend())
                        .isEmpty();
                side.execute(finding.undo());
                SchemaReport undone = SchemaCompatibility.between(legacy.dataSource(), target.dataSource())
                        .check();
                assertThat(outlines(undone)).as(finding.undo()).isEqualTo(outlines(before));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("WITH_IDENTITIES")
    void anIdentityThatIsAlwaysGenerated_isRisky(TestServer server) throws SQLException {
        try (TestDatabase legacy = server.fresh();
                TestDatabase target = server.fresh()) {
            legacy.execute("create table t (id bigint primary key)");
            target.execute("create table t (id bigint generated always as identity primary key)");
            SchemaFinding finding = SchemaCompatibility.between(legacy.dataSource(), target.dataSource())
                    .check()
                    .of(Severity.RISKY)
                    .get(0);
            assertThat(finding.what()).contains("OVERRIDING SYSTEM VALUE");
            target.execute(finding.mend());
            assertThat(SchemaCompatibility.between(legacy.dataSource(), target.dataSource())
                            .check()
                            .of(Severity.RISKY))
                    .isEmpty();
            target.execute(finding.undo());
            assertThat(SchemaCompatibility.between(legacy.dataSource(), target.dataSource())
                            .check()
                            .of(Severity.RISKY))
                    .containsExactly(finding);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void aComputedColumn_isNotCopied(TestServer server) throws SQLException {
        String computed =
                server.product().equals("h2") ? "generated always as (n + 1)" : "generated always as (n + 1) stored";
        try (TestDatabase legacy = server.fresh();
                TestDatabase target = server.fresh()) {
            legacy.execute("create table t (id bigint primary key, n int, m int " + computed + ")");
            target.execute("create table t (id bigint primary key, n int, m int not null)");
            SchemaReport report = SchemaCompatibility.between(legacy.dataSource(), target.dataSource())
                    .check();
            assertThat(report.findings())
                    .extracting(finding -> finding.severity() + " " + finding.blocks() + " " + finding.what())
                    .containsExactly(
                            "BREAKING DUAL_WRITE needs a value, and nothing is copied to it",
                            "RISKY LIVE is computed by legacy, and may differ from what would be copied");
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void aReferenceThatLegacyRowsBreak_breaks(TestServer server) throws SQLException {
        try (TestDatabase legacy = server.fresh();
                TestDatabase target = server.fresh()) {
            for (TestDatabase database : List.of(legacy, target)) {
                database.execute(
                        "create table p (id bigint primary key)",
                        "create table c (id bigint primary key, p_id bigint)");
            }
            target.execute("alter table c add constraint fk_p foreign key (p_id) references p (id) on delete cascade");
            legacy.execute(
                    "insert into p values (1)", "insert into c values (10, 1)", "insert into c values (11, null)");
            SchemaCompatibility compatibility = SchemaCompatibility.between(legacy.dataSource(), target.dataSource())
                    .showingKeys();
            SchemaFinding clean = ofTarget(compatibility.check(), Subject.FOREIGN_KEY);
            assertThat(clean.severity()).isEqualTo(Severity.RISKY);
            assertThat(clean.rows().affected()).isEqualTo(Affected.NONE);
            legacy.execute("insert into c values (12, 5)");
            SchemaFinding broken = ofTarget(compatibility.check(), Subject.FOREIGN_KEY);
            assertThat(broken.severity()).isEqualTo(Severity.BREAKING);
            assertThat(broken.rows().firstKey()).isEqualTo("12");
            target.execute(broken.mend());
            assertThat(compatibility.check()).as("MariaDB keeps the index").isSafe();
            target.execute(broken.undo());
            assertThat(ofTarget(compatibility.check(), Subject.FOREIGN_KEY)).isEqualTo(broken);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void aColumnThatIsLost_staysARisk_andItsDefaultIsNoLoss(TestServer server) throws SQLException {
        try (TestDatabase legacy = server.fresh();
                TestDatabase target = server.fresh()) {
            legacy.execute("create table t (id bigint primary key, b boolean default false, n int default 7)");
            target.execute("create table t (id bigint primary key)");
            legacy.execute("insert into t (id) values (1)", "insert into t values (2, null, null)");
            SchemaCompatibility compatibility = SchemaCompatibility.between(legacy.dataSource(), target.dataSource());
            assertThat(compatibility.check().findings())
                    .hasSize(2)
                    .allMatch(finding -> finding.severity() == Severity.RISKY
                            && finding.rows().affected() == Affected.NONE);
            legacy.execute("insert into t values (3, true, 8)");
            assertThat(compatibility.check().findings())
                    .hasSize(2)
                    .allMatch(finding -> finding.severity() == Severity.RISKY
                            && finding.rows().affected() == Affected.SOME);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void aMappingBetweenTables_isFollowed(TestServer server) throws SQLException {
        try (TestDatabase legacy = server.fresh();
                TestDatabase target = server.fresh()) {
            legacy.execute(
                    "create table users (id bigint primary key, mail varchar(50) not null unique, old_flag int)");
            target.execute("create table accounts (id bigint primary key, email varchar(50) not null unique)");
            SchemaReport report = SchemaCompatibility.between(legacy.dataSource(), target.dataSource())
                    .mapped(
                            "users",
                            "accounts",
                            Mapping.byName().rename("mail", "email").leaveOut("old_flag"))
                    .check();
            assertThat(report.findings())
                    .extracting(finding -> finding.severity() + " " + finding.what())
                    .containsExactly("FINE is left out by the mapping");
        }
    }

    /** The library's own tables are nobody's schema, and another schema of the same name's table is not looked at. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void onlyTheNamedSchema_isRead(TestServer server) throws SQLException {
        try (TestDatabase legacy = server.fresh();
                TestDatabase target = server.fresh()) {
            legacy.execute("create table t (id bigint primary key)", "create table migrate_x (id int primary key)");
            String other = target.name() + "_o";
            String named = target.product().equals("h2") ? other.toUpperCase(java.util.Locale.ROOT) : other;
            target.execute(
                    "create schema " + other,
                    "create table t (id varchar(3) primary key)",
                    "create table " + other + ".t (id int primary key)");
            try {
                SchemaReport report = SchemaCompatibility.between(
                                DatabaseSchema.of(legacy.dataSource()), DatabaseSchema.of(target.dataSource(), named))
                        .check();
                assertThat(report.findings())
                        .extracting(SchemaFinding::subject, finding -> finding.side())
                        .containsExactly(org.assertj.core.api.Assertions.tuple(Subject.TYPE, Side.TARGET));
                assertThat(report.findings().get(0).mend()).contains(named);
                target.execute(report.findings().get(0).mend());
            } finally {
                target.execute("drop schema " + other + (server.product().equals("mariadb") ? "" : " cascade"));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void nothingIsChanged_andNoConnectionIsKept(TestServer server) throws SQLException {
        try (TestDatabase legacy = built(server, BEFORE);
                TestDatabase target = built(server, AFTER)) {
            HikariConfig one = new HikariConfig();
            one.setDataSource(legacy.dataSource());
            one.setMaximumPoolSize(1);
            one.setAutoCommit(false);
            try (HikariDataSource pool = new HikariDataSource(one)) {
                SchemaReport first =
                        SchemaCompatibility.between(pool, target.dataSource()).check();
                SchemaReport second =
                        SchemaCompatibility.between(pool, target.dataSource()).check();
                assertThat(second.findings()).isNotEmpty().isEqualTo(first.findings());
                assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
            }
        }
    }
}
