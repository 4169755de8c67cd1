package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.Stage;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * For each rule of the protocol that a single key shows: the interleaving that it is there for, with the rule, and with the rule left
 * out. The broken variant must come out wrong, or the interleaving proves nothing.
 */
class ProtocolRulesTest {
    /** Books that leave one rule out. */
    private enum Books {
        SOUND {
            @Override
            Object call(SideBooks books, String method, Object[] arguments, Call proceed) throws Throwable {
                return proceed.on(books);
            }
        },
        WITHOUT_VERSION_CONDITION {
            @Override
            Object call(SideBooks books, String method, Object[] arguments, Call proceed) throws Throwable {
                Object result = proceed.on(books);
                return result == Acceptance.OVERTAKEN ? Acceptance.ACCEPTED : result;
            }
        },
        WITHOUT_TOMBSTONE {
            @Override
            Object call(SideBooks books, String method, Object[] arguments, Call proceed) throws Throwable {
                boolean isDelete = method.equals("accept") && (boolean) arguments[3];
                return isDelete ? Acceptance.ACCEPTED : proceed.on(books);
            }
        },
        CLEARING_A_MOVED_VERSION {
            @Override
            Object call(SideBooks books, String method, Object[] arguments, Call proceed) throws Throwable {
                if (method.equals("settle")) {
                    return books.owed((String) arguments[0])
                            .map(version -> books.settle((String) arguments[0], version))
                            .orElse(false);
                }
                return proceed.on(books);
            }
        };

        interface Call {
            Object on(SideBooks books) throws Throwable;
        }

        abstract Object call(SideBooks books, String method, Object[] arguments, Call proceed) throws Throwable;

        RouterFixture fixture() {
            return new RouterFixture(
                            RouterFixture.keeping((books, side) -> (SideBooks) Proxy.newProxyInstance(
                                    SideBooks.class.getClassLoader(),
                                    new Class<?>[] {SideBooks.class},
                                    (proxy, method, arguments) -> call(books, method.getName(), arguments, real -> {
                                        try {
                                            return method.invoke(real, arguments);
                                        } catch (InvocationTargetException thrown) {
                                            throw thrown.getCause();
                                        }
                                    }))),
                            options -> options)
                    .at(Stage.DUAL_WRITE);
        }
    }

    /** A copier that has read a value and is overtaken before it writes. */
    private static boolean staysEqual_whenACopierIsOvertaken(Books books, boolean byADelete) throws Exception {
        try (RouterFixture fixture = books.fixture()) {
            CountDownLatch hasRead = new CountDownLatch(1);
            CountDownLatch overtaken = new CountDownLatch(1);
            AtomicBoolean isFirst = new AtomicBoolean(true);
            fixture.legacy.after = (what, key) -> {
                if (what.equals("read") && isFirst.getAndSet(false)) {
                    hasRead.countDown();
                    overtaken.await();
                }
            };
            fixture.router.write(item(1, "first"));
            hasRead.await();
            if (byADelete) {
                fixture.router.delete(1L);
            } else {
                fixture.router.write(item(1, "second"));
            }
            fixture.router.repair();
            overtaken.countDown();
            return isEqualOnceQuiet(fixture);
        }
    }

    /** A write that commits between a copy and the striking out of its debt. */
    private static boolean staysEqual_whenAKeyIsWrittenBeforeItsDebtIsStruckOut(Books books) throws Exception {
        try (RouterFixture fixture = books.fixture()) {
            CountDownLatch hasCopied = new CountDownLatch(1);
            CountDownLatch written = new CountDownLatch(1);
            AtomicBoolean isFirst = new AtomicBoolean(true);
            fixture.target.after = (what, key) -> {
                if (isFirst.getAndSet(false)) {
                    hasCopied.countDown();
                    written.await();
                }
            };
            fixture.router.write(item(1, "first"));
            hasCopied.await();
            fixture.router.write(item(1, "second"));
            written.countDown();
            return isEqualOnceQuiet(fixture);
        }
    }

    private static boolean isEqualOnceQuiet(RouterFixture fixture) {
        await().until(() -> fixture.migration.threads().isIdle());
        await().until(() ->
                fixture.router.repair() >= 0 && fixture.router.debt().isNone());
        return fixture.legacy.rows.equals(fixture.target.rows);
    }

    @Test
    void olderCopy_doesNotReplaceALaterOne() throws Exception {
        assertThat(staysEqual_whenACopierIsOvertaken(Books.SOUND, false)).isTrue();
        assertThat(staysEqual_whenACopierIsOvertaken(Books.WITHOUT_VERSION_CONDITION, false))
                .isFalse();
    }

    @Test
    void deletedRow_doesNotComeBack() throws Exception {
        assertThat(staysEqual_whenACopierIsOvertaken(Books.SOUND, true)).isTrue();
        assertThat(staysEqual_whenACopierIsOvertaken(Books.WITHOUT_TOMBSTONE, true))
                .isFalse();
    }

    @Test
    void debt_isStruckOutOnlyWhereItsVersionHasNotMoved() throws Exception {
        assertThat(staysEqual_whenAKeyIsWrittenBeforeItsDebtIsStruckOut(Books.SOUND))
                .isTrue();
        assertThat(staysEqual_whenAKeyIsWrittenBeforeItsDebtIsStruckOut(Books.CLEARING_A_MOVED_VERSION))
                .isFalse();
    }
}
