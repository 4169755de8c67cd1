package dev.migrate.table;

/**
 * A value for which the Java type of its column's kind has no room, in the notation of the database that it is of: MariaDB's {@code 0000-00-00}.
 *
 * @param text as the database writes it, and would read it
 */
public record OwnForm(String text) {
    @Override
    public String toString() {
        return text;
    }
}
