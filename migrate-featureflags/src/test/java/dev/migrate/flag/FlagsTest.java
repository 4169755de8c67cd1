package dev.migrate.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationException;
import dev.migrate.Percent;
import dev.migrate.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FlagsTest {
    private final StoreOnTheWire store = new StoreOnTheWire();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final List<MigrationEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final Logger logger = (Logger) LoggerFactory.getLogger(Flags.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    /** Its own timer stands still for an hour; the tests visit by hand. */
    private final Flags node = Flags.of(store)
            .operator(() -> "ada")
            .listener(events::add)
            .nanoTime(nanos::get)
            .refreshEvery(Duration.ofHours(2))
            .build();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void close() {
        logger.detachAppender(log);
        store.open.countDown();
        node.close();
    }

    private void changeOnAnotherNode(String name, long version, String value) {
        boolean wasDown = store.isDown;
        store.isDown = false;
        store.change(Setting.Kind.FLAG, name, version, value, "bob", "on another node");
        store.isDown = wasDown;
    }

    private void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
        node.visit();
    }

    private long warnings() {
        return List.copyOf(log.list).stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .count();
    }

    @Test
    void anotherNodesChangeIsSeenWithinTheStaleness_F6() {
        PercentageFlag flag = node.named("f").percent(5).build();
        changeOnAnotherNode("f", 1, "60 %");

        pass(Duration.ofMinutes(59));
        assertThat(flag.current()).as("not read again yet").isEqualTo(Percent.percent(5));

        pass(Duration.ofMinutes(2));
        await().untilAsserted(() -> assertThat(flag.current()).isEqualTo(Percent.percent(60)));
        await().untilAsserted(() -> assertThat(events)
                .containsExactly(new MigrationEvent.FlagTurned("f", "5 %", "60 %", "bob", "on another node")));
    }

    @Test
    void anotherNodesChangeIsSeenByTheTimerAlone_F6() {
        try (PercentageFlag flag = PercentageFlag.named("g")
                .percent(5)
                .store(store)
                .refreshEvery(Duration.ofMillis(20))
                .build()) {
            changeOnAnotherNode("g", 1, "60 %");

            await().untilAsserted(() -> assertThat(flag.current()).isEqualTo(Percent.percent(60)));
        }
    }

    @Test
    void askingNeverCallsTheStore_F7() {
        PercentageFlag flag = node.named("f").percent(50).build();
        store.open = new CountDownLatch(1);
        int before = store.calls.get();

        for (int i = 0; i < 10_000; i++) {
            flag.isOn("customer:" + i);
        }

        assertThat(store.calls.get()).isEqualTo(before);
    }

    @Test
    void hangingStoreHoldsNobodyUp_F7() {
        PercentageFlag flag = node.named("f").percent(100).build();
        store.open = new CountDownLatch(1);
        int before = store.calls.get();

        pass(Duration.ofHours(3));
        await().until(() -> store.calls.get() > before);
        pass(Duration.ofHours(3));

        assertThat(flag.isOn("customer:42")).isTrue();
        assertThat(node.get("f").isOn("customer:42")).isTrue();
        assertThat(store.calls.get())
                .as("one read hangs, no second one is sent after it")
                .isEqualTo(before + 1);

        pass(Duration.ofHours(30));
        pass(Duration.ofHours(3));
        assertThat(warnings()).isEqualTo(1);
    }

    @Test
    void failingStoreLeavesTheLastKnownRulesAndSaysSoOnce() {
        PercentageFlag flag = node.named("f").percent(5).build();
        changeOnAnotherNode("f", 1, "60 %");
        store.isDown = true;

        for (int i = 0; i < 5; i++) {
            int before = store.calls.get();
            await().until(() -> {
                pass(Duration.ofHours(2));
                return store.calls.get() > before;
            });
        }
        await().until(() -> warnings() == 1);
        assertThat(flag.current()).isEqualTo(Percent.percent(5));

        store.isDown = false;
        await().until(() -> {
            pass(Duration.ofHours(2));
            return flag.current().equals(Percent.percent(60));
        });
        await().untilAsserted(() -> assertThat(List.copyOf(log.list))
                .extracting(ILoggingEvent::getFormattedMessage)
                .contains("flags can be read from their store again"));
        assertThat(warnings()).isEqualTo(1);
    }

    @Test
    void rulesThatCannotBeReadLeaveTheLastKnownOnes() {
        PercentageFlag flag = node.named("f").percent(5).build();
        changeOnAnotherNode("f", 1, "5 %; between=9-17");

        await().until(() -> {
            pass(Duration.ofHours(2));
            return warnings() == 1;
        });

        assertThat(flag.current()).isEqualTo(Percent.percent(5));
    }

    @Test
    void firstReadThatFailsIsTheCallers() {
        store.isDown = true;

        assertThatThrownBy(() -> node.named("f").percent(5).build())
                .isInstanceOf(MigrationException.class)
                .hasMessage("the store is down");
    }

    @Test
    void flagIsFoundByNameAndIsOneObject() {
        changeOnAnotherNode("console", 0, "100 %");
        PercentageFlag built = node.named("f").percent(5).build();

        assertThat(node.get("f")).isSameAs(built).isSameAs(node.named("f").build());
        assertThat(node.get("console").isOn("x")).isTrue();
        assertThat(node.get("console")).isSameAs(node.get("console"));
        assertThat(node.all()).extracting(PercentageFlag::name).containsExactly("console", "f");
        assertThatThrownBy(() -> node.get("consle"))
                .hasMessage("flag 'consle' is not in the store; check the name, or build it with named(\"consle\")");
    }

    @Test
    void nameThatIsNotThereIsRememberedAndLookedUpAgain() {
        assertThat(node.find("later")).isEmpty();
        int calls = store.calls.get();
        assertThat(node.find("later")).isEmpty();
        assertThat(store.calls.get()).isEqualTo(calls);

        changeOnAnotherNode("later", 0, "10 %");
        nanos.addAndGet(Duration.ofHours(2).toNanos());

        await().until(() -> node.find("later").isPresent());
    }

    @Test
    void refreshReadsNow() {
        PercentageFlag flag = node.named("f").percent(5).build();
        changeOnAnotherNode("f", 1, "60 %");

        node.refresh();

        assertThat(flag.current()).isEqualTo(Percent.percent(60));
    }

    @Test
    void lateReadOfAnEarlierVersionChangesNothing() {
        PercentageFlag flag = node.named("f").percent(5).build();
        flag.turnTo(10, "well");

        assertThat(flag.learn(new Setting(Setting.Kind.FLAG, "f", 1, "5 %"))).isNull();
        assertThat(flag.current()).isEqualTo(Percent.percent(10));
    }

    @Test
    void twoNodesThatCreateTheSameFlagAgree() {
        try (Flags another = Flags.of(store).build()) {
            node.find("f");
            another.named("f").percent(30).build();

            assertThat(node.named("f").percent(5).build().current()).isEqualTo(Percent.percent(30));
        }
    }

    @Test
    void closingEndsItsThreads_S5() {
        List<Flags> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            many.add(Flags.of(store).build());
        }
        many.forEach(flags -> flags.named("f").build());
        many.forEach(Flags::close);

        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("migrate-flags-"))
                        .count()
                <= 2);
    }

    @Test
    void closedFlagAnswersOnAndIsNotRefreshed() {
        PercentageFlag flag = node.named("f").percent(100).build();
        flag.close();
        changeOnAnotherNode("f", 1, "0 %");

        node.refresh();

        assertThat(flag.isOn("customer:42")).isTrue();
    }
}
