package dev.migrate.jdbc.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A condition or a default, understood as far as products write the same one in different words. Equal expressions mean the same; those that
 * are not may.
 */
sealed interface Expression {
    /** A column, by its folded name. */
    record Name(String column) implements Expression {}

    /** A text. */
    record Words(String text) implements Expression {}

    /** A number, without zeros that say nothing. */
    record Figure(BigDecimal value) implements Expression {}

    /** NULL, TRUE, FALSE or a moment such as CURRENT_TIMESTAMP, in lower case. */
    record Word(String word) implements Expression {}

    /** A function. */
    record Call(String function, List<Expression> arguments) implements Expression {}

    /** An operator between two. */
    record Operation(String operator, Expression left, Expression right) implements Expression {}

    /** {@code and} or {@code or} of several, in an order of their own. */
    record Junction(String operator, List<Expression> parts) implements Expression {
        static Expression of(String operator, List<Expression> parts) {
            List<Expression> flat = parts.stream()
                    .flatMap(part -> part instanceof Junction junction
                                    && junction.operator().equals(operator)
                            ? junction.parts().stream()
                            : Stream.of(part))
                    .distinct()
                    .sorted(Comparator.comparing(Expression::toString))
                    .toList();
            List<Expression> merged = operator.equals("or") ? withoutEqualities(flat) : flat;
            return merged.size() == 1 ? merged.get(0) : new Junction(operator, merged);
        }

        /** With {@code a = 1 or a in (2, 3)} as {@code a in (1, 2, 3)}. */
        private static List<Expression> withoutEqualities(List<Expression> parts) {
            Map<Expression, List<Expression>> values = new LinkedHashMap<>();
            List<Expression> merged = new ArrayList<>();
            for (Expression part : parts) {
                if (part instanceof Operation equal && equal.operator().equals("=")) {
                    values.computeIfAbsent(equal.left(), none -> new ArrayList<>())
                            .add(equal.right());
                } else if (part instanceof OneOf one) {
                    values.computeIfAbsent(one.of(), none -> new ArrayList<>()).addAll(one.values());
                } else {
                    merged.add(part);
                }
            }
            values.forEach((of, all) -> merged.add(OneOf.of(of, all)));
            merged.sort(Comparator.comparing(Expression::toString));
            return merged;
        }
    }

    /** The opposite. */
    record Not(Expression of) implements Expression {}

    /** Whether it is NULL. */
    record Absent(Expression of) implements Expression {}

    /** Whether it is one of some, in an order of their own. */
    record OneOf(Expression of, List<Expression> values) implements Expression {
        static Expression of(Expression of, List<Expression> values) {
            List<Expression> sorted = values.stream()
                    .distinct()
                    .sorted(Comparator.comparing(Expression::toString))
                    .toList();
            return sorted.size() == 1 ? new Operation("=", of, sorted.get(0)) : new OneOf(of, sorted);
        }
    }

    /** The same of columns of other names. */
    default Expression renamed(UnaryOperator<String> columns) {
        if (this instanceof Name name) {
            return new Name(columns.apply(name.column()));
        }
        if (this instanceof Call call) {
            return new Call(call.function(), renamed(call.arguments(), columns));
        }
        if (this instanceof Operation operation) {
            return new Operation(
                    operation.operator(),
                    operation.left().renamed(columns),
                    operation.right().renamed(columns));
        }
        if (this instanceof Junction junction) {
            return Junction.of(junction.operator(), renamed(junction.parts(), columns));
        }
        if (this instanceof Not not) {
            return new Not(not.of().renamed(columns));
        }
        if (this instanceof Absent absent) {
            return new Absent(absent.of().renamed(columns));
        }
        return this instanceof OneOf one ? OneOf.of(one.of().renamed(columns), renamed(one.values(), columns)) : this;
    }

    private static List<Expression> renamed(List<Expression> all, UnaryOperator<String> columns) {
        return all.stream().map(one -> one.renamed(columns)).toList();
    }

    /** The columns that it is about, folded. */
    default Stream<String> columns() {
        if (this instanceof Name name) {
            return Stream.of(name.column());
        }
        if (this instanceof Call call) {
            return call.arguments().stream().flatMap(Expression::columns);
        }
        if (this instanceof Operation operation) {
            return Stream.concat(operation.left().columns(), operation.right().columns());
        }
        if (this instanceof Junction junction) {
            return junction.parts().stream().flatMap(Expression::columns);
        }
        if (this instanceof Not not) {
            return not.of().columns();
        }
        if (this instanceof Absent absent) {
            return absent.of().columns();
        }
        return this instanceof OneOf one
                ? Stream.concat(one.of().columns(), one.values().stream().flatMap(Expression::columns))
                : Stream.empty();
    }

    /**
     * In the SQL of a product.
     *
     * @param spelling how a folded name is spelled
     */
    default String sql(Product product, UnaryOperator<String> spelling) {
        if (this instanceof Name name) {
            return product.quoted(spelling.apply(name.column()));
        }
        if (this instanceof Words words) {
            return product.literal(words.text());
        }
        if (this instanceof Figure figure) {
            return figure.value().toPlainString();
        }
        if (this instanceof Word word) {
            return word.word();
        }
        if (this instanceof Call call) {
            return call.function() + "(" + list(call.arguments(), product, spelling) + ")";
        }
        if (this instanceof Operation operation) {
            return "(" + operation.left().sql(product, spelling) + " " + operation.operator() + " "
                    + operation.right().sql(product, spelling) + ")";
        }
        if (this instanceof Junction junction) {
            return junction.parts().stream()
                    .map(part -> part.sql(product, spelling))
                    .collect(Collectors.joining(" " + junction.operator() + " ", "(", ")"));
        }
        if (this instanceof Not not) {
            return "(not " + not.of().sql(product, spelling) + ")";
        }
        if (this instanceof Absent absent) {
            return "(" + absent.of().sql(product, spelling) + " is null)";
        }
        OneOf one = (OneOf) this;
        return "(" + one.of().sql(product, spelling) + " in (" + list(one.values(), product, spelling) + "))";
    }

    private static String list(List<Expression> all, Product product, UnaryOperator<String> spelling) {
        return all.stream().map(one -> one.sql(product, spelling)).collect(Collectors.joining(", "));
    }
}
