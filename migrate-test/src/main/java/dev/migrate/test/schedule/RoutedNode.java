package dev.migrate.test.schedule;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.backfill.Backfill;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.test.schedule.ScheduledSides.Item;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A node of the application, as an actor of it has built it. */
final class RoutedNode {
    final Interleaving.Node node;
    final Migration migration;
    final DualWriteRouter<Long, Item> router;
    final @Nullable Backfill backfill;
    final @Nullable Reconciliation reconciliation;

    RoutedNode(World world, Interleaving.Node node, Plan plan) {
        this.node = node;
        this.migration = Migration.named(World.MIGRATION)
                .store(world.store)
                .threads(world.threads)
                .time(world.run.time())
                .nanoTime(world.run::nanoTime)
                .operator(node::name)
                .node(node.name())
                .refreshEvery(Plan.REFRESH)
                .lease(Plan.LEASE)
                .stepBudget(Plan.STEP_BUDGET)
                .build();
        this.router = router(world, plan);
        this.backfill = plan.hasBackfill()
                ? Backfill.of(migration)
                        .legacy(world.table(Side.LEGACY))
                        .target(world.table(Side.TARGET))
                        .chunkRows(2)
                        .lease(Duration.ofSeconds(1))
                        .build()
                : null;
        this.reconciliation = world.hasTables()
                ? Reconciliation.of(migration)
                        .legacy(world.table(Side.LEGACY))
                        .target(world.table(Side.TARGET))
                        .pageRows(2)
                        .looks(3, Duration.ofMillis(100))
                        .build()
                : null;
    }

    /** Like an application that signs off where it cannot be started. */
    private DualWriteRouter<Long, Item> router(World world, Plan plan) {
        try {
            return DualWriteRouter.of(migration)
                    .legacy(world.records(Side.LEGACY))
                    .target(world.records(Side.TARGET))
                    .key(Item::key)
                    .repairEvery(Duration.ofMillis(500))
                    .longestWait(Plan.LONGEST_WAIT)
                    .parkAfter(plan.parkAfter())
                    .callsEndWithin(world.hasLateCalls(plan) ? Plan.LATE_CALLS_END_WITHIN : Plan.CALLS_END_WITHIN)
                    .build();
        } catch (MigrationException failure) {
            migration.close();
            throw failure;
        }
    }
}
