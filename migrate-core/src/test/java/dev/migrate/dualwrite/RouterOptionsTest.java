package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.KeyCodec;
import dev.migrate.MigrationEvent.Comparison;
import dev.migrate.MigrationEvent.ReadCompared;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.dualwrite.MapRecords.Item;
import dev.migrate.side.ConflictException;
import dev.migrate.side.Owed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the router's options say is what it does. */
class RouterOptionsTest {
    private static void withRouter(UnaryOperator<DualWriteRouterBuilder<Long, Item>> options, Stage stage, Use use)
            throws Exception {
        try (RouterFixture fixture = new RouterFixture(options).at(stage)) {
            use.of(fixture);
        }
    }

    private interface Use {
        void of(RouterFixture fixture) throws Exception;
    }

    @Test
    void optionsThatAreNone_areRefusedWithRuleAndValue() throws Exception {
        withRouter(UnaryOperator.identity(), Stage.LEGACY_ONLY, fixture -> {
            DualWriteRouterBuilder<Long, Item> options =
                    DualWriteRouter.of(fixture.migration).legacy(fixture.legacy);
            refused(() -> options.parkAfter(0), "parkAfter must be at least 1, but was 0");
            refused(() -> options.repairEvery(Duration.ZERO), "repairEvery must be positive, but was PT0S");
            refused(() -> options.repairEvery(Duration.ofSeconds(-1)), "repairEvery must be positive, but was PT-1S");
            refused(() -> options.longestWait(Duration.ZERO), "longestWait must be positive, but was PT0S");
            refused(() -> options.records("a b"), "but was 'a b'");
            refused(() -> options.records(""), "records must be 1 to 90 letters");
            refused(() -> options.records("r".repeat(91)), "records must be 1 to 90 letters");
            assertThatCode(() -> options.parkAfter(1)
                            .repairEvery(Duration.ofNanos(1))
                            .longestWait(Duration.ofNanos(1))
                            .records("r".repeat(90)))
                    .doesNotThrowAnyException();
        });
    }

    private static void refused(ThrowingCallable option, String message) {
        assertThatThrownBy(option)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("router of migration 'items'")
                .hasMessageContaining(message);
    }

    @Test
    void router_saysWhoseItIs() throws Exception {
        withRouter(options -> options.records("invoices"), Stage.SHADOW, fixture -> {
            assertThat(fixture.router.records()).isEqualTo("invoices");
            assertThat(fixture.router.migration()).isSameAs(fixture.migration);
            assertThat(fixture.router.guarantee()).isEqualTo(Guarantee.UNTIL_RESTART);
            assertThat(fixture.router)
                    .hasToString("DualWriteRouter[items/invoices at SHADOW, 1000 segments, UNTIL_RESTART]");
        });
    }

    @Test
    void guarantees_areDescribedInWords() {
        assertThat(Guarantee.values())
                .extracting(Guarantee::description)
                .doesNotHaveDuplicates()
                .allMatch(words -> words.length() > 20);
    }

    @Test
    void valueThatHasAKey_keepsIt() throws Exception {
        withRouter(options -> options.newKey(value -> item(99, value.text())), Stage.LEGACY_ONLY, fixture -> {
            assertThat(fixture.router.write(item(1, "a"))).isEqualTo(item(1, "a"));
            assertThat(fixture.legacy.rows).containsOnlyKeys(1L);
        });
    }

    @Test
    void values_areComparedAsTheRouterIsTold() throws Exception {
        withRouter(
                options -> options.comparing((one, other) -> one.text().equalsIgnoreCase(other.text())),
                Stage.SHADOW,
                fixture -> {
                    fixture.legacy.rows.put(1L, item(1, "a"));
                    fixture.target.rows.put(1L, item(1, "A"));
                    fixture.legacy.rows.put(2L, item(2, "a"));
                    fixture.router.read(1L);
                    await().until(() -> fixture.events(ReadCompared.class).size() == 1);
                    fixture.router.read(2L);
                    await().until(() -> fixture.events(ReadCompared.class).size() == 2);
                    fixture.router.read(3L);
                    await().until(() -> fixture.events(ReadCompared.class).size() == 3);
                    assertThat(fixture.events(ReadCompared.class))
                            .extracting(ReadCompared::result)
                            .as("equal but for case; missing in the target; in neither")
                            .containsExactly(Comparison.EQUAL, Comparison.DIFFERENT, Comparison.EQUAL);
                });
    }

    @Test
    void liveRead_doesNotFallBackWhereTheRouterIsToldSo() throws Exception {
        withRouter(options -> options.liveReadsFallBack(false), Stage.LIVE, fixture -> {
            fixture.legacy.rows.put(1L, item(1, "a"));
            fixture.target.before = (what, key) -> {
                throw new IOException("target down");
            };
            assertThatThrownBy(() -> fixture.router.read(1L)).hasMessage("target down");
        });
    }

    /** Two values of one aggregate are in one segment, and what is owed is named by the codec. */
    @Test
    void partitionAndCodec_decideWhereAKeyLies_andHowItIsNamed() throws Exception {
        withRouter(
                options -> options.partition(key -> key % 10).keyCodec(new Hexadecimal()),
                Stage.DUAL_WRITE,
                fixture -> {
                    fixture.target.before = (what, key) -> {
                        throw new IOException("target down");
                    };
                    for (long key : new long[] {3, 13, 260, 263}) {
                        fixture.router.write(item(key, "a"));
                    }
                    List<Owed> owed = fixture.router.owed().toList();
                    assertThat(owed).extracting(Owed::key).containsExactlyInAnyOrder("3", "d", "104", "107");
                    assertThat(owed).extracting(fixture.router::keyOf).containsExactlyInAnyOrder(3L, 13L, 260L, 263L);
                    assertThat(owed.stream()
                                    .filter(one -> !one.key().equals("104"))
                                    .map(Owed::segment)
                                    .distinct())
                            .hasSize(1);
                    assertThat(owed.stream().map(Owed::segment).distinct()).hasSize(2);
                    assertThat(fixture.router.debt(Side.LEGACY).keys()).isEqualTo(4);
                    assertThat(fixture.router.debt(Side.TARGET).keys()).isZero();
                });
    }

    private static final class Hexadecimal implements KeyCodec<Long> {
        @Override
        public String encode(Long key) {
            return Long.toHexString(key);
        }

        @Override
        public Long decode(String text) {
            return Long.parseLong(text, 16);
        }
    }

    @Test
    void query_asksTheSideThatIsAuthoritative_andPassesItsFailureOn() throws Exception {
        withRouter(UnaryOperator.identity(), Stage.SHADOW, fixture -> {
            assertThat(fixture.router.<Side>query(side -> side)).isEqualTo(Side.LEGACY);
            fixture.at(Stage.LIVE);
            assertThat(fixture.router.<Side>query(side -> side)).isEqualTo(Side.TARGET);
            assertThatThrownBy(() -> fixture.router.query(side -> {
                        throw new IOException("no index");
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no index");
        });
    }

    @Test
    void valueWithoutAKey_isRefusedWithTheRemedy() throws Exception {
        withRouter(UnaryOperator.identity(), Stage.LEGACY_ONLY, fixture -> {
            assertThatThrownBy(() -> fixture.router.write(new Item(null, "a")))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("give the router newKey(..)");
        });
    }

    @Test
    void gateOfDebt_hasAtLeastOneKey_andAPositiveAge() throws Exception {
        withRouter(UnaryOperator.identity(), Stage.DUAL_WRITE, fixture -> {
            assertThat(fixture.router.debtBelow(1, Duration.ofNanos(1)).closedBecause())
                    .isEmpty();
            for (Duration age : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
                assertThatThrownBy(() -> fixture.router.debtBelow(1, age))
                        .isInstanceOf(MigrationException.class)
                        .hasMessageContaining("a positive age, but had 1 keys and " + age);
            }
        });
    }

    @Test
    void keyThatIsNotParked_isNotRetried() throws Exception {
        withRouter(UnaryOperator.identity(), Stage.DUAL_WRITE, fixture -> {
            assertThat(fixture.router.retry(1L)).isFalse();
            assertThat(fixture.router.dismiss(1L, "why")).isFalse();
        });
    }

    @Test
    void interruptedWriteOfABatch_isItsFailure_andTheThreadStaysInterrupted() throws Exception {
        withRouter(UnaryOperator.identity(), Stage.LEGACY_ONLY, fixture -> {
            InterruptedException interrupted = new InterruptedException("shutdown");
            fixture.legacy.before = (what, key) -> {
                throw interrupted;
            };
            BatchReport<Long, Item> report = fixture.router.writeAll(List.of(item(1, "a")));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(report.failures())
                    .extracting(BatchReport.Result::failure)
                    .containsExactly(interrupted);
            fixture.legacy.before = (what, key) -> {
                throw new IOException("down");
            };
            fixture.router.writeAll(List.of(item(1, "a")));
            assertThat(Thread.interrupted()).isFalse();
        });
    }

    /** They could not be rolled back, and a value that makes way would be seen. */
    @Test
    void plainSides_areNeverCopiedInAGroup() throws Exception {
        List<Long> madeWay = new CopyOnWriteArrayList<>();
        withRouter(
                options -> options.makeWay(value -> {
                    madeWay.add(value.id());
                    return item(value.id(), "aside-" + value.id());
                }),
                Stage.DUAL_WRITE,
                fixture -> {
                    fixture.target.before = (what, key) -> {
                        if (what.equals("write")) {
                            throw new ConflictException("the name is taken");
                        }
                    };
                    fixture.router.write(item(1, "a"));
                    fixture.router.write(item(2, "b"));
                    await().until(() -> fixture.migration.threads().isIdle());
                    for (int round = 0; round < 3; round++) {
                        await().until(() -> {
                            fixture.router.repair();
                            return fixture.router.owed().allMatch(owed -> owed.attempts() > 1);
                        });
                    }
                    assertThat(madeWay).isEmpty();
                    assertThat(fixture.router.owed())
                            .extracting(Owed::lastError)
                            .containsOnly(ConflictException.class.getName());
                });
    }
}
