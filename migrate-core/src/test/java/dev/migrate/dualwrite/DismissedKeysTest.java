package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationEvent.Comparison;
import dev.migrate.MigrationEvent.HandoverAbandoned;
import dev.migrate.MigrationEvent.KeyDismissed;
import dev.migrate.MigrationEvent.KeyParked;
import dev.migrate.MigrationEvent.ReadCompared;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StepRefusedException;
import dev.migrate.dualwrite.MapRecords.Item;
import dev.migrate.side.Debt;
import dev.migrate.side.Owed;
import dev.migrate.side.OwedKeys;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys that somebody has dismissed: not tried, not owed, and in the way of a handover until they have arrived. */
class DismissedKeysTest {
    private interface Variant {
        Object answer(String method, Object answer);
    }

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    /** At SHADOW, with books of legacy that a test may watch or alter. */
    private RouterFixture fixture(Variant variant) {
        RouterFixture fixture = new RouterFixture(
                RouterFixture.keeping(
                        (books, side) -> side == Side.LEGACY ? altered(SideBooks.class, books, variant) : books),
                options -> options.parkAfter(1));
        open.add(fixture);
        return fixture.at(Stage.SHADOW);
    }

    private RouterFixture fixture() {
        return fixture((method, answer) -> answer);
    }

    private static <T> T altered(Class<T> type, T real, Variant variant) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return variant.answer(method.getName(), method.invoke(real, arguments));
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }

    /** A key whose latest value the target could not take. */
    private static void dismissed(RouterFixture fixture, long key) {
        fixture.router.write(item(key, "first"));
        await().until(() -> fixture.router.debt().isNone());
        parked(fixture, key);
        assertThat(fixture.router.dismiss(key, "the account is closed")).isTrue();
    }

    private static void parked(RouterFixture fixture, long key) {
        int before = fixture.events(KeyParked.class).size();
        fixture.target.before = (what, tried) -> {
            if (tried == key) {
                throw new IOException("value too long");
            }
        };
        fixture.router.write(item(key, "latest"));
        await().until(() -> fixture.events(KeyParked.class).size() > before);
        fixture.target.before = (what, tried) -> {};
    }

    @Test
    void dismissedKey_isNotTried_andSaysWhoAndWhy() {
        RouterFixture fixture = fixture();
        dismissed(fixture, 1);
        int tried = fixture.target.writes.get();
        assertThat(fixture.router.repair()).isZero();
        assertThat(fixture.target.writes).hasValue(tried);
        assertThat(fixture.router.debt()).satisfies(debt -> {
            assertThat(debt.isNone()).isTrue();
            assertThat(debt.dismissed()).isEqualTo(1);
        });
        assertThat(fixture.router.parked(10)).isEmpty();
        assertThat(fixture.router.dismissed(10)).singleElement().satisfies(owed -> {
            assertThat(fixture.router.keyOf(owed)).isEqualTo(1L);
            assertThat(owed.dismissal().who()).isEqualTo("test");
            assertThat(owed.dismissal().why()).isEqualTo("the account is closed");
        });
        assertThat(fixture.events(KeyDismissed.class)).singleElement().satisfies(event -> {
            assertThat(event.key()).isEqualTo("l:1");
            assertThat(event.shadow()).isEqualTo(Side.TARGET);
            assertThat(event).asString().doesNotContain("l:1").contains("test", "the account is closed");
        });
        assertThat(fixture.router.dismiss(1L, "once more")).isFalse();
        assertThat(fixture.events(KeyDismissed.class)).hasSize(1);
    }

    @Test
    void reason_isNeeded() {
        RouterFixture fixture = fixture();
        assertThatThrownBy(() -> fixture.router.dismiss(1L, " "))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("why");
    }

    @Test
    void dismissedKey_barsAHandover_untilItHasArrived() {
        RouterFixture fixture = fixture();
        dismissed(fixture, 1);
        assertThatThrownBy(() -> fixture.migration.moveTo(Stage.LIVE, "too early"))
                .isInstanceOf(StepRefusedException.class)
                .hasMessageContaining("1 keys")
                .hasMessageContaining("were dismissed and have not arrived; look at dismissed()");
        assertThat(fixture.router.retry(1L)).isTrue();
        assertThat(fixture.router.repair()).isEqualTo(1);
        fixture.migration.moveTo(Stage.LIVE, "it has arrived");
        assertThat(fixture.router.read(1L)).hasValue(item(1, "latest"));
    }

    @Test
    void dismissedKey_thatIsWrittenAgain_isOrdinaryDebt() {
        RouterFixture fixture = fixture();
        dismissed(fixture, 1);
        fixture.router.write(item(1, "short"));
        await().until(() -> fixture.router.debt().isSettled());
        assertThat(fixture.target.rows).containsEntry(1L, item(1, "short"));
        fixture.migration.moveTo(Stage.LIVE, "it has arrived");
    }

    /** A broken variant: what was dismissed is left out of what a handover looks at. An acknowledged write is lost by it. */
    @Test
    void dismissedDebtThatPassesTheDrain_losesAnAcknowledgedWrite() {
        RouterFixture fixture = fixture((method, answer) -> answer instanceof Debt debt
                ? new Debt(debt.keys(), debt.parked(), 0, debt.intents(), debt.oldest(), debt.oldestTried())
                : answer);
        dismissed(fixture, 1);
        fixture.migration.moveTo(Stage.LIVE, "nothing is owed");
        assertThat(fixture.router.read(1L)).as("acknowledged as 'latest'").hasValue(item(1, "first"));
    }

    /** Dismissed after the step has looked for what stands against it, and before it drains. */
    @Test
    void keyDismissedInTheMiddleOfAHandover_abandonsIt() {
        AtomicInteger debts = new AtomicInteger();
        List<Consumer<RouterFixture>> atDrain = new ArrayList<>();
        List<RouterFixture> made = new ArrayList<>();
        RouterFixture fixture = fixture((method, answer) -> {
            if (method.equals("debt") && !made.isEmpty() && debts.incrementAndGet() == 1) {
                atDrain.get(0).accept(made.get(0));
                return Debt.NONE;
            }
            return answer;
        });
        parked(fixture, 1);
        atDrain.add(one -> one.router.dismiss(1L, "in the middle"));
        made.add(fixture);
        assertThatThrownBy(() -> fixture.migration.moveTo(Stage.LIVE, "too early"))
                .isInstanceOf(StepRefusedException.class)
                .hasMessageContaining("dismissed");
        assertThat(fixture.events(HandoverAbandoned.class)).hasSize(1);
        assertThat(fixture.migration.current().stage()).isEqualTo(Stage.SHADOW);
        fixture.router.write(item(2, "writes go on"));
        assertThat(fixture.legacy.rows).containsKey(2L);
    }

    @Test
    void differenceOfADismissedKey_isAFinding() {
        RouterFixture fixture = fixture();
        dismissed(fixture, 1);
        fixture.events.clear();
        fixture.router.read(1L);
        await().until(() -> !fixture.events(ReadCompared.class).isEmpty());
        assertThat(fixture.events(ReadCompared.class).get(0).result()).isEqualTo(Comparison.DIFFERENT);
    }

    /** Legacy lacks the dismissed write, and the node that begins does not know of it. */
    @Test
    void readOfANodeThatBegins_doesNotFallBackToWhatLacksADismissedWrite() {
        Map<Side, SideBooks> books = new ConcurrentHashMap<>();
        var store = RouterFixture.keeping((fresh, side) -> books.computeIfAbsent(side, unused -> fresh));
        RouterFixture fixture = new RouterFixture(store, options -> options.parkAfter(1));
        open.add(fixture);
        fixture.at(Stage.LIVE);
        fixture.router.write(item(1, "first"));
        await().until(() -> fixture.router.debt().isNone());
        fixture.legacy.before = (what, key) -> {
            throw new IOException("legacy cannot take it");
        };
        fixture.router.write(item(1, "latest"));
        await().until(() -> !fixture.events(KeyParked.class).isEmpty());
        fixture.legacy.before = (what, key) -> {};
        assertThat(fixture.router.dismiss(1L, "closed")).isTrue();
        fixture.router.close();
        IOException down = new IOException("target down");
        try (DualWriteRouter<Long, Item> begun = DualWriteRouter.of(fixture.migration)
                .legacy(fixture.legacy)
                .target(fixture.target)
                .key(Item::id)
                .build()) {
            fixture.target.before = (what, key) -> {
                throw down;
            };
            assertThatThrownBy(() -> begun.read(1L)).isSameAs(down);
        }
    }

    @Test
    void everythingOwed_isGivenPageByPage() {
        List<Integer> pages = new CopyOnWriteArrayList<>();
        RouterFixture fixture = fixture((method, answer) -> answer instanceof OwedKeys keys
                ? altered(OwedKeys.class, keys, (called, page) -> {
                    if (called.equals("page")) {
                        pages.add(((List<?>) page).size());
                    }
                    return page;
                })
                : answer);
        fixture.target.before = (what, key) -> {
            throw new IOException("target down");
        };
        for (long key = 0; key < 1_203; key++) {
            fixture.router.write(item(key, "a"));
        }
        // The worker makes the attempts for which too many others wait.
        await().until(() ->
                fixture.router.repair() == 0 && fixture.router.parked(2_000).size() == 1_203);
        fixture.router.dismiss(7L, "closed");
        List<Owed> all = fixture.router.owed().toList();
        assertThat(all).hasSize(1_203).extracting(Owed::key).doesNotHaveDuplicates();
        assertThat(all)
                .filteredOn(Owed::isDismissed)
                .extracting(fixture.router::keyOf)
                .containsExactly(7L);
        assertThat(all)
                .filteredOn(Owed::isParked)
                .hasSize(1_202)
                .allMatch(owed -> owed.lastError().equals("java.io.IOException"));
        assertThat(pages).containsExactly(500, 500, 203);
        pages.clear();
        assertThat(fixture.router.owed().limit(3)).hasSize(3);
        assertThat(pages).as("no more is read than is asked for").containsExactly(500);
    }
}
