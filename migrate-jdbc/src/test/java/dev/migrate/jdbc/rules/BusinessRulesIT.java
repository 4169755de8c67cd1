package dev.migrate.jdbc.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.jdbc.TestDatabase;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.jdbc.rules.RuleReport.Difference;
import dev.migrate.jdbc.rules.RuleReport.Kind;
import dev.migrate.jdbc.rules.RuleReport.Verdict;
import dev.migrate.side.Debt;
import dev.migrate.store.InMemoryMigrationStore;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Rules on real databases: legacy counts cents, the target has amounts. */
class BusinessRulesIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final Debt OWED = new Debt(1, 0, Optional.of(Instant.EPOCH));
    private static final BusinessRule TOTALS = BusinessRule.named("daily totals")
            .legacy(
                    "select placed as PLACED_ON, sum(cents) / 100.0 as total, count(*) as n from orders group by placed")
            .target("select count(*) as n, sum(amount) as total, placed as placed_on from orders group by placed")
            .key("placed_on");
    private final Migration migration = Migration.named("orders")
            .store(new InMemoryMigrationStore())
            .operator(() -> "test")
            .build();
    private final Deque<Debt> debts = new ArrayDeque<>();
    private final List<Runnable> pauses = new ArrayList<>();
    private int paused;
    private TestDatabase legacy;
    private TestDatabase target;

    private void open(TestServer server) throws SQLException {
        legacy = server.fresh();
        target = server.fresh();
        legacy.execute(
                "create table orders (id bigint primary key, placed date, cents bigint, customer varchar(20))",
                "insert into orders values (1, '2026-01-01', 1000, 'acme'), (2, '2026-01-01', 255, 'acme'),"
                        + " (3, '2026-01-02', 300, 'secret')");
        target.execute(
                "create table orders (id bigint primary key, placed date, amount decimal(12,2), customer varchar(20))",
                "insert into orders values (1, '2026-01-01', 10, 'acme'), (2, '2026-01-01', 2.55, 'acme'),"
                        + " (3, '2026-01-02', 3, 'secret')");
    }

    @AfterEach
    void close() throws SQLException {
        migration.close();
        legacy.close();
        target.close();
    }

    private BusinessRules.Builder rules() {
        return BusinessRules.of(migration)
                .legacy(legacy.dataSource())
                .target(target.dataSource())
                .owed(() -> debts.isEmpty() ? Debt.NONE : debts.remove())
                .looks(3, Duration.ofSeconds(1))
                .pause(length -> {
                    if (paused < pauses.size()) {
                        pauses.get(paused).run();
                    }
                    paused++;
                });
    }

    private RuleReport run(BusinessRule rule) {
        return rules().rule(rule).build().run().get(0);
    }

    private static void execute(TestDatabase database, String sql) {
        try {
            database.execute(sql);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void sameResults_hold_andOpenTheGate(TestServer server) throws Exception {
        open(server);
        BusinessRules rules = rules().rule(TOTALS).build();
        assertThat(rules.hold().closedBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("'daily totals' was not asked yet"));
        assertThat(rules.run()).containsExactly(new RuleReport("daily totals", Verdict.HOLDS, 2, List.of(), List.of()));
        assertThat(rules.hold().closedBecause()).isEmpty();
        assertThat(paused).isZero();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void whatDiffersAtRest_isConfirmed_byKeyAndColumn(TestServer server) throws Exception {
        open(server);
        target.execute(
                "update orders set amount = 2.56 where id = 2",
                "delete from orders where id = 3",
                "insert into orders values (4, '2026-01-03', 7, 'secret')");
        BusinessRules rules = rules().rule(TOTALS).build();
        RuleReport report = rules.run().get(0);
        assertThat(report.verdict()).isEqualTo(Verdict.DIFFERS);
        assertThat(report.rows()).isEqualTo(3);
        assertThat(report.confirmed())
                .containsExactlyInAnyOrder(
                        new Difference(List.of("2026-01-01"), Kind.DIFFERENT, List.of("total")),
                        new Difference(List.of("2026-01-02"), Kind.MISSING_IN_TARGET, List.of()),
                        new Difference(List.of("2026-01-03"), Kind.EXTRA_IN_TARGET, List.of()));
        assertThat(paused).as("seen again before it was confirmed").isEqualTo(1);
        assertThat(report + " " + report.confirmed()
                        + rules.hold().closedBecause().orElseThrow())
                .contains("DIFFERENT in [total]")
                .doesNotContain("2026-01")
                .doesNotContain("12.55");
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void tolerance_isOfNumbersAlone_andMayBeOfOneColumn(TestServer server) throws Exception {
        open(server);
        target.execute("update orders set amount = 2.56 where id = 2");
        BigDecimal cent = new BigDecimal("0.01");
        assertThat(run(TOTALS.tolerance(cent)).verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(run(TOTALS.tolerance("TOTAL", cent)).verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(run(TOTALS.tolerance("n", cent)).verdict()).isEqualTo(Verdict.DIFFERS);
        assertThat(run(TOTALS.tolerance(new BigDecimal("0.009"))).verdict()).isEqualTo(Verdict.DIFFERS);
        target.execute("update orders set amount = 2.55, customer = 'acne' where id = 2");
        String customers = "select id, customer from orders";
        RuleReport texts = run(BusinessRule.named("customers")
                .legacy(customers)
                .target(customers)
                .key("id")
                .tolerance(BigDecimal.TEN));
        assertThat(texts.confirmed())
                .containsExactly(new Difference(List.of("2"), Kind.DIFFERENT, List.of("customer")));
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void null_isNoZero_andEqualsNull(TestServer server) throws Exception {
        open(server);
        String none = "select sum(id) as s from orders where id > 100";
        BusinessRule rule = BusinessRule.named("one row").legacy(none).target(none);
        assertThat(run(rule).verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(run(rule.target("select 0 as s")).verdict()).isEqualTo(Verdict.DIFFERS);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void numbers_areEqualByValue_whateverTheirTypes(TestServer server) throws Exception {
        open(server);
        legacy.execute(
                "create table numbers (id bigint primary key, d double precision, r real, n integer, b boolean)",
                "insert into numbers values (1, 0.5, 0.25, 7, true), (2, -1, 0, 0, false)");
        target.execute(
                "create table numbers (id bigint primary key, d decimal(5,3), r decimal(5,3), n decimal(5,1), b integer)",
                "insert into numbers values (1, 0.5, 0.25, 7, 1), (2, -1, 0, 0, 0)");
        String numbers = "select id, d, r, n, b from numbers";
        BusinessRule rule =
                BusinessRule.named("numbers").legacy(numbers).target(numbers).key("id");
        assertThat(run(rule).verdict()).isEqualTo(Verdict.HOLDS);
        target.execute("update numbers set d = 0.505, r = 0.255 where id = 1");
        assertThat(run(rule).confirmed())
                .containsExactly(new Difference(List.of("1"), Kind.DIFFERENT, List.of("d", "r")));
        assertThat(run(rule.tolerance(new BigDecimal("0.01"))).verdict()).isEqualTo(Verdict.HOLDS);
    }

    /** R7: NULL in a key is not the text. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void r7_nullInAKey_isAKeyOfItsOwn(TestServer server) throws Exception {
        open(server);
        String customers = "select customer, count(*) as n from orders group by customer";
        for (TestDatabase each : List.of(legacy, target)) {
            each.execute("insert into orders values (8, null, 1, null), (9, null, 1, 'null')");
        }
        BusinessRule rule = BusinessRule.named("customers")
                .legacy(customers)
                .target(customers)
                .key("customer");
        assertThat(run(rule)).isEqualTo(new RuleReport("customers", Verdict.HOLDS, 4, List.of(), List.of()));
        target.execute("delete from orders where customer is null");
        assertThat(run(rule).confirmed())
                .containsExactly(new Difference(List.of(RuleReport.NULL), Kind.MISSING_IN_TARGET, List.of()));
    }

    /** A copy that is on its way is no finding: the rule is asked again once it has arrived. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void whatIsOnItsWay_isWaitedFor(TestServer server) throws Exception {
        open(server);
        legacy.execute("insert into orders values (4, '2026-01-02', 100, 'acme')");
        debts.add(OWED);
        pauses.add(() -> {});
        pauses.add(() -> execute(target, "insert into orders values (4, '2026-01-02', 1, 'acme')"));
        RuleReport report = run(TOTALS);
        assertThat(report.verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(paused).isEqualTo(2);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void whatIsOwedBeforeOrAfterALook_leavesItOpen(TestServer server) throws Exception {
        open(server);
        legacy.execute("insert into orders values (4, '2026-01-02', 100, 'acme')");
        debts.addAll(List.of(OWED, Debt.NONE, OWED, OWED));
        BusinessRules rules = rules().rule(TOTALS).build();
        RuleReport report = rules.run().get(0);
        assertThat(report.verdict()).isEqualTo(Verdict.OPEN);
        assertThat(report.confirmed()).isEmpty();
        assertThat(report.open())
                .containsExactly(new Difference(List.of("2026-01-02"), Kind.DIFFERENT, List.of("total", "n")));
        assertThat(paused).isEqualTo(3);
        assertThat(rules.hold().closedBecause()).isPresent();
    }

    /** What legacy says changed while the target was asked: the write is between the two answers. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void whatIsNotAtRest_staysOpen_andTheRestIsConfirmed(TestServer server) throws Exception {
        open(server);
        target.execute("update orders set amount = 9 where id in (1, 3)");
        int[] asked = {0};
        BusinessRules rules = rules().rule(TOTALS)
                .owed(() -> {
                    if (asked[0]++ % 2 == 0) {
                        change = true; // between the first answer of legacy and its second
                    }
                    return Debt.NONE;
                })
                .legacy(new ChangingLegacy(legacy.dataSource(), () -> {
                            if (change) {
                                change = false;
                                execute(legacy, "update orders set cents = cents + 1 where id = 3");
                            }
                        })
                        .dataSource())
                .build();
        RuleReport report = rules.run().get(0);
        assertThat(report.verdict()).isEqualTo(Verdict.DIFFERS);
        assertThat(report.confirmed()).extracting(Difference::key).containsExactly(List.of("2026-01-01"));
        assertThat(report.open()).extracting(Difference::key).containsExactly(List.of("2026-01-02"));
    }

    private boolean change;

    @ParameterizedTest
    @FieldSource("SERVERS")
    void queriesThatDoNotFit_areRefusedByName(TestServer server) throws Exception {
        open(server);
        assertThatThrownBy(() -> run(TOTALS.key("placed")))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("key of business rule 'daily totals' names column 'placed'")
                .hasMessageContaining("[placed_on, total, n]");
        assertThatThrownBy(() -> run(TOTALS.target("select placed as placed_on from orders group by placed")))
                .hasMessageContaining("must give the same columns")
                .hasMessageContaining("[total, n]");
        assertThatThrownBy(() -> run(TOTALS.legacy("select placed as placed_on, 1 as total, 1 as n from orders")))
                .hasMessageContaining("legacy's query gives a key twice")
                .hasMessageNotContaining("2026");
        assertThatThrownBy(() -> run(TOTALS.legacy("select nothing")))
                .hasMessageContaining("the query of legacy of business rule 'daily totals' failed (SQL state");
        assertThatThrownBy(() -> rules().rule(TOTALS).mostRows(1).build().run())
                .hasMessageContaining("gives more than 1 rows");
        String ids = "select id from orders";
        assertThatThrownBy(() -> rules().rule(BusinessRule.named("ids")
                                .legacy("select id from orders where id = 1")
                                .target(ids)
                                .key("id"))
                        .mostRows(1)
                        .build()
                        .run())
                .hasMessageContaining("more than 1 keys of business rule 'ids' differ");
        for (String twice :
                List.of("select 0 as id from orders where id < 3", "select 7 as id from orders where id < 3")) {
            assertThatThrownBy(() -> run(BusinessRule.named("twice")
                            .legacy("select 0 as id")
                            .target(twice)
                            .key("id")))
                    .hasMessageContaining("the target's query gives a key twice");
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void options_areChecked(TestServer server) throws Exception {
        open(server);
        assertThatThrownBy(() -> rules().build()).hasMessageContaining("must be one or more");
        assertThatThrownBy(() -> rules().rule(TOTALS).rule(TOTALS))
                .hasMessageContaining("there is a business rule 'daily totals' already");
        assertThatThrownBy(() -> rules().rule(BusinessRule.named("half").legacy("select 1")))
                .hasMessageContaining("business rule 'half' has no query of the target");
        assertThatThrownBy(() -> rules().rule(BusinessRule.named("half").target("select 1")))
                .hasMessageContaining("business rule 'half' has no query of legacy");
        assertThatThrownBy(() -> BusinessRule.named(" ")).hasMessageContaining("1 to 100 characters");
        assertThatThrownBy(() -> BusinessRule.named("n".repeat(101))).hasMessageContaining("1 to 100 characters");
        assertThat(BusinessRule.named("n".repeat(100)).name()).hasSize(100);
        assertThatThrownBy(() -> TOTALS.tolerance(new BigDecimal("-1")))
                .hasMessageContaining("tolerance of business rule 'daily totals' must be 0 or more, but was -1");
        assertThatThrownBy(() -> BusinessRules.of(migration)
                        .legacy(legacy.dataSource())
                        .target(target.dataSource())
                        .rule(TOTALS)
                        .build())
                .hasMessageContaining("owed of the business rules in migration 'orders' is missing");
        assertThatThrownBy(() -> rules().patience(Duration.ZERO)).hasMessageContaining("patience must be between");
    }
}
