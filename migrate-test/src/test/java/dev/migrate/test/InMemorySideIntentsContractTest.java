package dev.migrate.test;

import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.SideBooks;
import java.time.InstantSource;

class InMemorySideIntentsContractTest extends SideIntentsContract {
    @Override
    protected SideBooks emptyBooks(InstantSource time) {
        return new InMemorySideBooks(time);
    }
}
