package dev.migrate.test;

import static dev.migrate.test.SchemaAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.schema.SchemaFinding;
import dev.migrate.schema.SchemaFinding.Affected;
import dev.migrate.schema.SchemaFinding.Rows;
import dev.migrate.schema.SchemaFinding.Severity;
import dev.migrate.schema.SchemaFinding.Subject;
import dev.migrate.schema.SchemaReport;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaAssertTest {
    private static SchemaReport report(Severity severity, Affected affected) {
        return new SchemaReport(
                "h2",
                "postgresql",
                List.of(new SchemaFinding(
                        severity,
                        severity == Severity.FINE ? null : Stage.LIVE,
                        Side.LEGACY,
                        "users",
                        "mail",
                        Subject.TYPE,
                        "is too short",
                        null,
                        null,
                        null,
                        null,
                        new Rows(affected, null))));
    }

    @Test
    void whatIsBreaking_isRefusedFromItsStageOn() {
        SchemaReport breaking = report(Severity.BREAKING, Affected.NOT_TOLD);
        assertThat(breaking).allows(Stage.DUAL_WRITE).refuses(Stage.LIVE);
        assertThatThrownBy(() -> assertThat(breaking).allows(Stage.LIVE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected the schemas to allow LIVE, but")
                .hasMessageContaining("users.mail")
                .hasMessageContaining("is too short");
        assertThatThrownBy(() -> assertThat(breaking).refuses(Stage.SHADOW))
                .hasMessageContaining("Expected the schemas to refuse SHADOW, but");
    }

    @Test
    void safe_isWhatAffectsNoRow() {
        assertThat(report(Severity.FINE, Affected.NOT_TOLD)).isSafe();
        assertThat(report(Severity.RISKY, Affected.NONE)).isSafe();
        for (SchemaReport unsafe : List.of(
                report(Severity.RISKY, Affected.SOME),
                report(Severity.RISKY, Affected.NOT_TOLD),
                report(Severity.BREAKING, Affected.NONE))) {
            assertThatThrownBy(() -> assertThat(unsafe).isSafe()).hasMessageContaining("is too short");
        }
    }

    @Test
    void empty_isWithoutAnyFinding() {
        assertThat(new SchemaReport("h2", "h2", List.of())).isEmpty();
        assertThatThrownBy(() ->
                        assertThat(report(Severity.FINE, Affected.NOT_TOLD)).isEmpty())
                .hasMessageContaining("Expected no finding, but")
                .hasMessageContaining("is too short");
    }

    @Test
    void noReport_isNamedAsSuch() {
        assertThatThrownBy(() -> assertThat(null).isEmpty())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not to be null");
    }
}
