package dev.migrate.table;

import dev.migrate.MigrationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of a legacy table and of a target table correspond, in both directions, declared once for backfill,
 * reconciliation and repair.
 *
 * <p>Columns of equal names, in any case, correspond unless something else is said of one of them. A column that only one side has
 * keeps its value there. Immutable: every method returns a mapping that knows one thing more.
 *
 * <pre>{@code
 * Mapping users = Mapping.byName()
 *     .rename("mail", "email")
 *     .derive("full_name").from("first_name", "last_name")
 *         .there(user -> user.text("first_name") + " " + user.text("last_name"))
 *         .back(name -> Map.of("first_name", firstOf(name), "last_name", lastOf(name)));
 * }</pre>
 */
public final class Mapping {
    /** From the values of legacy columns to that of a target column. */
    @FunctionalInterface
    public interface There {
        /** The value of the target column; null for NULL. The same fields always give the same value. */
        @Nullable Object apply(Fields legacy);
    }

    record Rename(String legacy, String target) {}

    record Derived(
            String target,
            List<String> legacy,
            There there,
            @Nullable Function<@Nullable Object, Map<String, ?>> back) {}

    private static final Mapping BY_NAME = new Mapping(List.of(), List.of(), List.of());
    private final List<Rename> renames;
    private final List<Derived> derived;
    private final List<String> leftOut;

    private Mapping(List<Rename> renames, List<Derived> derived, List<String> leftOut) {
        this.renames = renames;
        this.derived = derived;
        this.leftOut = leftOut;
    }

    /** Columns of equal names correspond. */
    public static Mapping byName() {
        return BY_NAME;
    }

    /** A legacy column and a target column correspond, whose names differ. */
    public Mapping rename(String legacyColumn, String targetColumn) {
        return new Mapping(plus(renames, new Rename(legacyColumn, targetColumn)), derived, leftOut);
    }

    /** A column that is neither copied nor compared, though both sides have one of that name. */
    public Mapping leaveOut(String column) {
        return new Mapping(renames, derived, plus(leftOut, column));
    }

    /** Begins to say how a target column is made from legacy columns. */
    public Derivation derive(String targetColumn) {
        return new Derivation(targetColumn, List.of());
    }

    /**
     * Checks the mapping against two tables.
     *
     * @throws MigrationException where a column is missing or is mapped twice, or where the keys do not correspond
     */
    public BoundMapping bind(Shape legacy, Shape target) {
        return BoundMapping.of(this, legacy, target);
    }

    /**
     * What the mapping says of the columns of two tables, by their names, without refusing anything.
     *
     * @param legacyColumns the names of all columns of the legacy table, in any case
     * @param targetColumns the same of the target's
     */
    public Correspondence correspondence(Collection<String> legacyColumns, Collection<String> targetColumns) {
        return Correspondence.of(this, legacyColumns, targetColumns);
    }

    List<Rename> renames() {
        return renames;
    }

    List<Derived> derived() {
        return derived;
    }

    List<String> leftOut() {
        return leftOut;
    }

    private static <T> List<T> plus(List<T> list, T more) {
        List<T> longer = new ArrayList<>(list);
        longer.add(more);
        return List.copyOf(longer);
    }

    /** A target column of which it is not yet said from what it is made. */
    public final class Derivation {
        private final String target;
        private final List<String> legacy;

        private Derivation(String target, List<String> legacy) {
            this.target = target;
            this.legacy = legacy;
        }

        /** The legacy columns that it is made from; at least one. They no longer correspond to columns of their own names. */
        public Derivation from(String... legacyColumns) {
            return new Derivation(target, List.of(legacyColumns));
        }

        /** How it is made. */
        public Way there(There there) {
            if (legacy.isEmpty()) {
                throw new MigrationException("derive(\"" + target + "\") must say what the column is made from: call"
                        + " from(..) with at least one legacy column before there(..)");
            }
            return new Way(this, there);
        }
    }

    /** A derived column of which it is not yet said whether there is a way back. */
    public final class Way {
        private final Derivation derivation;
        private final There there;

        private Way(Derivation derivation, There there) {
            this.derivation = derivation;
            this.there = there;
        }

        /**
         * How legacy columns are made from the target column, for the copies that flow back once the target is authoritative.
         *
         * @param back from the value, which may be null, to the values of all columns named in {@code from}
         */
        public Mapping back(Function<@Nullable Object, Map<String, ?>> back) {
            return with(back);
        }

        /** There is no way back: the legacy columns keep their values in copies that flow back, and are not compared then. */
        public Mapping oneWay() {
            return with(null);
        }

        private Mapping with(@Nullable Function<@Nullable Object, Map<String, ?>> back) {
            Derived column = new Derived(derivation.target, derivation.legacy, there, back);
            return new Mapping(renames, plus(derived, column), leftOut);
        }
    }
}
