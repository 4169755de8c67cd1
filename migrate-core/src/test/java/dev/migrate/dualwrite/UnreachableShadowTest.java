package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.migrate.MigrationEvent.KeyParked;
import dev.migrate.MigrationEvent.ShadowWriteFailed;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.side.Owed;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A shadow that cannot be reached at all is another thing than a key that it does not take. */
class UnreachableShadowTest {
    private static final int PARK_AFTER = 2;

    private final Map<Side, SideBooks> books = new ConcurrentHashMap<>();
    private final AtomicInteger transactionsOfTarget = new AtomicInteger();
    private final AtomicInteger claims = new AtomicInteger();
    private volatile boolean isInterrupting;
    private volatile int answersBeforeOutage = Integer.MAX_VALUE;
    private final RouterFixture fixture = new RouterFixture(
                    RouterFixture.keeping((made, side) ->
                            books.computeIfAbsent(side, unused -> side == Side.TARGET ? target(made) : legacy(made))),
                    options -> options.parkAfter(PARK_AFTER))
            .at(Stage.DUAL_WRITE);

    private SideBooks target(SideBooks real) {
        return proxy(real, method -> {
            if (method.equals("inTransaction") && isInterrupting) {
                throw new InterruptedException();
            }
            if (method.equals("inTransaction") && transactionsOfTarget.incrementAndGet() > answersBeforeOutage) {
                throw new IOException("connection refused");
            }
        });
    }

    private SideBooks legacy(SideBooks real) {
        return proxy(real, method -> {
            if (method.equals("claim")) {
                claims.incrementAndGet();
            }
        });
    }

    private interface Before {
        void call(String method) throws Exception;
    }

    private static SideBooks proxy(SideBooks real, Before before) {
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    before.call(method.getName());
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

    private void outageAfter(int answers) {
        transactionsOfTarget.set(0);
        answersBeforeOutage = answers;
    }

    private void outageIsOver() {
        answersBeforeOutage = Integer.MAX_VALUE;
    }

    /** What is owed by writes past the router, which no attempt follows at once. */
    private void owe(long keys) {
        LongStream.range(0, keys).forEach(key -> {
            fixture.legacy.rows.put(key, item(key, "a"));
            books.get(Side.LEGACY).owe(List.of(new SideBooks.Key("l:" + key, 0)), Instant.EPOCH);
        });
    }

    private void idle() {
        await().until(() -> fixture.migration.threads().isIdle());
    }

    private List<Owed> claimable() {
        return books.get(Side.LEGACY).claim("another", 1_000, Instant.now(), Duration.ZERO);
    }

    @Test
    void outage_parksNothing_howeverOftenItIsTried() {
        owe(3);
        outageAfter(0);
        for (int round = 0; round < 5 * PARK_AFTER; round++) {
            assertThat(fixture.router.repair()).isZero();
        }
        assertThat(fixture.events(KeyParked.class)).isEmpty();
        assertThat(claimable())
                .hasSize(3)
                .allSatisfy(owed -> assertThat(owed.attempts()).isZero());
    }

    @Test
    void roundsDuringAnOutage_askTheShadowOnce_andClaimNothing() {
        owe(3);
        outageAfter(0);
        fixture.router.repair();
        int failed = fixture.events(ShadowWriteFailed.class).size();
        assertThat(failed).as("the one that found out").isEqualTo(1);
        transactionsOfTarget.set(0);
        claims.set(0);
        fixture.router.repair();
        assertThat(transactionsOfTarget).hasValue(1);
        assertThat(claims).hasValue(0);
        assertThat(fixture.events(ShadowWriteFailed.class)).hasSize(failed);
    }

    @Test
    void endOfAnOutage_isNoticedByTheNextRound_whichCopiesWhatTheOutageInterrupted() {
        owe(450);
        outageAfter(2);
        assertThat(fixture.router.repair()).as("those before it").isEqualTo(2);
        outageIsOver();
        assertThat(fixture.router.repair()).as("no pause, no claim left").isEqualTo(448);
        assertThat(fixture.target.rows).hasSize(450);
    }

    @Test
    void attemptAfterACommit_isNotMadeDuringAnOutage() {
        outageAfter(0);
        fixture.router.write(item(1, "a"));
        idle();
        int tried = transactionsOfTarget.get();
        fixture.router.write(item(2, "a"));
        idle();
        assertThat(transactionsOfTarget).hasValue(tried);
        outageIsOver();
        fixture.router.repair();
        assertThat(fixture.target.rows).containsOnlyKeys(1L, 2L);
        fixture.router.write(item(3, "a"));
        await().until(() -> fixture.target.rows.containsKey(3L));
    }

    @Test
    void keyThatTheShadowAnswersFor_isStillParkedInTheEnd() {
        fixture.target.before = (what, key) -> {
            if (what.equals("write")) {
                throw new IOException("disk full");
            }
        };
        owe(1);
        for (int round = 0; round < PARK_AFTER; round++) {
            books.get(Side.LEGACY).hasten(SegmentRange.ALL);
            fixture.router.repair();
        }
        assertThat(fixture.events(KeyParked.class)).hasSize(1);
    }

    @Test
    void interruption_whileTheShadowIsAsked_isNotForgotten_andNoOutage() {
        owe(3);
        AtomicBoolean isFirst = new AtomicBoolean(true);
        fixture.target.before = (what, key) -> {
            if (isFirst.getAndSet(false)) {
                isInterrupting = true;
                throw new IOException("refused");
            }
        };
        fixture.router.repair();
        assertThat(Thread.interrupted()).isTrue();
        isInterrupting = false;
        books.get(Side.LEGACY).hasten(SegmentRange.ALL);
        fixture.router.repair();
        assertThat(fixture.target.rows).hasSize(3);
        assertThat(fixture.events(KeyParked.class)).isEmpty();
    }

    @Test
    void beginningAndEndOfAnOutage_areToldOnce() {
        Logger logger = (Logger) LoggerFactory.getLogger("dev.migrate.internal.write.FailedCopies");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Level before = logger.getLevel();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        try {
            owe(3);
            for (int outage = 0; outage < 2; outage++) {
                outageAfter(0);
                fixture.router.repair();
                fixture.router.repair();
                outageIsOver();
                fixture.router.repair();
                fixture.router.repair();
                owe(3);
            }
            assertThat(log.list)
                    .extracting(ILoggingEvent::getLevel)
                    .containsExactly(Level.WARN, Level.INFO, Level.WARN, Level.INFO);
            assertThat(log.list.get(0).getFormattedMessage())
                    .contains("the TARGET side cannot be reached (java.io.IOException)")
                    .doesNotContain("refused");
        } finally {
            logger.detachAppender(log);
            logger.setLevel(before);
        }
    }
}
