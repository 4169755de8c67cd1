package dev.migrate.jdbc.schema;

import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.jdbc.schema.Model.Field;
import dev.migrate.jdbc.schema.Model.Relation;
import dev.migrate.table.Correspondence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The copies of one table's rows in one direction: from the giver to the taker.
 *
 * @param side the taker's side
 * @param giver the table that rows come from
 * @param taker the table that they are copied to
 * @param giving the product of the giver's database
 * @param taking the product of the taker's
 * @param columns how columns correspond
 * @param giverOf the giver's table, by the folded name of the taker's; null for one that has none
 */
record Direction(
        Side side,
        Relation giver,
        Relation taker,
        Product giving,
        Product taking,
        Correspondence columns,
        Function<String, @Nullable Relation> giverOf) {
    /** The stage on which such copies begin. */
    Stage blocks() {
        return blocks(side);
    }

    static Stage blocks(Side side) {
        return side == Side.TARGET ? Stage.DUAL_WRITE : Stage.LIVE;
    }

    /** For messages: the side that is copied to. */
    String here() {
        return side == Side.TARGET ? "the target" : "legacy";
    }

    /** For messages: the side that rows come from. */
    String there() {
        return side == Side.TARGET ? "legacy" : "the target";
    }

    /** The column that a column of the taker is copied from as it is; empty where there is none, or it is computed. */
    Optional<Field> from(String takerColumn) {
        return counterpart(takerColumn).filter(Field::isWritable);
    }

    /** The same, computed or not. */
    Optional<Field> counterpart(String takerColumn) {
        String name = side == Side.TARGET ? columns.legacyOf(takerColumn) : columns.targetOf(takerColumn);
        return name == null ? Optional.empty() : giver.field(name);
    }

    /** The column of the taker that a column of the giver is copied to as it is. */
    Optional<Field> to(String giverColumn) {
        String name = side == Side.TARGET ? columns.targetOf(giverColumn) : columns.legacyOf(giverColumn);
        return name == null ? Optional.empty() : taker.field(name).filter(Field::isWritable);
    }

    /** Whether the mapping makes a column of the taker. */
    boolean isMade(Field takerField) {
        String name = Model.fold(takerField.name());
        return side == Side.TARGET
                ? columns.derived().containsKey(name)
                : columns.madeBack().contains(name);
    }

    /** Whether a column of the giver reaches the taker, or was declared not to. */
    boolean isUsed(Field giverField) {
        String name = Model.fold(giverField.name());
        boolean isMade =
                side == Side.TARGET ? columns.isRead(name) : columns.derived().containsKey(name);
        boolean isPaired = side == Side.TARGET ? columns.targetOf(name) != null : columns.legacyOf(name) != null;
        return isMade || isPaired;
    }

    boolean isLeftOut(Field field) {
        return columns.leftOut().contains(Model.fold(field.name()));
    }

    /** The folded names of the columns that some of the taker's are copied from; empty where one is not. */
    Optional<List<String>> from(List<String> takerColumns) {
        return all(takerColumns, this::from);
    }

    /** The folded names of the columns that some of the giver's are copied to; empty where one is not. */
    Optional<List<String>> to(List<String> giverColumns) {
        return all(giverColumns, this::to);
    }

    private static Optional<List<String>> all(List<String> names, Function<String, Optional<Field>> other) {
        List<String> found = new ArrayList<>();
        for (String name : names) {
            other.apply(name).ifPresent(field -> found.add(Model.fold(field.name())));
        }
        return found.size() == names.size() ? Optional.of(found) : Optional.empty();
    }

    /** How the giver spells a folded name. */
    String spelledByGiver(String folded) {
        return giver.field(folded).map(Field::name).orElse(folded);
    }

    /** How the taker spells a name that it does not have yet: as it spells its table. */
    String spelledByTaker(String name) {
        return spelled(name, taker.name());
    }

    static String spelled(String name, String like) {
        boolean isUpper = like.equals(like.toUpperCase(java.util.Locale.ROOT)) && !like.equals(Model.fold(like));
        return isUpper ? name.toUpperCase(java.util.Locale.ROOT) : Model.fold(name);
    }

    /** Whether the giver's rows are unique by some of its columns, whatever is added to them. */
    boolean isUniqueThere(Set<String> foldedGiverColumns) {
        return giver.uniques().stream()
                .anyMatch(
                        unique -> !unique.isPartial() && foldedGiverColumns.containsAll(Model.fold(unique.columns())));
    }

    /** What is asked of the giver's rows: whether there is one for which a condition holds. */
    Draft.Question where(String condition, boolean isRefused) {
        return new Draft.Question(
                side.other(),
                "select " + keyOf("") + " from " + giver.qualified()
                        + (condition.isEmpty() ? "" : " where " + condition) + " fetch first 1 rows only",
                isRefused,
                true);
    }

    /** The columns of the giver's key, or NULL where it has none. */
    String keyOf(String alias) {
        List<String> key = giver.keyColumns();
        return key.isEmpty()
                ? "null"
                : String.join(
                        ", ",
                        key.stream().map(name -> alias + giving.quoted(name)).toList());
    }
}
