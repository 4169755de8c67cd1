package dev.migrate.schema;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.Stage;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing in which the schema of a side that is copied to cannot hold, or may not hold, what the other side can.
 *
 * @param severity how bad it is
 * @param blocks the first stage that it stands in the way of: DUAL_WRITE where the target is copied to, LIVE where legacy is; null where it is
 *     {@link Severity#FINE}
 * @param side the side that is copied to, on whose schema {@code mend} and {@code undo} are to be run
 * @param table the table, by the name that the side has for it, or the other side where it has none
 * @param name the column, constraint or index; null where it is the table
 * @param subject what it is about
 * @param what what is wrong, for people; no value of a row
 * @param legacy what legacy has there, as SQL; null where it has nothing
 * @param target what the target has there, as SQL; null where it has nothing
 * @param mend the statement that would mend it, in the dialect of the side's database; null where there is none, or a person has to say it
 * @param undo the statement that would take {@code mend} back; null where {@code mend} is
 * @param rows whether rows of the giving side are affected
 */
public record SchemaFinding(
        Severity severity,
        @Nullable Stage blocks,
        Side side,
        String table,
        @Nullable String name,
        Subject subject,
        String what,
        @Nullable String legacy,
        @Nullable String target,
        @Nullable String mend,
        @Nullable String undo,
        Rows rows) {
    /** The worst first, then by stage, table, subject, name and side. */
    public static final Comparator<SchemaFinding> WORST_FIRST = Comparator.comparing(SchemaFinding::severity)
            .thenComparing(SchemaFinding::blocks, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(SchemaFinding::table)
            .thenComparing(SchemaFinding::subject)
            .thenComparing(SchemaFinding::name, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(SchemaFinding::side)
            .thenComparing(SchemaFinding::what);

    /** Refuses a finding that blocks nothing without being FINE, and the other way round. */
    public SchemaFinding {
        if ((severity == Severity.FINE) != (blocks == null)) {
            throw new MigrationException("blocks must name a stage unless the severity is FINE, but was " + blocks
                    + " for a finding that is " + severity);
        }
        if ((mend == null) != (undo == null)) {
            throw new MigrationException(
                    "mend and undo must both be given or both be null, but of finding '" + what + "' one was null");
        }
    }

    /** How bad a finding is. */
    public enum Severity {
        /** Copies will fail, or hold something else than what was copied. It closes the gate. */
        BREAKING,
        /** Some values or rows may not be held, or are not carried over. */
        RISKY,
        /** A difference that copies do not meet. */
        FINE
    }

    /** What a finding is about. */
    public enum Subject {
        /** A whole table. */
        TABLE,
        /** A column that only one side has. */
        COLUMN,
        /** The values that a column can hold. */
        TYPE,
        /** Whether a column can be NULL. */
        NULLABILITY,
        /** What a column holds where nothing is said. */
        DEFAULT,
        /** What the database generates or computes. */
        GENERATED,
        /** The key by which rows are copied. */
        KEY,
        /** What must be unique. */
        UNIQUE,
        /** A reference to another table. */
        FOREIGN_KEY,
        /** A condition on rows. */
        CHECK,
        /** An index that nothing but speed depends on. */
        INDEX,
        /** The mapping that was declared. */
        MAPPING
    }

    /** Whether any row is affected. */
    public enum Affected {
        /** Nobody has looked, or looking told nothing. */
        NOT_TOLD,
        /** Not one, when it was looked at. */
        NONE,
        /** At least one, when it was looked at. */
        SOME
    }

    /**
     * What the rows of the giving side say.
     *
     * @param affected whether any is affected
     * @param firstKey the key of one that is, as text; null unless keys may be shown
     */
    public record Rows(Affected affected, @Nullable String firstKey) {
        /** Nobody has looked. */
        public static final Rows NOT_TOLD = new Rows(Affected.NOT_TOLD, null);

        /** For people; empty where it is not told. */
        Optional<String> said() {
            return switch (affected) {
                case NOT_TOLD -> Optional.empty();
                case NONE -> Optional.of("none is affected");
                case SOME -> Optional.of("at least one is affected" + (firstKey == null ? "" : ": " + firstKey));
            };
        }
    }

    /** The table, and behind a dot the name where there is one. */
    public String place() {
        return name == null ? table : table + "." + name;
    }

    /** Whether it is BREAKING, and in the way of a stage or of one before it. */
    public boolean closes(Stage stage) {
        return severity == Severity.BREAKING && blocks != null && blocks.compareTo(stage) <= 0;
    }
}
