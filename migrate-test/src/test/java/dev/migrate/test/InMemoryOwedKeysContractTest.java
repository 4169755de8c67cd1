package dev.migrate.test;

import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.SideBooks;
import java.time.InstantSource;

class InMemoryOwedKeysContractTest extends OwedKeysContract {
    @Override
    protected SideBooks emptyBooks(InstantSource time) {
        return new InMemorySideBooks(time);
    }
}
