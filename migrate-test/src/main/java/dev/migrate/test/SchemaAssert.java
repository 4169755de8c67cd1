package dev.migrate.test;

import dev.migrate.Stage;
import dev.migrate.schema.SchemaFinding;
import dev.migrate.schema.SchemaFinding.Affected;
import dev.migrate.schema.SchemaFinding.Severity;
import dev.migrate.schema.SchemaReport;
import java.util.List;
import java.util.function.Predicate;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about whether the schemas of the two sides can hold each other's rows, in the manner of AssertJ: for a build that is to fail
 * before a migration does.
 *
 * <pre>{@code
 * import static dev.migrate.test.SchemaAssert.assertThat;
 *
 * assertThat(SchemaCompatibility.between(legacyDb, targetDb).check()).allows(Stage.DUAL_WRITE);
 * }</pre>
 */
public final class SchemaAssert extends AbstractAssert<SchemaAssert, SchemaReport> {
    private SchemaAssert(@Nullable SchemaReport actual) {
        super(actual, SchemaAssert.class);
    }

    /** Begins assertions about a report. */
    public static SchemaAssert assertThat(@Nullable SchemaReport actual) {
        return new SchemaAssert(actual);
    }

    /** Nothing BREAKING is in the way of a stage, or of one before it; the message is the whole report. */
    public SchemaAssert allows(Stage stage) {
        if (!present().isOpenFor(stage)) {
            throw failure("Expected the schemas to allow %s, but%n%s", stage, actual.toText());
        }
        return this;
    }

    /** Something BREAKING is in the way of a stage, or of one before it. */
    public SchemaAssert refuses(Stage stage) {
        if (present().isOpenFor(stage)) {
            throw failure("Expected the schemas to refuse %s, but%n%s", stage, actual.toText());
        }
        return this;
    }

    /** Nothing BREAKING was found, and nothing RISKY but where no row is affected. */
    public SchemaAssert isSafe() {
        return hasNo(
                "no finding that may affect a row",
                finding -> finding.severity() == Severity.BREAKING
                        || (finding.severity() == Severity.RISKY
                                && finding.rows().affected() != Affected.NONE));
    }

    /** Nothing was found at all. */
    public SchemaAssert isEmpty() {
        return hasNo("no finding", finding -> true);
    }

    private SchemaAssert hasNo(String expected, Predicate<SchemaFinding> unwanted) {
        List<SchemaFinding> found =
                present().findings().stream().filter(unwanted).toList();
        if (!found.isEmpty()) {
            throw failure(
                    "Expected %s, but%n%s",
                    expected, new SchemaReport(actual.legacy(), actual.target(), found).toText());
        }
        return this;
    }

    private SchemaReport present() {
        isNotNull();
        return actual;
    }
}
