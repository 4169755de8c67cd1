package dev.migrate.spring;

import dev.migrate.MigrationException;
import org.jspecify.annotations.Nullable;

/** The application's beans and properties do not say enough, or contradict each other. */
final class WiringException extends MigrationException {
    private static final long serialVersionUID = 1L;
    private final String problem;
    private final String remedy;

    WiringException(String problem, String remedy) {
        this(problem, remedy, null);
    }

    WiringException(String problem, String remedy, @Nullable Throwable cause) {
        super(problem + "; " + remedy, cause);
        this.problem = problem;
        this.remedy = remedy;
    }

    String problem() {
        return problem;
    }

    String remedy() {
        return remedy;
    }
}
