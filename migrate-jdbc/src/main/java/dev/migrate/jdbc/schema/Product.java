package dev.migrate.jdbc.schema;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** A product, as far as words of its SQL go. */
enum Product {
    POSTGRESQL("postgresql", "\""),
    MARIADB("mariadb", "`"),
    MYSQL("mysql", "`"),
    H2("h2", "\""),
    /** Standard SQL: any other product, and documents. */
    STANDARD("standard", "\"");

    private final String word;
    private final String quote;

    Product(String word, String quote) {
        this.word = word;
        this.quote = quote;
    }

    static Product of(DatabaseMetaData database) throws SQLException {
        String name = database.getDatabaseProductName().toLowerCase(Locale.ROOT);
        return name.startsWith("postgres")
                ? POSTGRESQL
                : switch (name) {
                    case "mariadb" -> MARIADB;
                    case "mysql" -> MYSQL;
                    case "h2" -> H2;
                    default -> STANDARD;
                };
    }

    /** Whether it has MariaDB's words: where they differ, it is asked for by name. */
    boolean isLikeMariaDb() {
        return this == MARIADB || this == MYSQL;
    }

    String word() {
        return word;
    }

    String quoted(String name) {
        return quote + name.replace(quote, quote + quote) + quote;
    }

    String quoted(Collection<String> names) {
        return names.stream().map(this::quoted).collect(Collectors.joining(", "));
    }

    /** A text as a literal. */
    String literal(String text) {
        String doubled = text.replace("'", "''");
        return "'" + (isLikeMariaDb() ? doubled.replace("\\", "\\\\") : doubled) + "'";
    }

    /** A moment in UTC as a literal. */
    String moment(String text) {
        return isLikeMariaDb() ? "'" + text + "'" : "timestamp '" + text + "'";
    }

    /** How many bytes a value has. */
    String bytes(String column) {
        return "octet_length(" + column + ")";
    }

    /** Whether a text ends in a space. */
    String endsInSpace(String column) {
        return column + " like '% '";
    }
}
