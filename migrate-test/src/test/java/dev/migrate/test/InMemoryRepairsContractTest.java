package dev.migrate.test;

import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.SideBooks;
import java.time.InstantSource;

class InMemoryRepairsContractTest extends RepairsContract {
    @Override
    protected SideBooks emptyBooks(InstantSource time) {
        return new InMemorySideBooks(time);
    }
}
