package dev.migrate.jdbc;

import dev.migrate.table.Column.Kind;
import java.util.List;

/** How a database says what an owing trigger computes. Expressions go in, expressions come out. */
interface OwingSql {
    /** Texts one after the other; NULL where one of them is. */
    String joined(List<String> texts);

    /** A text. */
    String literal(String text);

    /** A whole number, exact or refused. */
    String number(String column, boolean isInt);

    /** The digits of a number that {@link #number} gives. */
    String digits(String number);

    /** A UUID as Java prints it, out of a column that holds UUIDs or their text. */
    String uuid(String column, Kind kind);

    /** A column's text, as the library reads it. */
    String text(String column, Kind kind);

    /** The length in UTF-16 of a text that has no character but ASCII's. */
    String lengthOfAscii(String text);

    /** The length of a text in UTF-16. */
    String lengthOf(String text);

    /** The segment of a number. */
    String segmentOfNumber(String number);

    /** The segment of a text. */
    String segmentOfText(String text);
}
