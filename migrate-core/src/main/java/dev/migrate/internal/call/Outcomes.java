package dev.migrate.internal.call;

import dev.migrate.MigrationException;
import dev.migrate.Outcome;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells outcomes by the class of what was thrown: the nearest declared superclass decides.
 *
 * <p>Causes are not looked at: that the last of several attempts could not connect says nothing about the first.
 */
public final class Outcomes {
    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);
    private static final Set<Class<?>> TOO_BROAD =
            Set.of(Throwable.class, Exception.class, RuntimeException.class, Error.class, IOException.class);
    private final Map<Class<?>, Outcome> declared = new HashMap<>();
    private @Nullable Function<? super Throwable, ? extends @Nullable Outcome> classifier;

    /** Outcomes of which nothing is declared: everything is unknown. */
    public Outcomes() {}

    /** The same, which later declarations do not change. */
    public Outcomes copy() {
        Outcomes same = new Outcomes();
        same.declared.putAll(declared);
        same.classifier = classifier;
        return same;
    }

    /**
     * Declares what exceptions of a class, subclasses included, say.
     *
     * @param option by which it is declared, for a message
     */
    public void declare(String option, Outcome outcome, Class<?> thrown) {
        if (outcome != Outcome.BUSINESS && TOO_BROAD.contains(thrown)) {
            throw new MigrationException(option + " must name an exception that proves that nothing was done, but was "
                    + thrown.getName()
                    + ", which time-outs extend too; name the narrow one, such as ConnectException, and"
                    + " leave out those after which something may have been done");
        }
        Outcome before = declared.putIfAbsent(thrown, outcome);
        if (before != null && before != outcome) {
            throw new MigrationException(option + " must not name " + thrown.getName() + ", which is declared " + before
                    + " already; an exception has one outcome");
        }
    }

    /** Asked before the declared classes; null from it leaves it to these. */
    public void classifiedBy(Function<? super Throwable, ? extends @Nullable Outcome> classifier) {
        this.classifier = classifier;
    }

    /** What a failure says. */
    public Outcome of(Throwable failure) {
        Outcome told = classifier == null ? null : ask(classifier, failure);
        return told == null ? byClass(failure) : told;
    }

    private static @Nullable Outcome ask(
            Function<? super Throwable, ? extends @Nullable Outcome> classifier, Throwable failure) {
        try {
            return classifier.apply(failure);
        } catch (RuntimeException | Error broken) {
            LOG.warn("classifiedBy(..) failed on {}; taken as UNKNOWN", failure.getClass(), broken);
            return Outcome.UNKNOWN;
        }
    }

    private Outcome byClass(Throwable failure) {
        for (Class<?> type = failure.getClass(); type != Object.class; type = type.getSuperclass()) {
            Outcome outcome = declared.get(type);
            if (outcome != null) {
                return outcome;
            }
        }
        return Outcome.UNKNOWN;
    }
}
