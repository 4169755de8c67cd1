package dev.migrate.jdbc.schema;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A schema as far as copies of its rows meet it, whatever it was read from.
 *
 * @param product whose SQL its statements are in
 * @param origin what it was read from, for people
 * @param tables its tables, by their folded names
 */
record Model(Product product, String origin, Map<String, Relation> tables) {
    /** Names are compared without regard to case. */
    static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    static List<String> fold(List<String> names) {
        return names.stream().map(Model::fold).toList();
    }

    /** How a column gets a value that nobody has given. */
    enum Generation {
        /** By its default. */
        NONE,
        /** By a sequence. */
        BY_DEFAULT,
        /** By a sequence, and a plain INSERT must not give one. */
        ALWAYS,
        /** Computed from others, and never written. */
        COMPUTED
    }

    /**
     * A column.
     *
     * @param name as the database spells it
     * @param domain the values that it can hold
     * @param type its type in SQL, as the database writes it
     * @param isNullable whether it can be NULL
     * @param initial what it holds where nothing is said, as SQL; null for nothing
     * @param generation how it is generated
     * @param ignoresCase whether values that differ in letter case or accents only are equal
     */
    record Field(
            String name,
            Domain domain,
            String type,
            boolean isNullable,
            @Nullable String initial,
            Generation generation,
            boolean ignoresCase) {
        /** Whether a row cannot be inserted without a value for it. */
        boolean isRequired() {
            return !isNullable && initial == null && generation == Generation.NONE;
        }

        boolean isWritable() {
            return generation != Generation.COMPUTED;
        }

        /** MariaDB's collation; null where it has none, and of another product. */
        @Nullable String collation() {
            int at = type.lastIndexOf(Ddl.COLLATE);
            return at < 0 ? null : type.substring(at + Ddl.COLLATE.length());
        }

        /** As in a definition of the table. */
        String declared() {
            return type + (isNullable ? "" : " not null") + (initial == null ? "" : " default " + initial);
        }
    }

    /**
     * Columns that are unique together.
     *
     * @param name the constraint or index; null where none is known
     * @param isKey whether it is the primary key
     * @param isPartial whether for some rows only, or of expressions
     * @param isConstraint whether it is dropped as a constraint, and not as an index
     */
    record Unique(@Nullable String name, List<String> columns, boolean isKey, boolean isPartial, boolean isConstraint) {
        boolean isOver(Set<String> folded) {
            return new HashSet<>(fold(columns)).equals(folded);
        }
    }

    /** A foreign key; its columns and those that it refers to are in the same order. */
    record Reference(
            @Nullable String name, List<String> columns, String table, List<String> referenced, String onDelete) {}

    /**
     * A condition on each row.
     *
     * @param name the constraint; null where it has none, or cannot be dropped by it
     * @param column the column that it is written at in MariaDB, where it goes with that; null where it is the table's
     * @param sql as the database writes it
     * @param understood as it was understood, where it was
     */
    record Check(@Nullable String name, @Nullable String column, String sql, Optional<Expression> understood) {
        static Check read(Product product, @Nullable String name, @Nullable String column, String sql) {
            return new Check(name, column, sql, ExpressionReading.read(product, sql));
        }
    }

    /** An index that need not be unique. */
    record Index(String name, List<String> columns) {}

    /**
     * A table.
     *
     * @param name as the database spells it
     * @param qualified as in a statement: quoted, behind its schema's name where it is not in the usual one
     * @param uniques the primary key first, where there is one
     */
    record Relation(
            String name,
            String qualified,
            List<Field> fields,
            List<Unique> uniques,
            List<Reference> references,
            List<Check> checks,
            List<Index> indexes) {
        Optional<Field> field(String name) {
            String folded = fold(name);
            return fields.stream()
                    .filter(field -> fold(field.name()).equals(folded))
                    .findFirst();
        }

        List<String> names() {
            return fields.stream().map(Field::name).toList();
        }

        Optional<Unique> key() {
            return uniques.stream().filter(Unique::isKey).findFirst();
        }

        /** The columns of the primary key; none where there is no such. */
        List<String> keyColumns() {
            return key().map(Unique::columns).orElse(List.of());
        }
    }
}
