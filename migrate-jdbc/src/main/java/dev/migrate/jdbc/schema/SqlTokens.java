package dev.migrate.jdbc.schema;

import java.util.ArrayList;
import java.util.List;

/** The words and signs of an expression of SQL. */
final class SqlTokens {
    private static final List<String> SIGNS =
            List.of("!~~", "!~*", "::", "~~", "<=", ">=", "<>", "!=", "==", "||", "!~", "~*");

    /** What a token is. */
    enum Kind {
        /** A word without quotes. */
        WORD,
        /** A quoted name. */
        QUOTED,
        /** A text in single quotes. */
        TEXT,
        /** A number. */
        NUMBER,
        /** Anything else. */
        SIGN
    }

    /** One token; quotes are taken off. */
    record Token(Kind kind, String text) {
        boolean isPlain() {
            return kind == Kind.WORD || kind == Kind.SIGN;
        }
    }

    private final Product product;
    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private SqlTokens(Product product, String sql) {
        this.product = product;
        this.sql = sql;
    }

    static List<Token> of(Product product, String sql) {
        SqlTokens read = new SqlTokens(product, sql);
        read.all();
        return read.tokens;
    }

    private void all() {
        while (at < sql.length()) {
            char next = sql.charAt(at);
            if (Character.isWhitespace(next)) {
                at++;
            } else if (next == '\'') {
                tokens.add(new Token(Kind.TEXT, quoted('\'')));
            } else if (next == '"' || next == '`') {
                tokens.add(new Token(Kind.QUOTED, quoted(next)));
            } else if (Character.isDigit(next)) {
                tokens.add(new Token(Kind.NUMBER, number()));
            } else if (Character.isLetter(next) || next == '_') {
                tokens.add(new Token(Kind.WORD, word()));
            } else {
                tokens.add(new Token(Kind.SIGN, sign()));
            }
        }
    }

    private String quoted(char quote) {
        StringBuilder text = new StringBuilder();
        at++;
        while (at < sql.length()) {
            char next = sql.charAt(at++);
            boolean isDoubled = next == quote && at < sql.length() && sql.charAt(at) == quote;
            boolean isEscape = next == '\\' && quote == '\'' && product.isLikeMariaDb() && at < sql.length();
            if (isDoubled || isEscape) {
                text.append(sql.charAt(at++));
            } else if (next == quote) {
                break;
            } else {
                text.append(next);
            }
        }
        return text.toString();
    }

    private String number() {
        int begin = at;
        while (at < sql.length() && (Character.isDigit(sql.charAt(at)) || sql.charAt(at) == '.')) {
            at++;
        }
        if (at + 1 < sql.length()
                && (sql.charAt(at) == 'e' || sql.charAt(at) == 'E')
                && (Character.isDigit(sql.charAt(at + 1)) || "+-".indexOf(sql.charAt(at + 1)) >= 0)) {
            at += 2;
            while (at < sql.length() && Character.isDigit(sql.charAt(at))) {
                at++;
            }
        }
        return sql.substring(begin, at);
    }

    private String word() {
        int begin = at;
        while (at < sql.length()
                && (Character.isLetterOrDigit(sql.charAt(at)) || sql.charAt(at) == '_' || sql.charAt(at) == '$')) {
            at++;
        }
        return sql.substring(begin, at);
    }

    private String sign() {
        for (String sign : SIGNS) {
            if (sql.startsWith(sign, at)) {
                at += sign.length();
                return sign;
            }
        }
        return sql.substring(at, ++at);
    }
}
