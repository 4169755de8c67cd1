package dev.migrate.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.schema.SchemaFinding.Affected;
import dev.migrate.schema.SchemaFinding.Rows;
import dev.migrate.schema.SchemaFinding.Severity;
import dev.migrate.schema.SchemaFinding.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SchemaReportTest {
    private static SchemaFinding finding(Severity severity, @Nullable Stage blocks, String table, String what) {
        return new SchemaFinding(
                severity,
                blocks,
                blocks == Stage.LIVE ? Side.LEGACY : Side.TARGET,
                table,
                "c",
                Subject.TYPE,
                what,
                null,
                null,
                null,
                null,
                Rows.NOT_TOLD);
    }

    private static final SchemaFinding FULL = new SchemaFinding(
            Severity.BREAKING,
            Stage.LIVE,
            Side.LEGACY,
            "users",
            "mail",
            Subject.TYPE,
            "at most 50 characters are held",
            "varchar(50) default '\t\"a\\b\u2028'",
            "varchar(320)",
            "alter table \"users\" alter column \"mail\" type varchar(320)",
            "alter table \"users\" alter column \"mail\" type varchar(50)",
            new Rows(Affected.SOME, "42"));

    private static final SchemaReport MIXED = new SchemaReport(
            "postgresql",
            "h2",
            List.of(
                    new SchemaFinding(
                            Severity.FINE,
                            null,
                            Side.TARGET,
                            "users",
                            "created_at",
                            Subject.INDEX,
                            "legacy has an index over it, and the target none",
                            "index i (created_at)",
                            null,
                            "create index i on users (created_at)",
                            "drop index i",
                            Rows.NOT_TOLD),
                    new SchemaFinding(
                            Severity.RISKY,
                            Stage.DUAL_WRITE,
                            Side.TARGET,
                            "loans",
                            "fk_reader",
                            Subject.FOREIGN_KEY,
                            "must refer to a row of 'users', and need not in legacy",
                            null,
                            "foreign key (reader)\nreferences users (id)",
                            null,
                            null,
                            new Rows(Affected.NONE, null)),
                    new SchemaFinding(
                            Severity.RISKY,
                            Stage.LIVE,
                            Side.LEGACY,
                            "preferences",
                            null,
                            Subject.TABLE,
                            "is not in legacy: what is written to it is not carried back",
                            null,
                            "table preferences",
                            null,
                            null,
                            new Rows(Affected.SOME, null)),
                    FULL));

    private static String golden(String name) throws IOException {
        try (var stream = SchemaReportTest.class.getResourceAsStream("/schema/" + name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void text_isAligned_theWorstFirst() throws IOException {
        assertThat(MIXED.toText()).isEqualTo(golden("report.txt"));
        assertThat(MIXED).hasToString(golden("report.txt"));
    }

    @Test
    void json_hasItsFieldsInOneOrder_andIsEscaped() throws IOException {
        assertThat(MIXED.toJson() + "\n").isEqualTo(golden("report.json"));
    }

    @Test
    void anEmptyReport_isOneLine() {
        SchemaReport empty = new SchemaReport("h2", "h2", List.of());
        assertThat(empty.toText())
                .isEqualTo("schema compatibility, legacy h2, target h2: 0 breaking, 0 risky, 0 fine\n");
        assertThat(empty.toJson())
                .isEqualTo(
                        "{\"legacy\":\"h2\",\"target\":\"h2\",\"breaking\":0,\"risky\":0,\"fine\":0,\"findings\":[]}");
    }

    @Test
    void loneSurrogatesAndControls_areEscaped() {
        SchemaReport odd = new SchemaReport("\ud800\u0001\n", "é😀", List.of());
        assertThat(odd.toJson()).startsWith("{\"legacy\":\"\\ud800\\u0001\\n\",\"target\":\"é😀\"");
    }

    @Test
    void whatBreaksAStage_closesItAndThoseAfter() {
        SchemaReport report =
                new SchemaReport("h2", "h2", List.of(finding(Severity.BREAKING, Stage.LIVE, "t", "is wrong")));
        assertThat(report.isOpenFor(Stage.DUAL_WRITE)).isTrue();
        assertThat(report.isOpenFor(Stage.SHADOW)).isTrue();
        assertThat(report.isOpenFor(Stage.LIVE)).isFalse();
        assertThat(report.isOpenFor(Stage.TARGET_ONLY)).isFalse();
        assertThat(report.closedBecause(Stage.SHADOW)).isEmpty();
        assertThat(report.closedBecause(Stage.RAMP_DOWN))
                .hasValue("1 of the findings of schema compatibility are in the way of RAMP_DOWN: t.c: is wrong");
    }

    @Test
    void whatIsRiskyOrFine_closesNothing() {
        SchemaReport report = new SchemaReport(
                "h2",
                "h2",
                List.of(
                        finding(Severity.RISKY, Stage.DUAL_WRITE, "t", "may be wrong"),
                        finding(Severity.FINE, null, "t", "is different")));
        assertThat(report.isOpenFor(Stage.TARGET_ONLY)).isTrue();
        assertThat(report.of(Severity.RISKY)).hasSize(1);
    }

    @Test
    void findings_areSortedByStageAndTableWithinASeverity() {
        SchemaReport report = new SchemaReport(
                "h2",
                "h2",
                List.of(
                        finding(Severity.FINE, null, "a", "1"),
                        finding(Severity.RISKY, Stage.LIVE, "a", "2"),
                        finding(Severity.RISKY, Stage.DUAL_WRITE, "b", "3"),
                        finding(Severity.RISKY, Stage.DUAL_WRITE, "a", "4"),
                        finding(Severity.BREAKING, Stage.LIVE, "z", "5")));
        assertThat(report.findings()).extracting(SchemaFinding::what).containsExactly("5", "4", "3", "2", "1");
    }

    @Test
    void aFinding_thatContradictsItself_isRefused() {
        assertThatThrownBy(() -> finding(Severity.FINE, Stage.LIVE, "t", "x"))
                .isInstanceOf(MigrationException.class)
                .hasMessage(
                        "blocks must name a stage unless the severity is FINE, but was LIVE for a finding that is FINE");
        assertThatThrownBy(() -> finding(Severity.RISKY, null, "t", "x")).hasMessageContaining("but was null");
        assertThatThrownBy(() -> new SchemaFinding(
                        Severity.FINE,
                        null,
                        Side.TARGET,
                        "t",
                        null,
                        Subject.TABLE,
                        "x",
                        null,
                        null,
                        "mend",
                        null,
                        Rows.NOT_TOLD))
                .hasMessageContaining("mend and undo must both be given");
    }
}
