package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.OutcomeUnknown;
import dev.migrate.Records;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Version;
import dev.migrate.VersionedRecords;
import dev.migrate.dualwrite.MapRecords.Item;
import dev.migrate.store.InMemoryMigrationStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VersionedWritesTest {
    private final VersionedMapRecords legacy = new VersionedMapRecords();
    private final VersionedMapRecords target = new VersionedMapRecords();
    private final IntentFixture fixture = new IntentFixture(legacy, target);

    @AfterEach
    void close() {
        fixture.close();
    }

    private void awaitNoDebt() {
        await().until(() ->
                fixture.router.repair() >= 0 && fixture.router.debt().isNone());
    }

    @Test
    void authoritativeWrites_carryRisingVersions_andReturnWhatTheSideHolds() {
        fixture.at(Stage.DUAL_WRITE);
        assertThat(fixture.router.write(item(1, "a"))).isEqualTo(item(1, "a!"));
        fixture.router.write(item(1, "b"));
        fixture.router.delete(1L);
        assertThat(legacy.taken).hasSize(3).isSorted().doesNotContain(Version.NONE);
        assertThat(legacy.rows).isEmpty();
        awaitNoDebt();
        assertThat(target.held.get(1L))
                .as("the copy's version, drawn after the write's")
                .isGreaterThan(legacy.held.get(1L));
    }

    @Test
    void versions_goOnRisingFromSideToSide() {
        fixture.at(Stage.SHADOW);
        fixture.router.write(item(1, "a"));
        awaitNoDebt();
        fixture.at(Stage.LIVE);
        Version copied = target.held.get(1L);
        fixture.router.write(item(1, "b"));
        assertThat(target.held.get(1L)).isGreaterThan(copied);
        awaitNoDebt();
        assertThat(legacy.rows.get(1L).text()).startsWith("b");
    }

    @Test
    void whereNothingIsOwed_writesHaveNoVersion() {
        fixture.router.write(item(1, "a"));
        fixture.router.delete(1L);
        assertThat(legacy.taken).containsOnly(Version.NONE);
    }

    /** Versions from memory begin again with the process, and the side would refuse what is new. */
    @Test
    void booksInMemory_giveNoVersions() {
        Migration migration =
                Migration.named("forgetful").store(new InMemoryMigrationStore()).build();
        try (migration;
                DualWriteRouter<Long, Item> router = DualWriteRouter.of(migration)
                        .legacy(legacy)
                        .target(target)
                        .key(Item::id)
                        .build()) {
            migration.moveTo(Stage.DUAL_WRITE, "test");
            router.write(item(1, "a"));
            assertThat(legacy.taken).containsOnly(Version.NONE);
            assertThat(router.guarantee()).isEqualTo(Guarantee.UNTIL_RESTART);
        }
    }

    /** A write that is slow on its way, and is overtaken by one that began later. */
    @Test
    void overtakenWrite_isMadeOnceMore_underALaterVersion() throws Exception {
        fixture.at(Stage.DUAL_WRITE);
        CountDownLatch onItsWay = new CountDownLatch(1);
        CountDownLatch overtaken = new CountDownLatch(1);
        AtomicBoolean isFirst = new AtomicBoolean(true);
        legacy.before = (what, key) -> {
            if (isFirst.getAndSet(false)) {
                onItsWay.countDown();
                overtaken.await();
            }
        };
        CompletableFuture<Item> slow = CompletableFuture.supplyAsync(() -> fixture.router.write(item(1, "slow")));
        onItsWay.await();
        assertThat(fixture.router.write(item(1, "fast"))).isEqualTo(item(1, "fast!"));
        overtaken.countDown();
        assertThat(slow.get(10, TimeUnit.SECONDS)).isEqualTo(item(1, "slow!"));
        assertThat(legacy.taken).hasSize(2).isSorted();
        awaitNoDebt();
        assertThat(target.rows.get(1L).text()).startsWith("slow");
        assertThat(fixture.events(OutcomeUnknown.class)).isEmpty();
    }

    /** As after a restore of the database that draws the versions: a refusal that was taken for a success would lose every write. */
    @Test
    void versionsThatHaveGoneBack_areAFailureWithARemedy_andNoLoss() {
        fixture.at(Stage.DUAL_WRITE);
        long epoch = fixture.books.get(Side.LEGACY).roles().get(0).epoch();
        legacy.held.put(1L, new Version(epoch, Long.MAX_VALUE));
        assertThatThrownBy(() -> fixture.router.write(item(1, "a")))
                .isInstanceOf(RefusedWriteException.class)
                .hasMessageContaining("20 times")
                .hasMessageContaining("raiseEpoch(..)");
        assertThatThrownBy(() -> fixture.router.delete(1L)).isInstanceOf(RefusedWriteException.class);
        awaitNoDebt();
        fixture.migration.raiseEpoch("restored");
        assertThat(fixture.router.write(item(1, "a"))).isEqualTo(item(1, "a!"));
    }

    @Test
    void guarantee_isThatOfTheWeakerSide() {
        assertThat(fixture.router.guarantee()).isEqualTo(Guarantee.VERSIONED);
        try (IntentFixture mixed = new IntentFixture(legacy, new MapRecords())) {
            assertThat(mixed.router.guarantee()).isEqualTo(Guarantee.DURABLE);
        }
    }

    @Test
    void adaptedRecords_stillCompareVersions() {
        Records<Long, Item> adapted = legacy.as(UnaryOperator.identity(), UnaryOperator.identity());
        assertThat(adapted).isInstanceOf(VersionedRecords.class);
        try (IntentFixture other = new IntentFixture(adapted, target).at(Stage.DUAL_WRITE)) {
            other.router.write(item(2, "a"));
            other.router.delete(2L);
            assertThat(legacy.taken).hasSize(2).isSorted().doesNotContain(Version.NONE);
        }
    }
}
