package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.Comparison;
import dev.migrate.MigrationEvent.FellBack;
import dev.migrate.MigrationEvent.KeyParked;
import dev.migrate.MigrationEvent.ReadCompared;
import dev.migrate.MigrationEvent.ShadowWriteFailed;
import dev.migrate.MigrationException;
import dev.migrate.MigrationScope;
import dev.migrate.Records;
import dev.migrate.RefusedWriteException;
import dev.migrate.Setting;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.dualwrite.MapRecords.Item;
import dev.migrate.internal.write.Cover;
import dev.migrate.store.InMemoryMigrationStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.MDC;

class DualWriteRouterTest {
    private RouterFixture fixture = new RouterFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private void with(RouterFixture another) {
        fixture.close();
        fixture = another;
    }

    private void awaitNoDebt() {
        await().until(() -> fixture.router.debt().isNone());
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void write_reachesTheSidesOfTheStage(Stage stage) {
        fixture.at(stage);
        assertThat(fixture.router.write(item(1, "a"))).isEqualTo(item(1, "a"));
        awaitNoDebt();
        assertThat(fixture.legacy.rows.containsKey(1L)).isEqualTo(stage.writes().contains(Side.LEGACY));
        assertThat(fixture.target.rows.containsKey(1L)).isEqualTo(stage.writes().contains(Side.TARGET));
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void read_answersFromTheAuthoritativeSide(Stage stage) {
        fixture.at(stage);
        fixture.legacy.rows.put(1L, item(1, "legacy"));
        fixture.target.rows.put(1L, item(1, "target"));
        assertThat(fixture.router.read(1L))
                .map(Item::text)
                .hasValue(stage.authoritative().name().toLowerCase());
        assertThat(fixture.router.<String>query(Side::name))
                .isEqualTo(stage.authoritative().name());
    }

    @Test
    void delete_reachesBothSides() {
        fixture.at(Stage.DUAL_WRITE);
        fixture.router.write(item(1, "a"));
        fixture.router.delete(1L);
        awaitNoDebt();
        assertThat(fixture.legacy.rows).isEmpty();
        assertThat(fixture.target.rows).isEmpty();
    }

    @Test
    void authoritativeFailure_isTheCallersAsThrown() {
        fixture.at(Stage.DUAL_WRITE);
        IOException failure = new IOException("disk full");
        fixture.legacy.before = (what, key) -> {
            throw failure;
        };
        assertThatThrownBy(() -> fixture.router.write(item(1, "a"))).isSameAs(failure);
        assertThatThrownBy(() -> fixture.router.read(1L)).isSameAs(failure);
    }

    @Test
    void s1_hungShadowDoesNotDelayTheCaller() {
        fixture.at(Stage.SHADOW);
        CountDownLatch released = new CountDownLatch(1);
        fixture.target.before = (what, key) -> released.await();
        fixture.router.write(item(1, "a"));
        for (int i = 0; i < 5_000; i++) {
            assertThat(fixture.router.read(1L)).isPresent();
            fixture.router.write(item(1, "b" + i));
        }
        assertThat(fixture.router.debt().keys()).isEqualTo(1);
        released.countDown();
        await().until(() ->
                fixture.router.repair() >= 0 && fixture.router.debt().isNone());
        assertThat(fixture.target.rows.get(1L)).isEqualTo(item(1, "b4999"));
    }

    @Test
    void s2_liveReadThatTheTargetFailsIsAnsweredByLegacy() {
        fixture.at(Stage.LIVE);
        fixture.router.write(item(1, "a"));
        awaitNoDebt();
        fixture.target.before = (what, key) -> {
            throw new IOException("target down");
        };
        await().until(() -> fixture.router.read(1L).isPresent());
        assertThat(fixture.events(FellBack.class)).isNotEmpty().allMatch(event -> event.from() == Side.TARGET);
    }

    @Test
    void liveRead_doesNotFallBackToAnOlderValue() {
        fixture.at(Stage.LIVE);
        fixture.router.write(item(1, "a"));
        awaitNoDebt();
        fixture.legacy.before = (what, key) -> {
            if (what.equals("write")) {
                throw new IOException("legacy down");
            }
        };
        fixture.router.write(item(1, "b"));
        IOException down = new IOException("target down");
        fixture.target.before = (what, key) -> {
            throw down;
        };
        assertThatThrownBy(() -> fixture.router.read(1L)).isSameAs(down);
        assertThat(fixture.events(FellBack.class)).isEmpty();
    }

    @Test
    void s3_errorOfTheShadowIsContained() {
        fixture.at(Stage.SHADOW);
        fixture.target.before = (what, key) -> {
            throw new StackOverflowError();
        };
        fixture.router.write(item(1, "a"));
        fixture.router.read(1L);
        await().until(() -> !fixture.events(ShadowWriteFailed.class).isEmpty());
        await().until(() -> fixture.events(ReadCompared.class).stream()
                .anyMatch(event -> event.result() == Comparison.SHADOW_FAILED));
        fixture.target.before = (what, key) -> {};
        await().until(() ->
                fixture.router.repair() >= 0 && fixture.router.debt().isNone());
        assertThat(fixture.target.rows.get(1L)).isEqualTo(item(1, "a"));
    }

    @Test
    void s4_contextIsThereInComparedReads() {
        ThreadLocal<String> tenant = new ThreadLocal<>();
        fixture.migration.threads().carrying(tenant);
        fixture.at(Stage.SHADOW);
        AtomicReference<String> seen = new AtomicReference<>();
        fixture.target.before = (what, key) -> seen.set(MDC.get("request") + "/" + tenant.get());
        MDC.put("request", "r-1");
        tenant.set("acme");
        try {
            fixture.router.read(1L);
            await().untilAtomic(seen, org.hamcrest.Matchers.equalTo("r-1/acme"));
        } finally {
            MDC.clear();
            tenant.remove();
        }
    }

    @Test
    void s6_failedShadowWriteIsOwedAndRepaired() {
        fixture.at(Stage.DUAL_WRITE);
        fixture.target.before = (what, key) -> {
            throw new IOException("target down");
        };
        fixture.router.write(item(1, "a"));
        await().until(() -> !fixture.events(ShadowWriteFailed.class).isEmpty());
        assertThat(fixture.router.debt().keys()).isEqualTo(1);
        fixture.target.before = (what, key) -> {};
        await().until(() -> fixture.router.repair() == 1);
        assertThat(fixture.target.rows.get(1L)).isEqualTo(item(1, "a"));
        assertThat(fixture.router.debt().isNone()).isTrue();
    }

    @Test
    void s7_stageStandsStillInAScope() {
        fixture.legacy.rows.put(1L, item(1, "legacy"));
        fixture.at(Stage.DUAL_WRITE);
        try (MigrationScope scope = fixture.migration.begin()) {
            Thread mover = new Thread(() -> fixture.migration.moveTo(Stage.SHADOW, "while a scope is open"));
            mover.start();
            await().until(() -> fixture.migration.current().stage() == Stage.SHADOW);
            assertThat(fixture.migration.stageOf(1L)).isEqualTo(Stage.DUAL_WRITE);
            fixture.router.read(1L);
            assertThat(fixture.target.reads).hasValue(0);
        }
        assertThat(fixture.migration.stageOf(1L)).isEqualTo(Stage.SHADOW);
    }

    @Test
    void s7_scopeWhoseAuthorityHasMovedIsRefusedNotMoved() throws Exception {
        fixture.at(Stage.SHADOW);
        // The handover waits for scopes; this one is told by another node, which does not.
        long epoch = fixture.migration.latestView().epoch();
        try (MigrationScope scope = fixture.migration.begin()) {
            fixture.migration.store().change(Setting.Kind.POSITION, "items", epoch, "LIVE", "another node", "test");
            fixture.migration.refresh();
            assertThatThrownBy(() -> fixture.router.write(item(1, "a"))).isInstanceOf(RefusedWriteException.class);
            assertThatThrownBy(() -> fixture.router.read(1L)).isInstanceOf(RefusedWriteException.class);
            assertThatThrownBy(() -> fixture.router.<String>query(Side::name))
                    .isInstanceOf(RefusedWriteException.class);
        }
        assertThat(fixture.legacy.rows).isEmpty();
        assertThat(fixture.target.rows).isEmpty();
    }

    @Test
    void s8_missingPartsAreNamed() {
        assertThatThrownBy(() -> DualWriteRouter.of(fixture.migration)
                        .legacy(fixture.legacy)
                        .key(Item::id)
                        .build())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("target is missing");
        assertThatThrownBy(() -> DualWriteRouter.of(fixture.migration)
                        .legacy(fixture.legacy)
                        .target(fixture.target)
                        .build())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("key is missing");
    }

    @Test
    void comparedRead_tellsDifferencesButNotWhatIsOnItsWay() {
        fixture.at(Stage.SHADOW);
        fixture.legacy.rows.put(1L, item(1, "a"));
        fixture.target.rows.put(1L, item(1, "other"));
        fixture.router.read(1L);
        await().until(() -> !fixture.events(ReadCompared.class).isEmpty());
        assertThat(fixture.events(ReadCompared.class).get(0).result()).isEqualTo(Comparison.DIFFERENT);
        fixture.events.clear();

        fixture.target.before = (what, key) -> {
            if (what.equals("write")) {
                throw new IOException("target down");
            }
        };
        fixture.router.write(item(1, "b"));
        fixture.router.read(1L);
        await().until(() -> !fixture.events(ReadCompared.class).isEmpty());
        assertThat(fixture.events(ReadCompared.class).get(0).result()).isEqualTo(Comparison.IN_FLIGHT);
    }

    @Test
    void writeAll_reportsPerKey() {
        fixture.at(Stage.DUAL_WRITE);
        fixture.legacy.before = (what, key) -> {
            if (key == 2 && what.equals("write")) {
                throw new IOException("row locked");
            }
        };
        BatchReport<Long, Item> report = fixture.router.writeAll(List.of(item(1, "a"), item(2, "b"), item(3, "c")));
        assertThat(report.results())
                .extracting(BatchReport.Result::isAcknowledged)
                .containsExactly(true, false, true);
        assertThat(report.failures())
                .singleElement()
                .satisfies(failed -> assertThat(failed.key()).isEqualTo(2));
        assertThatThrownBy(report::orElseThrow)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("1 of 3");
        await().until(() -> fixture.router.debt().keys() == 0);
        assertThat(fixture.router.debt().intents())
                .as("the write that failed may still take effect")
                .isEqualTo(1);
        assertThat(fixture.target.rows.keySet()).containsExactlyInAnyOrder(1L, 3L);
    }

    @Test
    void create_needsItsKeyBeforeItIsRouted() {
        assertThatThrownBy(() -> fixture.router.write(new Item(null, "a"))).hasMessageContaining("newKey");
        AtomicLong ids = new AtomicLong(41);
        with(new RouterFixture(options -> options.newKey(item -> item(ids.incrementAndGet(), item.text()))));
        assertThat(fixture.router.write(new Item(null, "a"))).isEqualTo(item(42, "a"));
    }

    @Test
    void within_ofPlainFunctionsSaysWhatToDo() {
        assertThatThrownBy(() -> fixture.router.within(1L, work -> null)).hasMessageContaining("JdbcRecords");
    }

    @Test
    void touched_copiesWhatWasWrittenPastTheRouter() {
        fixture.at(Stage.DUAL_WRITE);
        fixture.legacy.rows.put(7L, item(7, "by a batch job"));
        fixture.router.touched(List.of(7L));
        awaitNoDebt();
        assertThat(fixture.target.rows.get(7L)).isEqualTo(item(7, "by a batch job"));
    }

    @Test
    void keyThatKeepsFailing_isParkedAndBlocksAHandoverUntilRetried() {
        with(new RouterFixture(options -> options.parkAfter(1)).at(Stage.SHADOW));
        fixture.target.before = (what, key) -> {
            throw new IOException("target down");
        };
        fixture.router.write(item(1, "a"));
        await().until(() -> !fixture.events(KeyParked.class).isEmpty());
        assertThat(fixture.router.parked(10)).singleElement().satisfies(owed -> {
            assertThat(owed.isParked()).isTrue();
            assertThat(owed.lastError()).isEqualTo("java.io.IOException");
        });
        assertThatThrownBy(() -> fixture.migration.moveTo(Stage.LIVE, "too early"))
                .hasMessageContaining("1 keys");
        fixture.target.before = (what, key) -> {};
        assertThat(fixture.router.retryParked(10)).isEqualTo(1);
        assertThat(fixture.router.repair()).isEqualTo(1);
        fixture.migration.moveTo(Stage.LIVE, "now");
        assertThat(fixture.target.rows.get(1L)).isEqualTo(item(1, "a"));
    }

    @Test
    void stepBackToLegacyOnly_needsAProofBeforeAuthorityMoves() {
        fixture.at(Stage.DUAL_WRITE).at(Stage.LEGACY_ONLY);
        fixture.router.write(item(1, "nobody owes this"));
        fixture.at(Stage.SHADOW);
        assertThatThrownBy(() -> fixture.migration.moveTo(Stage.SHADOW.plusPercent(5), "too early"))
                .hasMessageContaining("run a reconciliation");
        Cover cover = new Cover(fixture.migration, Records.DEFAULT_NAME);
        cover.proved(Cover.generation(fixture.migration) - 1); // by a comparison that began before the step back
        assertThat(cover.needsProof()).isTrue();
        cover.proved(Cover.generation(fixture.migration));
        fixture.migration.moveTo(Stage.SHADOW.plusPercent(5), "proved");
    }

    @Test
    void handoverThatCannotDrain_isAbandonedAndWritesGoOn() {

        Migration hasty = Migration.named("hasty")
                .store(new InMemoryMigrationStore())
                .stepBudget(Duration.ofMillis(200))
                .build();
        MapRecords target = new MapRecords();
        MapRecords legacy = new MapRecords();
        try (hasty;
                DualWriteRouter<Long, Item> router = DualWriteRouter.of(hasty)
                        .legacy(legacy)
                        .target(target)
                        .key(Item::id)
                        .build()) {
            hasty.moveTo(Stage.DUAL_WRITE, "test");
            hasty.moveTo(Stage.SHADOW, "test");
            target.before = (what, key) -> {
                throw new IOException("target down");
            };
            router.write(item(1, "a"));
            assertThatThrownBy(() -> hasty.moveTo(Stage.LIVE, "target is down"))
                    .hasMessageContaining("stays at SHADOW")
                    .hasMessageContaining("still owed");
            assertThat(hasty.current().stage()).isEqualTo(Stage.SHADOW);
            router.write(item(1, "b"));
            assertThat(legacy.rows.get(1L)).isEqualTo(item(1, "b"));
            target.before = (what, key) -> {};
            await().until(() -> router.repair() >= 0 && router.debt().isNone());
            hasty.moveTo(Stage.LIVE, "target is back");
            assertThat(router.read(1L)).hasValue(item(1, "b"));
        }
    }
}
