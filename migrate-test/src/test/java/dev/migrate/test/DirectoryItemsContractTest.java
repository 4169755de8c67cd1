package dev.migrate.test;

import dev.migrate.items.DirectoryItems;
import dev.migrate.items.Items;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DirectoryItemsContractTest extends ItemsContract {
    @TempDir
    Path directory;

    @Override
    protected Items emptyItems() throws IOException {
        return DirectoryItems.of(directory);
    }
}
