package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationEvent.Comparison;
import dev.migrate.MigrationEvent.FellBack;
import dev.migrate.MigrationEvent.ReadCompared;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.dualwrite.MapRecords.Item;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a compared read says, what it asks for it, and who answers where the target fails. */
class ComparedReadsTest {
    private final AtomicBoolean booksAreUnreadable = new AtomicBoolean();
    private final Map<Side, SideBooks> books = new ConcurrentHashMap<>();
    private final RouterFixture fixture = new RouterFixture(
                    RouterFixture.keeping((made, side) -> books.computeIfAbsent(side, unused -> unreadable(made))),
                    UnaryOperator.identity())
            .at(Stage.SHADOW);

    private SideBooks unreadable(SideBooks real) {
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("owed") && booksAreUnreadable.get()) {
                        throw new IllegalStateException("journal out of reach");
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static MapRecords.Hook failing(String call, Throwable failure) {
        return (what, key) -> {
            if (what.equals(call)) {
                if (failure instanceof Error error) {
                    throw error;
                }
                throw (Exception) failure;
            }
        };
    }

    private Comparison compared() {
        fixture.router.read(1L);
        await().until(() -> !fixture.events(ReadCompared.class).isEmpty());
        return fixture.events(ReadCompared.class).get(0).result();
    }

    @Test
    void equalValues_areReadOnceOnEachSide() {
        fixture.legacy.rows.put(1L, item(1, "a"));
        fixture.target.rows.put(1L, item(1, "a"));
        assertThat(compared()).isEqualTo(Comparison.EQUAL);
        assertThat(fixture.legacy.reads).hasValue(1);
        assertThat(fixture.target.reads).hasValue(1);
    }

    @Test
    void differenceOfAKeyThatIsOwed_isNotLookedAtAgain() {
        fixture.target.before = failing("write", new IOException("target down"));
        fixture.router.write(item(1, "a"));
        await().until(() -> fixture.migration.threads().isIdle());
        fixture.legacy.reads.set(0);
        fixture.target.reads.set(0);
        assertThat(compared()).isEqualTo(Comparison.IN_FLIGHT);
        assertThat(fixture.target.reads).hasValue(1);
        assertThat(fixture.legacy.reads).hasValue(1);
    }

    @Test
    void differenceThatIsGoneAtTheSecondLook_wasNone() {
        fixture.legacy.rows.put(1L, item(1, "a"));
        fixture.target.rows.put(1L, item(1, "older"));
        fixture.target.after = (what, key) -> fixture.target.rows.put(1L, item(1, "a"));
        assertThat(compared()).isEqualTo(Comparison.EQUAL);
    }

    @Test
    void valueThatIsWrittenBetweenTheLooks_isInFlight() {
        fixture.legacy.rows.put(1L, item(1, "a"));
        fixture.target.rows.put(1L, item(1, "older"));
        fixture.target.after = (what, key) -> fixture.legacy.rows.put(1L, item(1, "b"));
        assertThat(compared()).isEqualTo(Comparison.IN_FLIGHT);
    }

    /** The same value once more: only the journal tells. */
    @Test
    void keyThatComesToBeOwedBetweenTheLooks_isInFlight() {
        fixture.legacy.rows.put(1L, item(1, "a"));
        fixture.target.rows.put(1L, item(1, "older"));
        fixture.target.before = failing("write", new IOException("target down"));
        fixture.target.after = (what, key) -> {
            if (fixture.target.reads.get() == 2) {
                fixture.router.touched(List.of(1L));
            }
        };
        assertThat(compared()).isEqualTo(Comparison.IN_FLIGHT);
    }

    @Test
    void shadowThatCannotBeRead_isNoDifference_andNotTheCallers() {
        fixture.legacy.rows.put(1L, item(1, "a"));
        fixture.target.before = failing("read", new LinkageError("a broken driver"));
        assertThat(fixture.router.read(1L)).hasValue(item(1, "a"));
        assertThat(compared()).isEqualTo(Comparison.SHADOW_FAILED);
    }

    private void liveWith(String text) {
        fixture.at(Stage.LIVE);
        fixture.router.write(item(1, text));
        await().until(() ->
                fixture.router.repair() >= 0 && fixture.router.debt().isNone());
    }

    /** What the node knows of its own writes says nothing of another's. */
    @Test
    void liveRead_doesNotFallBackWhileAnotherNodesWriteIsOwed() {
        liveWith("a");
        try (DualWriteRouter<Long, Item> another = fixture.newRouter()) {
            fixture.legacy.before = failing("write", new IOException("legacy down"));
            another.write(item(1, "b"));
            IOException down = new IOException("target down");
            fixture.target.before = failing("read", down);
            assertThatThrownBy(() -> fixture.router.read(1L)).isSameAs(down);
            assertThat(fixture.events(FellBack.class)).isEmpty();
        }
    }

    @Test
    void liveRead_doesNotFallBackWhereTheJournalCannotBeRead() {
        liveWith("a");
        booksAreUnreadable.set(true);
        IOException down = new IOException("target down");
        fixture.target.before = failing("read", down);
        assertThatThrownBy(() -> fixture.router.read(1L)).isSameAs(down);
        assertThat(down.getSuppressed())
                .singleElement()
                .satisfies(why -> assertThat(why).hasMessage("journal out of reach"));
        booksAreUnreadable.set(false);
        assertThat(fixture.router.read(1L)).hasValue(item(1, "a"));
    }

    @Test
    void whereBothSidesFail_theCallerHasTheTargetsFailure_andLegacysWithIt() {
        liveWith("a");
        IOException target = new IOException("target down");
        IOException legacy = new IOException("legacy down");
        fixture.target.before = failing("read", target);
        fixture.legacy.before = failing("read", legacy);
        assertThatThrownBy(() -> fixture.router.read(1L)).isSameAs(target);
        assertThat(target.getSuppressed()).containsExactly(legacy);
        assertThat(fixture.events(FellBack.class)).isEmpty();
    }

    @Test
    void errorOfTheTarget_isTheCallersAsThrown() {
        liveWith("a");
        LinkageError broken = new LinkageError("a broken driver");
        fixture.target.before = failing("read", broken);
        fixture.legacy.before = failing("read", new IOException("legacy down"));
        assertThat(catchThrowable(() -> fixture.router.read(1L))).isSameAs(broken);
    }
}
