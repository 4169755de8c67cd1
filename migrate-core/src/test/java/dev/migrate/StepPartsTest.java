package dev.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.store.InMemoryMigrationStore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepPartsTest {
    private final MigrationStore store = new InMemoryMigrationStore();

    private record Named(String name) implements StepParticipant {
        @Override
        public Optional<String> part() {
            return Optional.of(name);
        }

        @Override
        public List<String> blockers(Position from, Position to) {
            return List.of();
        }

        @Override
        public void prepare(Step step) {}

        @Override
        public void complete(Step step) {}

        @Override
        public void abandon(Step step) {}
    }

    private StepParts partsOf(String migration) {
        return new StepParts(Migration.named(migration).store(store).build());
    }

    @Test
    void partThatIsNotAttached_isMissing_untilItIsReleased() {
        StepParts parts = partsOf("items");
        parts.need("router");
        parts.need("router");
        assertThat(parts.missing(List.of(new Named("router")))).isEmpty();
        assertThat(parts.missing(List.of(new Named("another"))))
                .singleElement()
                .asString()
                .contains("router");
        assertThat(partsOf("item").missing(List.of()))
                .as("of another migration")
                .isEmpty();
        parts.release("router", "gone");
        assertThat(parts.missing(List.of())).isEmpty();
    }

    /** The store takes names of 200 characters. */
    @Test
    void longNames_areToldApart() {
        StepParts parts = partsOf("m".repeat(100));
        String router = "router of records '" + "r".repeat(100);
        parts.need(router + "a'");
        parts.need(router + "b'");
        assertThat(parts.missing(List.of(new Named(router + "a'")))).hasSize(1);
        assertThat(parts.missing(List.of(new Named(router + "a'"), new Named(router + "b'"))))
                .isEmpty();
    }
}
