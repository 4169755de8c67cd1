package dev.migrate.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows a {@link WiringException} as a start-up failure with a description and an action. */
final class WiringFailureAnalyzer extends AbstractFailureAnalyzer<WiringException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, WiringException cause) {
        return new FailureAnalysis(sentence(cause.problem()), sentence(cause.remedy()), cause);
    }

    private static String sentence(String clause) {
        return Character.toUpperCase(clause.charAt(0)) + clause.substring(1) + ".";
    }
}
