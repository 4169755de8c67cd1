package dev.migrate.examples.users.check;

import dev.migrate.examples.users.check.Finding.Kind;
import java.time.Duration;
import java.util.List;

/**
 * What the check has found.
 *
 * @param users how many accounts were looked at, those that must not be there included
 * @param acknowledged how many writes were acknowledged
 * @param unknown how many writes ended without the caller knowing how
 */
public record CheckReport(long users, long acknowledged, long unknown, List<Finding> findings, Duration took) {

    public CheckReport {
        findings = List.copyOf(findings);
    }

    /** How many facets do not hold what was acknowledged. */
    public long lost() {
        return findings.size() - diverged();
    }

    /** How many facets differ between the two databases. */
    public long diverged() {
        return findings.stream()
                .filter(finding -> finding.kind() == Kind.DIVERGED)
                .count();
    }

    public boolean clean() {
        return findings.isEmpty();
    }
}
