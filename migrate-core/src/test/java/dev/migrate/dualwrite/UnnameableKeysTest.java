package dev.migrate.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.Stage;
import dev.migrate.store.InMemoryMigrationStore;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A key that no journal can name is refused on every rung, not only on those that owe it: it would be found out too late. */
class UnnameableKeysTest {
    private static final class Notes implements Records<String, String> {
        final Map<String, String> rows = new TreeMap<>();

        @Override
        public Optional<String> read(String key) {
            return Optional.ofNullable(rows.get(key));
        }

        @Override
        public String write(String key, String value) {
            rows.put(key, value);
            return value;
        }

        @Override
        public void delete(String key) {
            rows.remove(key);
        }
    }

    @Test
    void keyThatIsTooLong_isRefusedBeforeItIsWritten_onEveryRung() {
        Notes legacy = new Notes();
        Notes target = new Notes();
        try (Migration migration = Migration.named("notes")
                        .store(new InMemoryMigrationStore())
                        .build();
                DualWriteRouter<String, String> router = DualWriteRouter.of(migration)
                        .legacy(legacy)
                        .target(target)
                        .key(value -> value)
                        .build()) {
            for (Stage stage : Stage.values()) {
                if (stage != Stage.LEGACY_ONLY) {
                    migration.moveTo(stage, "test");
                }
                assertThatThrownBy(() -> router.write("n".repeat(600)))
                        .as(stage.name())
                        .isInstanceOf(MigrationException.class)
                        .hasMessageContaining("must have at most 512 characters, but had 602");
            }
            assertThat(legacy.rows).isEmpty();
            assertThat(target.rows).isEmpty();
        }
    }
}
