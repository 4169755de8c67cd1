package dev.migrate.test;

import dev.migrate.MigrationStore;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.InstantSource;

class InMemoryMigrationStoreContractTest extends MigrationStoreContract {
    @Override
    protected MigrationStore emptyStore(InstantSource time) {
        return new InMemoryMigrationStore(time);
    }
}
