package dev.migrate.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.AuditEntry;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Setting;
import dev.migrate.Stage;
import dev.migrate.Version;
import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** For how long every write has been owed, and when the two sides must be proved equal before authority moves. */
class CoverTest {
    private static final SegmentRange FIRST = new SegmentRange(0, 1);
    private final InMemoryMigrationStore store = new InMemoryMigrationStore();
    private final Migration migration = Migration.named("items")
            .store(store)
            .operator(() -> "ada")
            .stepBudget(Duration.ofSeconds(60))
            .build();
    private final Cover cover = new Cover(migration, "default");
    private final SideBooks legacy = new InMemorySideBooks(InstantSource.system());
    private final SideBooks target = new InMemorySideBooks(InstantSource.system());
    private final List<Duration> pauses = new ArrayList<>();

    @AfterEach
    void close() {
        migration.close();
    }

    private long moveTo(Stage stage) {
        migration.moveTo(stage, "test");
        return migration.refresh().epoch();
    }

    /** Leaves LEGACY_ONLY for the second time; the epoch of that. */
    private long secondGeneration() {
        moveTo(Stage.DUAL_WRITE);
        moveTo(Stage.LEGACY_ONLY);
        return moveTo(Stage.DUAL_WRITE);
    }

    private void legacyOwes(long epoch) {
        legacy.assign(SegmentRange.ALL, Role.AUTHORITY, true, epoch);
    }

    private OptionalLong beginProof() {
        return cover.beginProof(legacy, target, pauses::add);
    }

    @Test
    void generation_isTheEpochAtWhichLegacyOnlyWasLeftLast() {
        assertThat(Cover.generation(migration)).isZero();
        long first = moveTo(Stage.DUAL_WRITE);
        assertThat(Cover.generation(migration)).isEqualTo(first).isPositive();
        moveTo(Stage.SHADOW);
        migration.moveTo(Position.of(Stage.SHADOW, 100_000), "test");
        migration.raiseEpoch("test");
        assertThat(Cover.generation(migration)).as("whatever came after").isEqualTo(first);
        migration.turnBackTo(Position.START, "test");
        assertThat(Cover.generation(migration)).isEqualTo(first);
        migration.raiseEpoch("test");
        assertThat(Cover.generation(migration)).as("LEGACY_ONLY was not left").isEqualTo(first);
        assertThat(moveTo(Stage.DUAL_WRITE))
                .isEqualTo(Cover.generation(migration))
                .isGreaterThan(first);
    }

    @Test
    void firstGeneration_needsNoProof_andKeepsNone() {
        assertThat(cover.needsProof()).isFalse();
        long first = moveTo(Stage.DUAL_WRITE);
        legacyOwes(first);
        assertThat(cover.needsProof()).isFalse();
        assertThat(beginProof()).isEmpty();
        cover.proved(first);
        assertThat(store.find(Setting.Kind.COVER, "items/default")).isEmpty();
    }

    @Test
    void everyOtherGeneration_needsAProofOfItsOwn() {
        long second = secondGeneration();
        assertThat(cover.needsProof()).isTrue();
        cover.proved(second - 1);
        assertThat(cover.needsProof()).as("of an earlier generation").isTrue();
        cover.proved(second);
        assertThat(cover.needsProof()).isFalse();
        assertThat(new Cover(migration, "others").needsProof())
                .as("other records")
                .isTrue();
        moveTo(Stage.LEGACY_ONLY);
        long third = moveTo(Stage.DUAL_WRITE);
        assertThat(cover.needsProof()).isTrue();
        cover.proved(third);
        assertThat(cover.needsProof()).isFalse();
    }

    @Test
    void proof_isKeptInTheStore_withWhoAndWhy() {
        long second = secondGeneration();
        cover.proved(second);
        Setting kept = store.find(Setting.Kind.COVER, "items/default").orElseThrow();
        assertThat(kept.value()).isEqualTo(Long.toString(second));
        assertThat(store.audit(Setting.Kind.COVER, "items/default", 10))
                .singleElement()
                .extracting(AuditEntry::who, AuditEntry::why)
                .containsExactly("ada", "a complete comparison has found no difference");
    }

    @Test
    void whereLegacyOwes_nobodyWaits() {
        long generation = moveTo(Stage.DUAL_WRITE);
        legacyOwes(generation);
        assertThat(cover.awaitBegun(legacy, pauses::add)).isEqualTo(generation);
        assertThat(pauses).isEmpty();
    }

    @Test
    void segmentsThatLegacyHasHandedOver_areNotWaitedFor() {
        long generation = moveTo(Stage.DUAL_WRITE);
        legacyOwes(generation);
        legacy.assign(FIRST, Role.SHADOW, false, generation + 1);
        assertThat(cover.awaitBegun(legacy, pauses::add)).isEqualTo(generation);
        assertThat(pauses).isEmpty();
    }

    @Test
    void untilEverySegmentOwes_itIsWaitedFor() {
        long generation = moveTo(Stage.DUAL_WRITE);
        legacyOwes(generation);
        legacy.assign(FIRST, Role.AUTHORITY, false, generation + 1);
        assertThat(cover.awaitBegun(legacy, pause -> {
                    pauses.add(pause);
                    if (pauses.size() == 3) {
                        legacy.assign(FIRST, Role.AUTHORITY, true, generation + 2);
                    }
                }))
                .isEqualTo(generation);
        assertThat(pauses).hasSize(3).containsOnly(Duration.ofMillis(20));
    }

    /** As before the step back: what it says is of another time. */
    @Test
    void legacyThatOwesSinceAnEarlierGeneration_isWaitedForInVain() {
        long second = secondGeneration();
        legacyOwes(second - 1);
        assertThatThrownBy(() -> cover.awaitBegun(legacy, pauses::add))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("records 'items/default'")
                .hasMessageContaining("PT30S after the migration left LEGACY_ONLY")
                .hasMessageContaining("raiseEpoch(..)");
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void proof_isOfTheGenerationInWhichItBegan() {
        long second = secondGeneration();
        legacyOwes(second);
        assertThat(beginProof()).hasValue(second);
        cover.proved(second);
        assertThat(beginProof()).as("proved already").isEmpty();
    }

    @Test
    void whereNothingIsCopied_thereIsNothingToProve() {
        secondGeneration();
        moveTo(Stage.LEGACY_ONLY);
        assertThat(beginProof()).isEmpty();
    }

    private static Version owe(SideBooks books, String key) {
        books.owe(List.of(new SideBooks.Key(key, 0)), Instant.EPOCH);
        return books.owed(key).orElseThrow();
    }

    @Test
    void keyThatEitherSideOwesFromBefore_keepsTheProofFromBeginning() {
        long second = secondGeneration();
        legacy.assign(SegmentRange.ALL, Role.AUTHORITY, true, second - 2);
        Version early = owe(legacy, "early");
        legacyOwes(second);
        owe(legacy, "late");
        assertThat(beginProof()).isEmpty();
        assertThat(legacy.settle("early", early)).isTrue();
        assertThat(beginProof()).hasValue(second);
        target.assign(SegmentRange.ALL, Role.SHADOW, false, second - 2);
        owe(target, "early");
        assertThat(beginProof()).isEmpty();
    }

    @Test
    void keyOwedFromBefore_isFoundBehindManyOthers() {
        long second = secondGeneration();
        legacy.assign(SegmentRange.ALL, Role.AUTHORITY, true, second - 2);
        Version early = owe(legacy, "z");
        legacyOwes(second);
        for (int i = 0; i < 2_500; i++) {
            owe(legacy, "key " + i);
        }
        assertThat(beginProof()).isEmpty();
        legacy.settle("z", early);
        assertThat(beginProof()).hasValue(second);
    }
}
