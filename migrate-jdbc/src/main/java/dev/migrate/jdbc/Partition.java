package dev.migrate.jdbc;

import dev.migrate.table.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What of a table's key decides its bucket: all of it, one of its columns, or whatever a function makes of it.
 *
 * @param function null but for a function
 * @param column null but for a column
 */
record Partition(
        @Nullable UnaryOperator<Object> function, @Nullable String column) {
    static final Partition WHOLE_KEY = new Partition(null, null);

    static Partition by(UnaryOperator<Object> function) {
        return new Partition(function, null);
    }

    static Partition by(String column) {
        return new Partition(null, column);
    }

    /** What decides the bucket of a key in the form in which the router knows it. */
    Object of(Object routed, Shape shape) {
        if (function != null) {
            return function.apply(routed);
        }
        return column == null || !(routed instanceof List<?> parts) ? routed : parts.get(placeIn(shape));
    }

    /** The place of the column in the table's key; -1 where the whole key decides. */
    int placeIn(Shape shape) {
        return column == null ? -1 : shape.key().indexOf(shape.column(column));
    }
}
