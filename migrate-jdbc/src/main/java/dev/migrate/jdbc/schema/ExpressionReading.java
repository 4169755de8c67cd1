package dev.migrate.jdbc.schema;

import dev.migrate.jdbc.schema.Expression.Absent;
import dev.migrate.jdbc.schema.Expression.Call;
import dev.migrate.jdbc.schema.Expression.Figure;
import dev.migrate.jdbc.schema.Expression.Junction;
import dev.migrate.jdbc.schema.Expression.Name;
import dev.migrate.jdbc.schema.Expression.Not;
import dev.migrate.jdbc.schema.Expression.OneOf;
import dev.migrate.jdbc.schema.Expression.Operation;
import dev.migrate.jdbc.schema.Expression.Word;
import dev.migrate.jdbc.schema.Expression.Words;
import dev.migrate.jdbc.schema.SqlTokens.Kind;
import dev.migrate.jdbc.schema.SqlTokens.Token;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads conditions and defaults as products print them, by precedence climbing. Casts are left out: they say how a product stores a
 * comparison, not what is compared.
 */
final class ExpressionReading {
    private static final Set<String> MOMENTS =
            Set.of("current_timestamp", "localtimestamp", "current_date", "current_time", "localtime", "curdate");
    private static final Map<String, String> SAME_OPERATOR = Map.of("!=", "<>", "==", "=");
    private static final Map<String, String> TURNED =
            Map.of("=", "=", "<>", "<>", "<", ">", ">", "<", "<=", ">=", ">=", "<=");
    private static final Map<String, String> NEGATED =
            Map.of("=", "<>", "<>", "=", "<", ">=", ">=", "<", ">", "<=", "<=", ">");
    private static final Map<String, String> SAME_FUNCTION = Map.of(
            "character_length",
            "char_length",
            "lcase",
            "lower",
            "ucase",
            "upper",
            "now",
            "current_timestamp",
            "gen_random_uuid",
            "uuid",
            "random_uuid",
            "uuid",
            "uuid_generate_v4",
            "uuid");
    private static final Map<String, String> SAME_MOMENT =
            Map.of("now", "current_timestamp", "localtimestamp", "current_timestamp", "curdate", "current_date");
    private static final Set<String> NUMBERS = Set.of("smallint", "integer", "bigint", "numeric", "real", "double");
    private static final Set<String> COMPARISONS = Set.of("=", "<>", "<", "<=", ">", ">=", "~", "~*", "!~", "!~*");

    /** What is not understood; caught in {@link #read} alone. */
    private static final class UnknownWordsException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;
    }

    private final Product product;
    private final List<Token> tokens;
    private int at;

    private ExpressionReading(Product product, List<Token> tokens) {
        this.product = product;
        this.tokens = tokens;
    }

    /** What an expression means; empty where it has words that are not known here. */
    static Optional<Expression> read(Product product, String sql) {
        try {
            ExpressionReading reading = new ExpressionReading(product, SqlTokens.of(product, sql));
            Expression read = reading.disjunction();
            return reading.at == reading.tokens.size() ? Optional.of(read) : Optional.empty();
        } catch (UnknownWordsException | NumberFormatException unknown) {
            return Optional.empty();
        }
    }

    private Expression disjunction() {
        List<Expression> parts = new ArrayList<>(List.of(conjunction()));
        while (skips("or")) {
            parts.add(conjunction());
        }
        return parts.size() == 1 ? parts.get(0) : Junction.of("or", parts);
    }

    private Expression conjunction() {
        List<Expression> parts = new ArrayList<>(List.of(negation()));
        while (skips("and")) {
            parts.add(negation());
        }
        return parts.size() == 1 ? parts.get(0) : Junction.of("and", parts);
    }

    private Expression negation() {
        return skips("not") ? negated(negation()) : comparison();
    }

    private static Expression negated(Expression of) {
        return of instanceof Operation operation && NEGATED.containsKey(operation.operator())
                ? new Operation(NEGATED.getOrDefault(operation.operator(), ""), operation.left(), operation.right())
                : of instanceof Not not ? not.of() : new Not(of);
    }

    private Expression comparison() {
        Expression left = sum();
        while (true) {
            boolean isNegated = is("not") && (isNext("in") || isNext("like") || isNext("between"));
            if (isNegated) {
                at++;
            }
            Expression found = predicate(left);
            if (found == null) {
                return left;
            }
            left = isNegated ? negated(found) : found;
        }
    }

    private @Nullable Expression predicate(Expression left) {
        if (skips("is")) {
            boolean isNegated = skips("not");
            require("null");
            return isNegated ? negated(new Absent(left)) : new Absent(left);
        }
        if (skips("in")) {
            require("(");
            return OneOf.of(left, list(")"));
        }
        if (skips("between")) {
            Expression low = sum();
            require("and");
            return Junction.of("and", List.of(compared(">=", left, low), compared("<=", left, sum())));
        }
        if (skips("like") || skips("~~")) {
            return new Operation("like", left, sum());
        }
        if (skips("!~~")) {
            return negated(new Operation("like", left, sum()));
        }
        String operator = SAME_OPERATOR.getOrDefault(word(), word());
        if (!COMPARISONS.contains(operator)) {
            return null;
        }
        at++;
        if (is("any") || is("all") || is("some")) {
            return ofArray(operator, left);
        }
        return compared(operator, left, sum());
    }

    /** PostgreSQL's way to write IN and NOT IN. */
    private Expression ofArray(String operator, Expression left) {
        boolean isAny = !is("all");
        at++;
        require("(");
        int open = 0;
        while (skips("(")) {
            open++;
        }
        require("array");
        require("[");
        List<Expression> values = list("]");
        casts();
        while (open-- > 0) {
            require(")");
            casts();
        }
        require(")");
        if (isAny && operator.equals("=")) {
            return OneOf.of(left, values);
        }
        if (!isAny && operator.equals("<>")) {
            return negated(OneOf.of(left, values));
        }
        throw new UnknownWordsException();
    }

    /** With what is not constant first. */
    private static Expression compared(String operator, Expression left, Expression right) {
        boolean isTurned = left.columns().findAny().isEmpty()
                && right.columns().findAny().isPresent()
                && TURNED.containsKey(operator);
        return isTurned
                ? new Operation(TURNED.getOrDefault(operator, operator), right, left)
                : new Operation(operator, left, right);
    }

    private List<Expression> list(String end) {
        List<Expression> all = new ArrayList<>();
        while (!skips(end)) {
            if (!all.isEmpty()) {
                require(",");
            }
            all.add(disjunction());
        }
        return all;
    }

    private Expression sum() {
        Expression left = product();
        while (is("+") || is("-") || is("||")) {
            String operator = take().text();
            left = new Operation(operator, left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = cast();
        while (is("*") || is("/") || is("%")) {
            String operator = take().text();
            left = new Operation(operator, left, cast());
        }
        return left;
    }

    private Expression cast() {
        Expression value = operand();
        while (skips("::")) {
            String type = type();
            if (value instanceof Words words && NUMBERS.contains(type)) {
                value = figure(new BigDecimal(words.text()));
            }
        }
        return value;
    }

    private void casts() {
        while (skips("::")) {
            type();
        }
    }

    /** Passes over the name of a type, and gives the first word of it. */
    private String type() {
        Token first = take();
        if (first.kind() != Kind.WORD && first.kind() != Kind.QUOTED) {
            throw new UnknownWordsException();
        }
        while (is("varying")
                || is("precision")
                || is("with")
                || is("without")
                || is("time")
                || is("zone")
                || is("large")
                || is("object")) {
            at++;
        }
        if (skips("(")) {
            list(")");
        }
        while (is("with") || is("without") || is("time") || is("zone")) {
            at++;
        }
        while (skips("[")) {
            require("]");
        }
        return Model.fold(first.text());
    }

    private Expression operand() {
        Token token = take();
        return switch (token.kind()) {
            case TEXT -> new Words(token.text());
            case NUMBER -> figure(new BigDecimal(token.text()));
            case QUOTED -> new Name(Model.fold(token.text()));
            case SIGN -> sign(token.text());
            case WORD -> word(token.text());
        };
    }

    static Figure figure(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return new Figure(
                value.signum() == 0 ? BigDecimal.ZERO : stripped.scale() < 0 ? stripped.setScale(0) : stripped);
    }

    private Expression sign(String sign) {
        if (sign.equals("(")) {
            Expression inner = disjunction();
            require(")");
            return inner;
        }
        if (sign.equals("-") && cast() instanceof Figure figure) {
            return figure(figure.value().negate());
        }
        throw new UnknownWordsException();
    }

    private Expression word(String written) {
        String word = Model.fold(written);
        boolean isTyped = Set.of("date", "timestamp", "time", "json", "uuid").contains(word);
        if ((word.startsWith("_") || isTyped)
                && at < tokens.size()
                && tokens.get(at).kind() == Kind.TEXT) {
            return new Words(take().text());
        }
        if (word.equals("cast") && skips("(")) {
            Expression value = disjunction();
            require("as");
            type();
            require(")");
            return value;
        }
        if (Set.of("null", "true", "false").contains(word)) {
            return new Word(word);
        }
        if (MOMENTS.contains(word) || (word.equals("now") && is("("))) {
            if (skips("(")) {
                list(")");
            }
            return new Word(SAME_MOMENT.getOrDefault(word, word));
        }
        if (skips("(")) {
            return new Call(function(word), list(")"));
        }
        if (Set.of("case", "select", "exists", "array", "interval", "extract").contains(word)) {
            throw new UnknownWordsException();
        }
        return new Name(word);
    }

    /** LENGTH counts bytes in MariaDB, and characters elsewhere. */
    private String function(String word) {
        return word.equals("length")
                ? product.isLikeMariaDb() ? "octet_length" : "char_length"
                : SAME_FUNCTION.getOrDefault(word, word);
    }

    private String word() {
        return at < tokens.size() && tokens.get(at).isPlain()
                ? Model.fold(tokens.get(at).text())
                : "";
    }

    private boolean is(String word) {
        return word().equals(word);
    }

    private boolean isNext(String word) {
        at++;
        boolean isNext = is(word);
        at--;
        return isNext;
    }

    private boolean skips(String word) {
        boolean isHere = is(word);
        if (isHere) {
            at++;
        }
        return isHere;
    }

    private void require(String word) {
        if (!skips(word)) {
            throw new UnknownWordsException();
        }
    }

    private Token take() {
        if (at == tokens.size()) {
            throw new UnknownWordsException();
        }
        return tokens.get(at++);
    }
}
