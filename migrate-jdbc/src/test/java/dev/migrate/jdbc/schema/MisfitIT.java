package dev.migrate.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Side;
import dev.migrate.jdbc.TestDatabase;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.schema.SchemaFinding;
import dev.migrate.schema.SchemaFinding.Affected;
import dev.migrate.schema.SchemaFinding.Severity;
import dev.migrate.schema.SchemaFinding.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each database finds the value that does not fit, and does not take for one what fits. */
class MisfitIT {
    private record Values(String from, String to, String fit, String misfit) {}

    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final List<Values> EVERYWHERE = List.of(
            new Values("bigint", "int", "-2147483648", "-2147483649"),
            new Values("int", "smallint", "32767", "32768"),
            new Values("bigint", "numeric(5,0)", "99999", "100000"),
            new Values("bigint", "double precision", "9007199254740992", "9007199254740993"),
            new Values("int", "boolean", "1", "2"),
            new Values("numeric(10,2)", "numeric(10,1)", "1.50", "1.25"),
            new Values("numeric(10,2)", "numeric(5,2)", "999.99", "1000.00"),
            new Values("numeric(10,2)", "numeric(5,1)", "999.90", "999.99"),
            new Values("numeric(12,2)", "int", "2.00", "2.50"),
            new Values("numeric(12,2)", "int", "2147483647.00", "2147483648.00"),
            new Values("varchar(50)", "varchar(3)", "'äöü'", "'abcd'"),
            new Values("varchar(9)", "char(9)", "'a b'", "'a '"),
            new Values("moment(6)", "moment(3)", "'2020-01-01 00:00:00.123000'", "'2020-01-01 00:00:00.123456'"),
            new Values("time(6)", "time(0)", "'10:00:00.000000'", "'10:00:00.000001'"));
    private static final List<Values> OF_BYTES =
            List.of(new Values("varbinary(20)", "varbinary(2)", "x'0102'", "x'010203'"));
    private static final List<Values> OF_MARIADB = List.of(
            new Values(
                    "text character set utf8mb4",
                    "tinytext character set utf8mb4",
                    "repeat('ä', 127)",
                    "repeat('ä', 128)"),
            new Values("bigint unsigned", "bigint", "9223372036854775807", "9223372036854775808"),
            new Values("int", "int unsigned", "0", "-1"),
            new Values("datetime", "timestamp", "'2037-12-31 00:00:00'", "'2039-01-01 00:00:00'"),
            new Values("datetime", "timestamp", "'1970-01-03 00:00:00'", "'1969-12-31 00:00:00'"));

    static Stream<Arguments> cases() {
        return SERVERS.stream().flatMap(server -> values(server.product()).map(values -> Arguments.of(server, values)));
    }

    private static Stream<Values> values(String product) {
        return switch (product) {
            case "postgresql" -> EVERYWHERE.stream();
            case "mariadb" -> Stream.of(EVERYWHERE, OF_BYTES, OF_MARIADB).flatMap(List::stream);
            default -> Stream.of(EVERYWHERE, OF_BYTES).flatMap(List::stream);
        };
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aMisfit_isFoundInTheRows(TestServer server, Values values) throws SQLException {
        try (TestDatabase legacy = server.fresh();
                TestDatabase target = server.fresh()) {
            String moment = server.product().equals("mariadb") ? "datetime" : "timestamp";
            legacy.execute(
                    "create table t (id int primary key, c " + values.from().replace("moment", moment) + ")");
            target.execute(
                    "create table t (id int primary key, c " + values.to().replace("moment", moment) + ")");
            legacy.execute("insert into t values (1, " + values.fit() + ")", "insert into t values (2, null)");
            SchemaCompatibility compatibility = SchemaCompatibility.between(legacy.dataSource(), target.dataSource())
                    .showingKeys();
            SchemaFinding fitting = ofTarget(compatibility);
            assertThat(fitting.severity()).isEqualTo(Severity.RISKY);
            assertThat(fitting.rows().affected()).isEqualTo(Affected.NONE);
            legacy.execute("insert into t values (3, " + values.misfit() + ")");
            SchemaFinding misfitting = ofTarget(compatibility);
            assertThat(misfitting.severity()).isEqualTo(Severity.BREAKING);
            assertThat(misfitting.rows()).isEqualTo(new SchemaFinding.Rows(Affected.SOME, "3"));
        }
    }

    private static SchemaFinding ofTarget(SchemaCompatibility compatibility) {
        return compatibility.check().findings().stream()
                .filter(finding -> finding.subject() == Subject.TYPE && finding.side() == Side.TARGET)
                .findFirst()
                .orElseThrow();
    }

    /** What a database cannot say is not taken for an answer. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void aQuestionThatFails_tellsNothing(TestServer server) throws SQLException {
        try (TestDatabase database = server.fresh();
                Connection connection = database.dataSource().getConnection()) {
            RowQuestions questions = new RowQuestions(Duration.ofSeconds(1), true);
            connection.setAutoCommit(false);
            Draft.Question failing = new Draft.Question(Side.LEGACY, "select no_such from no_table", true, true);
            assertThat(questions.ask(connection, failing)).isEqualTo(SchemaFinding.Rows.NOT_TOLD);
            Draft.Question next = new Draft.Question(Side.LEGACY, "select 7", true, true);
            assertThat(questions.ask(connection, next)).isEqualTo(new SchemaFinding.Rows(Affected.SOME, "7"));
            Draft.Question keyless = new Draft.Question(Side.LEGACY, "select null", true, true);
            assertThat(questions.ask(connection, keyless)).isEqualTo(new SchemaFinding.Rows(Affected.SOME, null));
            Draft.Question vague =
                    new Draft.Question(Side.LEGACY, "select 7 from (select 1 as a) x where a = 2", true, false);
            assertThat(questions.ask(connection, vague)).isEqualTo(SchemaFinding.Rows.NOT_TOLD);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void aConnectionThatIsGone_isNoAnswer(TestServer server) throws SQLException {
        try (TestDatabase database = server.fresh()) {
            Connection connection = database.dataSource().getConnection();
            connection.close();
            RowQuestions questions = new RowQuestions(Duration.ofSeconds(1), true);
            Draft.Question question = new Draft.Question(Side.LEGACY, "select 7", true, true);
            assertThatThrownBy(() -> questions.ask(connection, question)).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void aQueryThatTakesTooLong_tellsNothing() throws SQLException {
        try (TestDatabase database = TestDatabases.postgres();
                Connection connection = database.dataSource().getConnection()) {
            RowQuestions questions = new RowQuestions(Duration.ofSeconds(1), true);
            Draft.Question endless = new Draft.Question(
                    Side.LEGACY, "select count(*) from generate_series(1, 1000000000000)", true, true);
            assertThat(questions.ask(connection, endless)).isEqualTo(SchemaFinding.Rows.NOT_TOLD);
        }
    }
}
