package dev.migrate.jdbc.rules;

import dev.migrate.MigrationException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A pair of queries whose results must be the same on both sides, key by key: daily totals, balances, numbers of open orders.
 *
 * <p>Both give the same columns, in any order and case; those of the key are unique together. Numbers are equal by value, or where they are
 * no further apart than a tolerance; dates and times by what they say; all else by its text. What the two databases give as different types
 * is to be cast in the queries. NULL equals NULL alone. The queries are run as they are; whoever writes them is trusted.
 *
 * <pre>{@code
 * BusinessRule totals = BusinessRule.named("daily totals")
 *         .legacy("select day, sum(cents) / 100.0 as total from orders group by day")
 *         .target("select day, sum(amount) as total from orders group by day")
 *         .key("day")
 *         .tolerance(new BigDecimal("0.005"));
 * }</pre>
 *
 * <p>Immutable and thread-safe: every option gives another rule.
 */
public final class BusinessRule {
    private final String name;
    private final String legacy;
    private final String target;
    private final List<String> key;
    private final BigDecimal tolerance;
    private final Map<String, BigDecimal> tolerances;

    private BusinessRule(
            String name,
            String legacy,
            String target,
            List<String> key,
            BigDecimal tolerance,
            Map<String, BigDecimal> tolerances) {
        this.name = name;
        this.legacy = legacy;
        this.target = target;
        this.key = key;
        this.tolerance = tolerance;
        this.tolerances = tolerances;
    }

    /**
     * Begins to describe a rule.
     *
     * @param name for people; 1 to 100 characters, not blank
     */
    public static BusinessRule named(String name) {
        if (name.isBlank() || name.length() > 100) {
            throw new MigrationException(
                    "the name of a business rule must have 1 to 100 characters, but was '" + name + "'");
        }
        return new BusinessRule(name, "", "", List.of(), BigDecimal.ZERO, Map.of());
    }

    /** Legacy's query; required. */
    public BusinessRule legacy(String sql) {
        return new BusinessRule(name, sql, target, key, tolerance, tolerances);
    }

    /** The target's query; required. */
    public BusinessRule target(String sql) {
        return new BusinessRule(name, legacy, sql, key, tolerance, tolerances);
    }

    /** The columns that name a row of the results. Default: none, for queries that give one row. */
    public BusinessRule key(String... columns) {
        return new BusinessRule(
                name,
                legacy,
                target,
                List.of(columns).stream().map(BusinessRule::fold).distinct().toList(),
                tolerance,
                tolerances);
    }

    /** How far numbers of any column may be apart; 0 or more. Default: 0. */
    public BusinessRule tolerance(BigDecimal apart) {
        return new BusinessRule(name, legacy, target, key, checked(apart), tolerances);
    }

    /** How far the numbers of one column may be apart; 0 or more. */
    public BusinessRule tolerance(String column, BigDecimal apart) {
        Map<String, BigDecimal> more = new LinkedHashMap<>(tolerances);
        more.put(fold(column), checked(apart));
        return new BusinessRule(name, legacy, target, key, tolerance, Map.copyOf(more));
    }

    private BigDecimal checked(BigDecimal apart) {
        if (apart.signum() < 0) {
            throw new MigrationException(
                    "tolerance of business rule '" + name + "' must be 0 or more, but was " + apart.toPlainString());
        }
        return apart;
    }

    static String fold(String column) {
        return column.toLowerCase(Locale.ROOT);
    }

    /** Its name. */
    public String name() {
        return name;
    }

    String legacy() {
        return legacy;
    }

    String target() {
        return target;
    }

    List<String> key() {
        return key;
    }

    BigDecimal toleranceOf(String column) {
        return tolerances.getOrDefault(column, tolerance);
    }

    /** Refuses a rule that lacks something. */
    BusinessRule complete() {
        if (legacy.isBlank() || target.isBlank()) {
            throw new MigrationException("business rule '" + name + "' has no query of "
                    + (legacy.isBlank() ? "legacy; give it with legacy(sql)" : "the target; give it with target(sql)"));
        }
        return this;
    }

    /** Refuses columns that do not have what the rule names. */
    void requireIn(List<String> columns) {
        for (String named : key) {
            require(columns, "key", named);
        }
        for (String named : tolerances.keySet()) {
            require(columns, "tolerance", named);
        }
    }

    private void require(List<String> columns, String option, String named) {
        if (!columns.contains(named)) {
            throw new MigrationException(option + " of business rule '" + name + "' names column '" + named
                    + "', but its queries give " + columns + "; name one of these");
        }
    }

    @Override
    public String toString() {
        return "BusinessRule[" + name + "]";
    }
}
