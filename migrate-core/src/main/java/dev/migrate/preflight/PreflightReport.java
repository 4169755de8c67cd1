package dev.migrate.preflight;

import java.time.Duration;
import java.util.List;

/**
 * What a preflight found. Immutable; as text it has canonical keys, and no other value of a row.
 *
 * @param migration the migration's name
 * @param legacy legacy's table
 * @param target the target's table
 * @param rows how many rows of legacy were looked at
 * @param findings what would be refused or changed, by rule and column
 * @param unseen what could not be looked at, for people; it does not make the report unclean
 * @param took how long it took
 */
public record PreflightReport(
        String migration,
        String legacy,
        String target,
        long rows,
        List<PreflightFinding> findings,
        List<String> unseen,
        Duration took) {
    /** Copies the lists. */
    public PreflightReport {
        findings = List.copyOf(findings);
        unseen = List.copyOf(unseen);
    }

    /** Whether nothing was found. What {@link #unseen} names was not looked at. */
    public boolean isClean() {
        return findings.isEmpty();
    }

    /** Lines: a summary, then for each finding what is wrong, which rows have it and what to do; without a line's end. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("preflight of migration '" + migration + "', from '" + legacy + "' to '"
                + target + "': " + rows + " rows, "
                + (isClean() ? "nothing found" : findings.size() + (findings.size() == 1 ? " finding" : " findings")));
        for (PreflightFinding finding : findings) {
            text.append("\n  ")
                    .append(finding.rule())
                    .append(finding.columns().isEmpty() ? "" : " of " + String.join(", ", finding.columns()))
                    .append(": ")
                    .append(finding.what())
                    .append("\n    ")
                    .append(finding.affected())
                    .append("\n    ")
                    .append(finding.remedy());
        }
        for (String what : unseen) {
            text.append("\n  not looked at: ").append(what);
        }
        return text.toString();
    }
}
