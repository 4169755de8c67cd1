package dev.migrate.test;

import dev.migrate.reconcile.ReconciliationKeeper;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.InstantSource;

class InMemoryReconciliationKeeperContractTest extends ReconciliationKeeperContract {
    @Override
    protected ReconciliationKeeper emptyKeeper(InstantSource time) {
        return new InMemoryMigrationStore(time);
    }
}
