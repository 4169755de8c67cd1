package dev.migrate.jdbc.schema;

import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.schema.SchemaFinding;
import dev.migrate.schema.SchemaFinding.Affected;
import dev.migrate.schema.SchemaFinding.Rows;
import dev.migrate.schema.SchemaFinding.Severity;
import dev.migrate.schema.SchemaFinding.Subject;
import org.jspecify.annotations.Nullable;

/**
 * A finding as the schemas show it, and what the rows of the giving side could be asked about it.
 *
 * @param finding as it stands without any row
 * @param question what a row is asked; null for nothing
 */
record Draft(SchemaFinding finding, @Nullable Question question) {
    /**
     * A query for the key of one row that is affected.
     *
     * @param giver the side whose database is asked
     * @param sql selects the columns of a key, of one row at most
     * @param isRefused whether a copy of such a row fails or is changed, so that a RISKY finding becomes BREAKING by it
     * @param tellsAll whether no row means that none is affected
     */
    record Question(Side giver, String sql, boolean isRefused, boolean tellsAll) {}

    /** A statement and the one that takes it back. */
    record Mend(String statement, String undo) {}

    static Draft of(
            Severity severity,
            Direction direction,
            String table,
            @Nullable String name,
            Subject subject,
            String what,
            @Nullable String given,
            @Nullable String held) {
        boolean isToTarget = direction.side() == Side.TARGET;
        return new Draft(
                new SchemaFinding(
                        severity,
                        severity == Severity.FINE ? null : direction.blocks(),
                        direction.side(),
                        table,
                        name,
                        subject,
                        what,
                        isToTarget ? given : held,
                        isToTarget ? held : given,
                        null,
                        null,
                        Rows.NOT_TOLD),
                null);
    }

    /** Whether a side's rows could be asked about it. */
    boolean asks(Side giver) {
        return question != null && question.giver() == giver;
    }

    Draft mendedBy(@Nullable Mend mend) {
        return mend == null
                ? this
                : new Draft(
                        with(finding.severity(), finding.blocks(), mend.statement(), mend.undo(), finding.rows()),
                        question);
    }

    Draft asking(@Nullable Question asked) {
        return new Draft(finding, asked);
    }

    /** In the way of a later stage than usual. */
    Draft blocking(Stage stage) {
        return new Draft(with(finding.severity(), stage, finding.mend(), finding.undo(), finding.rows()), question);
    }

    /** What it is once rows have been asked. */
    SchemaFinding answered(Rows rows) {
        boolean isWorse = finding.severity() == Severity.RISKY
                && rows.affected() == Affected.SOME
                && question != null
                && question.isRefused();
        return with(
                isWorse ? Severity.BREAKING : finding.severity(),
                finding.blocks(),
                finding.mend(),
                finding.undo(),
                rows);
    }

    private SchemaFinding with(
            Severity severity, @Nullable Stage blocks, @Nullable String mend, @Nullable String undo, Rows rows) {
        return new SchemaFinding(
                severity,
                blocks,
                finding.side(),
                finding.table(),
                finding.name(),
                finding.subject(),
                finding.what(),
                finding.legacy(),
                finding.target(),
                mend,
                undo,
                rows);
    }
}
