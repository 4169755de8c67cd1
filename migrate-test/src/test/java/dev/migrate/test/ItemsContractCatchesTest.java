package dev.migrate.test;

import static dev.migrate.test.ContractsCatchTest.failedTestsOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.items.Content;
import dev.migrate.items.DirectoryItems;
import dev.migrate.items.Item;
import dev.migrate.items.Items;
import dev.migrate.items.Precondition;
import dev.migrate.items.ReadableItems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract is run against collections with one defect each, and must find it. */
class ItemsContractCatchesTest {
    /** A directory, for one method of which a defective one stands in. */
    abstract static class Defective extends ItemsContract implements Items {
        @TempDir
        Path directory;

        Items real;

        @Override
        protected Items emptyItems() throws IOException {
            real = DirectoryItems.of(directory);
            return this;
        }

        @Override
        public String name() {
            return "defective";
        }

        @Override
        public Page page(@Nullable String cursor, int limit) throws Exception {
            return real.page(cursor, limit);
        }

        @Override
        public Optional<Item> find(String key) throws Exception {
            return real.find(key);
        }

        @Override
        public InputStream open(Item item) throws Exception {
            return real.open(item);
        }

        @Override
        public Optional<Item> write(String key, Content content, Precondition condition) throws Exception {
            return real.write(key, content, condition);
        }

        @Override
        public boolean delete(String key, Precondition condition) throws Exception {
            return real.delete(key, condition);
        }
    }

    @Test
    void collectionThatHoldsContentInMemory() {
        assertThat(failedTestsOf(InMemory.class)).containsExactly("largeContent_isStreamed");
    }

    static class InMemory extends Defective {
        @Override
        public Optional<Item> write(String key, Content content, Precondition condition) throws Exception {
            byte[] bytes = new byte[(int) content.size()];
            try (InputStream in = content.open()) {
                in.readNBytes(bytes, 0, bytes.length);
            }
            return real.write(key, Content.of(bytes), condition);
        }
    }

    @Test
    void collectionThatTakesWhatWasCutOffForWhole() {
        assertThat(failedTestsOf(CutsOff.class)).contains("contentThatIsCutOff_leavesTheItemAsItWas");
    }

    static class CutsOff extends Defective {
        @Override
        public Optional<Item> write(String key, Content content, Precondition condition) throws Exception {
            try {
                return real.write(key, content, condition);
            } catch (IOException cutOff) {
                return real.write(key, Content.of(new byte[5]), condition);
            }
        }
    }

    @Test
    void collectionThatOverwrites() {
        assertThat(failedTestsOf(Overwrites.class))
                .contains("absent_isWrittenOnlyWhereThereIsNone", "versions_changeWithTheContent_andAreConditions");
    }

    static class Overwrites extends Defective {
        @Override
        public Optional<Item> write(String key, Content content, Precondition condition) throws Exception {
            return real.write(key, content, Precondition.none());
        }
    }

    @Test
    void collectionWhoseCursorIsAPlaceInTheList() {
        assertThat(failedTestsOf(ByPlace.class)).containsExactly("listing_givesWhatIsThereAllTheWhile");
    }

    static class ByPlace extends Defective {
        @Override
        public Page page(@Nullable String cursor, int limit) throws Exception {
            int from = cursor == null ? 0 : Integer.parseInt(cursor);
            List<Item> all = real.page(null, 1_000).items();
            int to = Math.min(all.size(), from + limit);
            return new ReadableItems.Page(
                    all.subList(Math.min(from, to), to), to == all.size() ? null : Integer.toString(to));
        }
    }
}
