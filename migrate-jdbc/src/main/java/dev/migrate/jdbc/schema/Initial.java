package dev.migrate.jdbc.schema;

import dev.migrate.jdbc.schema.Domain.Approximate;
import dev.migrate.jdbc.schema.Domain.Decimal;
import dev.migrate.jdbc.schema.Domain.Truth;
import dev.migrate.jdbc.schema.Domain.Whole;
import dev.migrate.jdbc.schema.Expression.Figure;
import dev.migrate.jdbc.schema.Expression.Word;
import dev.migrate.jdbc.schema.Expression.Words;
import dev.migrate.jdbc.schema.Model.Field;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/**
 * What a column holds where nothing is said, so that equal ones mean the same in every product.
 *
 * @param value as it was understood; empty for none, and where it was not
 * @param text as it is written, where it was not understood; else empty
 * @param onUpdate what it is set to at an update; else empty
 */
record Initial(Optional<Expression> value, String text, String onUpdate) {
    private static final String ON_UPDATE = " on update ";

    static Initial of(Product product, Field field) {
        String sql = field.initial();
        if (sql == null) {
            return new Initial(Optional.empty(), "", "");
        }
        int update = sql.toLowerCase(Locale.ROOT).indexOf(ON_UPDATE);
        String first = update < 0 ? sql : sql.substring(0, update);
        Optional<Expression> read = ExpressionReading.read(product, first).map(value -> suited(value, field.domain()));
        Optional<Expression> later = update < 0
                ? Optional.empty()
                : ExpressionReading.read(product, sql.substring(update + ON_UPDATE.length()));
        return new Initial(
                read.filter(value -> !value.equals(new Word("null"))),
                read.isPresent() ? "" : Model.fold(first.strip()),
                later.map(Expression::toString).orElse(""));
    }

    /** A value as one of the column's domain: products write 0, '0' and false for each other. */
    private static Expression suited(Expression value, Domain domain) {
        if (domain instanceof Truth) {
            String word = value instanceof Words words
                    ? words.text()
                    : value instanceof Figure figure ? figure.value().toPlainString() : "";
            return switch (word.toLowerCase(Locale.ROOT)) {
                case "1", "t", "true" -> new Word("true");
                case "0", "f", "false" -> new Word("false");
                default -> value;
            };
        }
        boolean isNumber = domain instanceof Whole || domain instanceof Decimal || domain instanceof Approximate;
        if (isNumber && value instanceof Words words && words.text().matches("-?\\d+(\\.\\d+)?")) {
            return ExpressionReading.figure(new BigDecimal(words.text()));
        }
        return !isNumber && value instanceof Figure figure
                ? new Words(figure.value().toPlainString())
                : value;
    }

    /** It as SQL of a product; empty where there is none, or it is not understood. */
    Optional<String> sql(Product product) {
        return onUpdate.isEmpty() || product.isLikeMariaDb()
                ? value.map(known ->
                        known.sql(product, name -> name) + (onUpdate.isEmpty() ? "" : ON_UPDATE + "current_timestamp"))
                : Optional.empty();
    }

    /** It as SQL where it is the same for every row. */
    Optional<String> constant(Product product) {
        return value.filter(known -> known instanceof Words
                        || known instanceof Figure
                        || known.equals(new Word("true"))
                        || known.equals(new Word("false")))
                .map(known -> known.sql(product, name -> name));
    }
}
