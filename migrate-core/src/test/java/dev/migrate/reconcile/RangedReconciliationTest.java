package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationEvent.ReconciliationProgress;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangedReconciliationTest {
    private final List<MigrationEvent> events = new ArrayList<>();
    private final Migration migration = migration("notes");
    private final MapTable legacy = MapTable.of(100);
    private final MapTable target = MapTable.of(100);

    private Migration migration(String name) {
        return Migration.named(name)
                .store(new InMemoryMigrationStore(InstantSource.system()))
                .listener(events::add)
                .build();
    }

    @AfterEach
    void close() {
        migration.close();
    }

    private Reconciliation reconciliation(int mostDifferences) {
        return Reconciliation.of(migration)
                .legacy(legacy)
                .target(target)
                .mostDifferences(mostDifferences)
                .looks(1, Duration.ZERO)
                .pageRows(7)
                .build();
    }

    private RangedReconciliation ranged() {
        return reconciliation(1_000).ranged();
    }

    private static List<RangeResult> compareAll(RangedReconciliation ranged, RangePlan plan) throws Exception {
        List<RangeResult> results = new ArrayList<>();
        for (RowRange range : plan.ranges()) {
            results.add(0, ranged.compare(range)); // in any order
        }
        return results;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rangesOfAnySize_findWhatAWholePassFinds(boolean ordersAlike) throws Exception {
        legacy.ordersAlike = ordersAlike;
        target.ordersAlike = ordersAlike;
        target.rows.remove(1L);
        target.rows.put(50L, "other");
        legacy.rows.remove(20L);
        legacy.rows.remove(21L);
        target.rows.remove(100L);
        for (long id = 101; id <= 130; id++) {
            target.rows.put(id, "extra");
        }
        ReconciliationReport whole = reconciliation(1_000).run();
        assertThat(whole.confirmed()).hasSize(35);
        for (int rows : new int[] {1, 2, 13, 49, 98, 99, 1_000}) {
            RangePlan plan = ranged().plan(rows);
            ReconciliationReport report = ranged().report(plan, compareAll(ranged(), plan));
            assertThat(report.confirmed()).as("%d rows", rows).containsExactlyInAnyOrderElementsOf(whole.confirmed());
            assertThat(report.rowsCompared()).as("%d rows", rows).isEqualTo(whole.rowsCompared());
        }
        assertThat(ranged().plan(13).ranges())
                .filteredOn(range -> range.side() == Side.TARGET)
                .hasSize(ordersAlike ? 3 : 10);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereLegacyIsEmpty_allOfTheTargetIsExtra(boolean ordersAlike) throws Exception {
        legacy.rows.clear();
        target.ordersAlike = ordersAlike;
        RangePlan plan = ranged().plan(30);
        assertThat(plan.ranges()).hasSize(4);
        assertThat(ranged().report(plan, compareAll(ranged(), plan)).confirmed())
                .hasSize(100);
    }

    @Test
    void emptyTables_haveNoRange_andAreClean() throws Exception {
        legacy.rows.clear();
        target.rows.clear();
        RangePlan plan = ranged().plan(1);
        assertThat(plan.ranges()).isEmpty();
        assertThat(ranged().report(plan, List.of()).isClean()).isTrue();
    }

    @Test
    void report_isThatOfTheReconciliation_andTheLastEvent() throws Exception {
        Reconciliation reconciliation = reconciliation(1_000);
        RangePlan plan = reconciliation.ranged().plan(40);
        List<RangeResult> results = compareAll(reconciliation.ranged(), plan);
        assertThat(events).noneMatch(ReconciliationProgress.class::isInstance);
        assertThat(reconciliation.clean().closedBecause()).isPresent();
        reconciliation.ranged().report(plan, results);
        assertThat(reconciliation.clean().closedBecause()).isEmpty();
        assertThat(events)
                .filteredOn(ReconciliationProgress.class::isInstance)
                .singleElement()
                .asInstanceOf(type(ReconciliationProgress.class))
                .matches(event -> event.rows() == 100 && event.expectedRows() == 100 && event.differences() == 0)
                .matches(ReconciliationProgress::isDone);
    }

    @Test
    void rangesClearedBySignature_areCounted_andBeginWhereTheyAreToBegin() throws Exception {
        legacy.signatures = MapSignatures.of(legacy, target);
        target.rows.put(50L, "other");
        RangePlan plan = ranged().plan(25);
        RangeResult second = ranged().compare(plan.ranges().get(1));
        assertThat(second.rowsCompared()).isEqualTo(25);
        assertThat(second.suspects()).hasSize(1);
        RangeResult third = ranged().compare(plan.ranges().get(2));
        assertThat(third.rowsCompared()).isEqualTo(25);
        assertThat(third.clearedBySignature()).isEqualTo(25);
    }

    @Test
    void moreSuspectsThanAreKept_areCounted_inEachRangeAndInAll() throws Exception {
        target.rows.replaceAll((id, text) -> "other");
        RangedReconciliation few = reconciliation(30).ranged();
        RangePlan plan = few.plan(50);
        List<RangeResult> results = compareAll(few, plan);
        assertThat(results).allMatch(result -> result.suspects().size() == 30 && result.beyond() == 20);
        ReconciliationReport report = few.report(plan, results);
        assertThat(report.confirmed()).hasSize(30);
        assertThat(report.notLookedAtAgain()).isEqualTo(70);
    }

    @Test
    void partOfThePlan_isNoReport() throws Exception {
        RangePlan plan = ranged().plan(30);
        List<RangeResult> results = compareAll(ranged(), plan);
        results.removeIf(result -> result.range().number() % 2 == 0);
        assertThatThrownBy(() -> ranged().report(plan, results))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("2 of 4 ranges are not answered, the first of them number 2");
        assertThatThrownBy(() -> ranged().report(plan, List.of())).hasMessageContaining("4 of 4 ranges");
    }

    @Test
    void rangeThatIsAnsweredTwice_isRefused() throws Exception {
        RangePlan plan = ranged().plan(30);
        List<RangeResult> results = compareAll(ranged(), plan);
        results.add(ranged().compare(plan.ranges().get(2)));
        assertThatThrownBy(() -> ranged().report(plan, results))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("range 3 is answered more than once; give one result of each range");
    }

    @Test
    void resultsOfAnotherPlan_areRefused() throws Exception {
        RangePlan earlier = ranged().plan(30);
        List<RangeResult> results = compareAll(ranged(), earlier);
        RangePlan plan = ranged().plan(30);
        assertThatThrownBy(() -> ranged().report(plan, results))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("is of another plan");
    }

    @Test
    void planAndRangeOfOtherRecords_areRefused() throws Exception {
        RangePlan plan = ranged().plan(100);
        try (Migration other = migration("others")) {
            RangedReconciliation elsewhere = Reconciliation.of(other)
                    .legacy(legacy)
                    .target(target)
                    .build()
                    .ranged();
            assertThatThrownBy(() -> elsewhere.compare(plan.ranges().get(0)))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("must be of 'others/");
            assertThatThrownBy(() -> elsewhere.report(plan, compareAll(ranged(), plan)))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("must be of 'others/");
        }
    }

    @Test
    void rangeOfTablesThatOrderAlike_isRefusedWhereTheyDoNotAnyMore() throws Exception {
        RangePlan plan = ranged().plan(100);
        target.ordersAlike = false;
        assertThatThrownBy(() -> ranged().compare(plan.ranges().get(0)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("order their keys alike, which they do not any more");
    }

    @Test
    void rangesThatLeaveAGap_areNoPlan() throws Exception {
        RangePlan plan = ranged().plan(30);
        List<RowRange> gap = new ArrayList<>(plan.ranges());
        RowRange second = gap.remove(1);
        assertThatThrownBy(() -> plan(gap))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("range 2 does not begin where the one before it ends");
        gap.set(
                1,
                new RowRange(
                        second.plan(),
                        second.subject(),
                        2,
                        Side.LEGACY,
                        true,
                        second.upTo(),
                        gap.get(1).upTo()));
        assertThatThrownBy(() -> plan(gap)).hasMessageContaining("range 2 does not begin");
        assertThatThrownBy(() -> plan(plan.ranges().subList(1, 2))).hasMessageContaining("range 1 does not begin");
    }

    private RangePlan plan(List<RowRange> ranges) {
        return new RangePlan("x", "notes", migration.time().instant(), 0, false, 100, ranges);
    }

    @Test
    void rowsOfARange_areBounded() {
        assertThatThrownBy(() -> ranged().plan(0))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("rows must be between 1 and 100000000, but was 0");
    }

    @Test
    void resultsThatCannotBe_areRefused() throws Exception {
        RowRange range = ranged().plan(100).ranges().get(0);
        assertThatThrownBy(() -> new RangeResult(range, 5, 6, List.of(), 0))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("5 compared, 6 cleared and 0 beyond");
    }
}
