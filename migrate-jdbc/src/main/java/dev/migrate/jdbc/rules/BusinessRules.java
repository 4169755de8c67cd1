package dev.migrate.jdbc.rules;

import dev.migrate.Gate;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.internal.Waiting;
import dev.migrate.internal.option.Bounds;
import dev.migrate.internal.option.Looks;
import dev.migrate.jdbc.rules.RuleReport.Difference;
import dev.migrate.jdbc.rules.RuleReport.Verdict;
import dev.migrate.jdbc.schema.ConnectionsApart;
import dev.migrate.side.Debt;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks both sides the queries of {@link BusinessRule}s and compares the results, while both are written.
 *
 * <p>What differs at first sight is only a suspicion. The rule is asked again, and a key is confirmed only where nothing was owed before and
 * after, and legacy said the same of it before and after the target was asked. While anything is owed, also because it was parked, and where
 * legacy says something else each time, a difference stays open.
 *
 * <pre>{@code
 * BusinessRules rules = BusinessRules.of(orders).legacy(legacyDb).target(targetDb)
 *         .owed(router::debt).rule(totals).rule(balances).build();
 * List<RuleReport> reports = rules.run();
 * }</pre>
 *
 * <p>Thread-safe; it works on the calling thread with one connection of each side, and holds legacy's result of one rule in memory, up to a
 * limit. It owns nothing. No value of a row is logged, or is in an exception or a report's text.
 */
public final class BusinessRules {
    private final Migration migration;
    private final DataSource legacy;
    private final DataSource target;
    private final List<BusinessRule> rules;
    private final Supplier<Debt> owed;
    private final int mostRows;
    private final Looks looks;
    private final Duration patience;
    private final Consumer<Duration> pause;
    private final Map<String, RuleReport> latest = new ConcurrentHashMap<>();

    private BusinessRules(Builder options, DataSource legacy, DataSource target, Supplier<Debt> owed) {
        this.migration = options.migration;
        this.legacy = legacy;
        this.target = target;
        this.owed = owed;
        this.rules = List.copyOf(options.rules);
        this.mostRows = options.mostRows;
        this.looks = options.looks;
        this.patience = options.patience;
        this.pause = options.pause;
    }

    /** Begins to describe rules. */
    public static Builder of(Migration migration) {
        return new Builder(migration);
    }

    /**
     * Asks all rules, one after the other.
     *
     * @return a report of each, in the order in which they were given
     * @throws MigrationException where a query fails, gives a key twice, or other columns than its counterpart; the message says which
     */
    public List<RuleReport> run() {
        return rules.stream().map(this::run).toList();
    }

    private RuleReport run(BusinessRule rule) {
        RuleReport report = looked(rule, false);
        for (int look = 1; report.verdict() == Verdict.OPEN && look <= looks.most(); look++) {
            pause.accept(looks.pause());
            report = looked(rule, true);
        }
        latest.put(rule.name(), report);
        return report;
    }

    /** Confirms nothing at the first look: it has all that is on its way against it, and that is cheap to rule out. */
    private RuleReport looked(BusinessRule rule, boolean mayConfirm) {
        try (Connection inLegacy = open(legacy);
                Connection inTarget = open(target)) {
            RuleLook.Asking asksLegacy = (sql, columns, sink) -> ask("legacy", inLegacy, rule, sql, columns, sink);
            boolean isDrained = mayConfirm && owed.get().isNone();
            RuleLook look = RuleLook.at(
                    rule,
                    asksLegacy,
                    (sql, columns, sink) -> ask("the target", inTarget, rule, sql, columns, sink),
                    mostRows);
            boolean asksAgain = isDrained && !look.differences().isEmpty();
            Set<List<String>> resting = asksAgain ? look.atRest(rule, asksLegacy) : Set.of();
            boolean isConclusive = asksAgain && owed.get().isNone();
            List<Difference> confirmed = new ArrayList<>();
            List<Difference> open = new ArrayList<>();
            for (Difference difference : look.differences().values()) {
                (isConclusive && resting.contains(difference.key()) ? confirmed : open).add(difference);
            }
            Verdict verdict = !confirmed.isEmpty() ? Verdict.DIFFERS : open.isEmpty() ? Verdict.HOLDS : Verdict.OPEN;
            return new RuleReport(rule.name(), verdict, look.rows(), confirmed, open);
        } catch (SQLException failure) {
            throw new MigrationException(
                    "could not connect to ask business rule '" + rule.name() + "' (SQL state " + failure.getSQLState()
                            + "); check that both databases are up and that their pools have connections left",
                    failure);
        }
    }

    private static Connection open(DataSource database) throws SQLException {
        return database instanceof ConnectionsApart apart ? apart.newConnection() : database.getConnection();
    }

    /** In a transaction of its own, so that large results are streamed, which is rolled back in the end. */
    private List<String> ask(
            String side,
            Connection connection,
            BusinessRule rule,
            String sql,
            @Nullable List<String> columns,
            RuleResult.Sink sink) {
        try {
            boolean wasAutoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                return RuleResult.read(connection, rule, sql, patience, columns, sink);
            } finally {
                connection.rollback();
                connection.setAutoCommit(wasAutoCommit);
            }
        } catch (SQLException failure) {
            throw new MigrationException(
                    "the query of " + side + " of business rule '" + rule.name() + "' failed (SQL state "
                            + failure.getSQLState() + "); mend it, or give it more patience(..) than " + patience
                            + "; the cause has the database's own words",
                    failure);
        }
    }

    /** A gate that is open where all rules held when they were last asked, in this process. */
    public Gate hold() {
        return () -> {
            List<String> closed = new ArrayList<>();
            for (BusinessRule rule : rules) {
                RuleReport report = latest.get(rule.name());
                if (report == null) {
                    closed.add("business rule '" + rule.name() + "' was not asked yet; run() first");
                } else if (report.verdict() != Verdict.HOLDS) {
                    closed.add("business rule '" + rule.name() + "' does not hold: " + report);
                }
            }
            return closed.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", closed));
        };
    }

    @Override
    public String toString() {
        return "BusinessRules[" + migration.name() + ": " + rules + "]";
    }

    /** Describes rules; not thread-safe. */
    public static final class Builder {
        private static final Duration LONGEST = Duration.ofHours(24);
        private final Migration migration;
        private final List<BusinessRule> rules = new ArrayList<>();
        private @Nullable DataSource legacy;
        private @Nullable DataSource target;
        private @Nullable Supplier<Debt> owed;
        private int mostRows = 100_000;
        private Looks looks = new Looks(5, Duration.ofSeconds(2));
        private Duration patience = Duration.ofMinutes(5);
        private Consumer<Duration> pause = length -> Waiting.pause(length.toNanos());

        private Builder(Migration migration) {
            this.migration = migration;
        }

        /** Legacy's database; required. */
        public Builder legacy(DataSource pool) {
            this.legacy = pool;
            return this;
        }

        /** The target's database; required. */
        public Builder target(DataSource pool) {
            this.target = pool;
            return this;
        }

        /**
         * What both sides owe each other of the records that the rules are about, such as {@code router::debt}; required, because without it
         * a difference could not be told from a copy that is on its way. Where nothing is written: {@code () -> Debt.NONE}.
         */
        public Builder owed(Supplier<Debt> owed) {
            this.owed = owed;
            return this;
        }

        /** A rule; at least one is required, and no two of one name. */
        public Builder rule(BusinessRule rule) {
            if (rules.stream().anyMatch(other -> other.name().equals(rule.name()))) {
                throw new MigrationException(
                        "there is a business rule '" + rule.name() + "' already; give this one another name");
            }
            rules.add(rule.complete());
            return this;
        }

        /** How many rows of legacy's result of a rule, and how many keys that differ, are held in memory: 1 to 10,000,000. Default: 100,000. */
        public Builder mostRows(int mostRows) {
            this.mostRows = Bounds.between("mostRows", mostRows, 10_000_000);
            return this;
        }

        /**
         * How often a rule that differs is asked again before it is left open.
         *
         * @param looks 1 to 1,000; default: 5
         * @param pause before each, not negative; default: two seconds
         */
        public Builder looks(int looks, Duration pause) {
            this.looks = new Looks(looks, pause);
            return this;
        }

        /** How long one query may take, in whole seconds: 1 s to 24 h. Default: five minutes. */
        public Builder patience(Duration patience) {
            this.patience = Bounds.between("patience", patience, Duration.ofSeconds(1), LONGEST);
            return this;
        }

        Builder pause(Consumer<Duration> pause) {
            this.pause = pause;
            return this;
        }

        /**
         * Makes them; nothing is asked yet.
         *
         * @throws MigrationException where a side, a rule or what is owed is missing
         */
        public BusinessRules build() {
            if (rules.isEmpty()) {
                throw new MigrationException("the business rules of migration '" + migration.name()
                        + "' must be one or more, but there is none; add one with rule(..)");
            }
            return new BusinessRules(this, given("legacy", legacy), given("target", target), given("owed", owed));
        }

        private <T> T given(String option, @Nullable T value) {
            if (value == null) {
                throw new MigrationException(option + " of the business rules in migration '" + migration.name()
                        + "' is missing; give it with " + option + "(..)");
            }
            return value;
        }
    }
}
