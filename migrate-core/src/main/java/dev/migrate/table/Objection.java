package dev.migrate.table;

import java.util.List;

/**
 * Why a table would refuse a row, or hold something else than what is copied. It says nothing of a single row: equal objections are
 * counted together.
 *
 * @param rule which rule the row breaks
 * @param columns the table's columns that it is about, as the database spells them; none where that cannot be told
 * @param what what is wrong, for people; no value of a row
 */
public record Objection(Rule rule, List<String> columns, String what) {
    /** Copies the columns. */
    public Objection {
        columns = List.copyOf(columns);
    }

    /** What a row can break. */
    public enum Rule {
        /** The mapping makes no row of it. */
        MAPPING("correct the row in legacy, or the mapping"),
        /** A value does not become one of the column's type. */
        TYPE("derive(..) the column in the mapping, or correct the value in legacy"),
        /** NULL where none may be. A copy writes NULL: a default does not help. */
        NOT_NULL("give the row a value in legacy, derive(..) one, or allow NULL in the target"),
        /** A text or bytes that are too long, or are filled up to a fixed length. */
        LENGTH("shorten the value in legacy, derive(..) a shorter one, or widen the column of the target"),
        /** Characters that the column cannot hold. */
        CHARACTERS("replace the characters in legacy, or give the target's column a character set that has them"),
        /** Spaces at the end that are lost. */
        TRAILING_SPACES(
                "take the spaces away in legacy, derive(..) the column, or give the target a VARCHAR that is long enough"),
        /** Digits of a number that are lost. */
        PRECISION("round the value in legacy where that is meant, or give the target's column more digits"),
        /** A number or a time beyond what the column holds. */
        RANGE("correct the value in legacy, or widen the column of the target"),
        /** Digits of a second that are lost. */
        FRACTION("cut the value in legacy where that is meant, or give the target's column more digits of a second"),
        /** A local time that is no moment, is two, or becomes another one. */
        TIME_ZONE(
                "say with derive(..) which moment is meant, or let the sessions of the target have the time zone UTC"),
        /** A value that the database takes for the wish to generate one. */
        GENERATED(
                "give the row another value in legacy, or let the sessions of the target keep it (NO_AUTO_VALUE_ON_ZERO)"),
        /** A condition on rows. */
        CHECK("correct the row in legacy, derive(..) the column, or loosen the check"),
        /** Rows that are one to the target, by its key. */
        KEY("make the keys differ in legacy, or give the target's column a collation that tells them apart"),
        /** Rows that have the same for what must be unique in the target. */
        UNIQUE(
                "make the rows differ in legacy, loosen the constraint, or give its column a collation that tells them apart");

        private final String remedy;

        Rule(String remedy) {
            this.remedy = remedy;
        }

        /** What to do about it, for people. */
        public String remedy() {
            return remedy;
        }
    }
}
